-- Statements in SQLite's words. Lists come as JSON arrays; keys inside them as hexadecimal text.

-- lock_node --
SELECT 1

-- longest_head --
SELECT max(h.number) FROM head h
 WHERE h.collection IN (SELECT t.collection FROM audience_term t JOIN json_each(:tokens) j ON t.token = j.value)

-- scope --
-- The collections whose every conjunct is met by one of the viewer's tokens and none of whose exclusions is held.
SELECT c.id, c.uuid, c.audience, c.kind, c.created, h.number, h.added
  FROM (SELECT t.collection AS id, count(DISTINCT CASE WHEN t.excluded = 0 THEN t.conjunct END) AS met,
               max(t.excluded) AS barred
          FROM json_each(:tokens) j CROSS JOIN audience_term t ON t.token = j.value
         GROUP BY t.collection) AS reached
  JOIN collection c ON c.id = reached.id
  JOIN head h ON h.collection = c.id
 WHERE reached.met = c.conjuncts AND reached.barred = 0
 ORDER BY c.id

-- joined_between --
-- The objects of a range as a page carries them, joined in log order: half the time of fetching the rows. The LIMIT
-- keeps the inner order; an ORDER BY inside the aggregate would sort again.
SELECT count(*), max(tlp), min(added), max(added), CAST(group_concat(body, ',') AS BLOB)
  FROM (SELECT tlp, added, body FROM entry
         WHERE position BETWEEN :low AND :high AND kind = 0 AND body IS NOT NULL
         ORDER BY position LIMIT 1000000)

-- heavy_between --
-- The objects of a range that weigh more than a page takes no notice of. As many as can fill one.
SELECT position, length(body) FROM entry INDEXED BY entry_heavy
 WHERE length(body) > 16384 AND position BETWEEN :low AND :high
 ORDER BY position LIMIT 1100

-- heavy_at --
SELECT e.position, length(e.body)
  FROM json_each(:positions) j CROSS JOIN entry e INDEXED BY entry_heavy
    ON e.position = j.value AND length(e.body) > 16384

-- heads --
SELECT h.collection, h.number, h.added FROM json_each(:collections) j CROSS JOIN head h ON h.collection = j.value

-- entries_at --
SELECT e.position, e.added, e.kind, e.owner, e.submitter, e.tlp, e.id, e.version, e.note, e.salt, e.body
  FROM json_each(:positions) j CROSS JOIN entry e ON e.position = j.value

-- first_after_each --
-- For each collection of the list, the first position added after a moment (none where there is none).
SELECT j.value, (SELECT e.position FROM entry e WHERE (e.position >> 40) = j.value AND e.added > :after
                  ORDER BY e.added LIMIT 1)
  FROM json_each(:collections) j

-- keys_in_ranges --
-- The keys of several collections' entries, range by range ([[low, high], …], inclusive).
SELECT e.position, e.added, e.kind, e.id, e.version
  FROM json_each(:ranges) j CROSS JOIN entry e
    ON e.position BETWEEN json_extract(j.value, '$[0]') AND json_extract(j.value, '$[1]')

-- hidden_in_ranges --
SELECT h.position, h.reason
  FROM json_each(:ranges) j CROSS JOIN hidden h
    ON h.position BETWEEN json_extract(j.value, '$[0]') AND json_extract(j.value, '$[1]')

-- twins_in_ranges --
SELECT t.position, t.other, t.newer, t.other_added
  FROM json_each(:ranges) j CROSS JOIN twin t
    ON t.position BETWEEN json_extract(j.value, '$[0]') AND json_extract(j.value, '$[1]')

-- bodies_at --
SELECT e.position, e.kind, e.tlp, e.body FROM json_each(:positions) j CROSS JOIN entry e ON e.position = j.value

-- headers_at --
SELECT e.position, e.added, e.kind, e.owner, e.tlp, e.id, e.version
  FROM json_each(:positions) j CROSS JOIN entry e ON e.position = j.value

-- withdrawals_in_ranges --
SELECT w.position
  FROM json_each(:ranges) j CROSS JOIN withdrawal w
    ON w.position BETWEEN json_extract(j.value, '$[0]') AND json_extract(j.value, '$[1]')

-- hidden_at --
SELECT h.position, h.reason FROM json_each(:positions) j CROSS JOIN hidden h ON h.position = j.value

-- family --
-- Every entry under these (hexadecimal) object keys, whatever its collection: for the admission of what has an owner.
SELECT k.id_key, k.position, k.owner, k.modified, k.revoked, k.digest
  FROM json_each(:keys) j CROSS JOIN object_key k ON k.id_key = unhex(j.value)

-- derived_of --
-- What was made of the wholes under these (hexadecimal) keys.
SELECT d.whole_key, d.owner, d.part_id FROM json_each(:keys) j CROSS JOIN derived d ON d.whole_key = unhex(j.value)

-- family_within --
-- The same within one collection.
SELECT k.id_key, k.position, k.owner, k.modified, k.revoked, k.digest
  FROM json_each(:keys) j CROSS JOIN object_key k
    ON k.id_key = unhex(j.value) AND k.position BETWEEN :low AND :high

-- objects_in_scope --
-- One seek in each collection of the scope for each key, always.
SELECT k.id_key, k.position, k.owner, k.modified, k.revoked, k.digest
  FROM json_each(:keys) j CROSS JOIN json_each(:collections) c CROSS JOIN object_key k
    ON k.id_key = unhex(j.value) AND k.position BETWEEN (c.value << 40 | 1) AND (c.value << 40 | 1099511627775)

-- postings_in_scope --
-- One seek in each collection of the scope for each value, always.
SELECT j.key, p.position
  FROM json_each(:keys) j CROSS JOIN json_each(:collections) c CROSS JOIN posting p
    ON p.value_key = unhex(j.value) AND p.position BETWEEN (c.value << 40 | 1) AND (c.value << 40 | 1099511627775)

-- word_count_in_scope --
-- How many of the newest entries carry a word, counted up to :most in each collection.
SELECT sum((SELECT count(*) FROM (SELECT 1 FROM word_posting p
             WHERE p.word_key = :key AND p.position BETWEEN (c.value << 40 | 1) AND (c.value << 40 | 1099511627775)
             LIMIT :most)))
  FROM json_each(:collections) c

-- words_in_scope --
-- Positions carrying a word, newest first, at most :most in each collection.
SELECT p.position
  FROM json_each(:collections) c CROSS JOIN word_posting p
    ON p.word_key = :key AND p.position IN (
       SELECT position FROM word_posting
        WHERE word_key = :key AND position BETWEEN (c.value << 40 | 1) AND (c.value << 40 | 1099511627775)
        ORDER BY position DESC LIMIT :most)

-- words_at --
-- Which of these positions carry the word.
SELECT p.position FROM json_each(:positions) j CROSS JOIN word_posting p ON p.word_key = :key AND p.position = j.value

-- use_quota --
INSERT INTO quota (principal, what, window_start, used) VALUES (:principal, :what, :window, :amount)
ON CONFLICT (principal, what) DO UPDATE
   SET used = CASE WHEN window_start = excluded.window_start THEN used + excluded.used ELSE excluded.used END,
       window_start = excluded.window_start
RETURNING used

-- object_keys_at --
-- Which of these [key in hexadecimal, position] pairs the table holds; below, the same for two others.
SELECT k.id_key, k.position, k.owner, k.modified, k.revoked, k.digest
  FROM json_each(:pairs) j CROSS JOIN object_key k
    ON k.id_key = unhex(json_extract(j.value, '$[0]')) AND k.position = json_extract(j.value, '$[1]')

-- postings_at --
SELECT p.value_key, p.position
  FROM json_each(:pairs) j CROSS JOIN posting p
    ON p.value_key = unhex(json_extract(j.value, '$[0]')) AND p.position = json_extract(j.value, '$[1]')

-- word_postings_at --
SELECT p.word_key, p.position
  FROM json_each(:pairs) j CROSS JOIN word_posting p
    ON p.word_key = unhex(json_extract(j.value, '$[0]')) AND p.position = json_extract(j.value, '$[1]')

-- twins_at --
SELECT t.position, t.other, t.newer, t.other_added
  FROM json_each(:positions) j CROSS JOIN twin t ON t.position = j.value
