-- Statements in PostgreSQL's words. Lists come as JSON arrays; keys inside them as hexadecimal text.

-- lock_node --
-- One number for all Shieldwall writers of this database; held to the end of the transaction.
SELECT pg_advisory_xact_lock(7232617)

-- longest_head --
SELECT max(h.number) FROM head h
 WHERE h.collection IN (SELECT t.collection FROM audience_term t
                         WHERE t.token IN (SELECT json_array_elements_text(CAST(:tokens AS json))))

-- scope --
SELECT c.id, c.uuid, c.audience, c.kind, c.created, h.number, h.added
  FROM (SELECT t.collection AS id, count(DISTINCT CASE WHEN t.excluded = 0 THEN t.conjunct END) AS met,
               max(t.excluded) AS barred
          FROM audience_term t
         WHERE t.token = ANY (ARRAY(SELECT json_array_elements_text(CAST(:tokens AS json))))
         GROUP BY t.collection) AS reached
  JOIN collection c ON c.id = reached.id
  JOIN head h ON h.collection = c.id
 WHERE reached.met = c.conjuncts AND reached.barred = 0
 ORDER BY c.id

-- joined_between --
SELECT count(*), max(tlp), min(added), max(added), string_agg(body, ','::bytea ORDER BY position)
  FROM entry WHERE position BETWEEN :low AND :high AND kind = 0 AND body IS NOT NULL

-- heavy_between --
SELECT position, length(body) FROM entry
 WHERE length(body) > 16384 AND position BETWEEN :low AND :high
 ORDER BY position LIMIT 1100

-- heavy_at --
SELECT position, length(body) FROM entry
 WHERE length(body) > 16384
   AND position = ANY (ARRAY(SELECT json_array_elements_text(CAST(:positions AS json))::bigint))

-- heads --
SELECT collection, number, added FROM head
 WHERE collection = ANY (ARRAY(SELECT json_array_elements_text(CAST(:collections AS json))::bigint))

-- entries_at --
SELECT position, added, kind, owner, submitter, tlp, id, version, note, salt, body FROM entry
 WHERE position = ANY (ARRAY(SELECT json_array_elements_text(CAST(:positions AS json))::bigint))

-- first_after_each --
SELECT c.id, (SELECT e.position FROM entry e WHERE (e.position >> 40) = c.id AND e.added > :after
               ORDER BY e.added LIMIT 1)
  FROM (SELECT json_array_elements_text(CAST(:collections AS json))::bigint AS id) c

-- keys_in_ranges --
SELECT e.position, e.added, e.kind, e.id, e.version
  FROM (SELECT (j ->> 0)::bigint AS low, (j ->> 1)::bigint AS high
          FROM json_array_elements(CAST(:ranges AS json)) j) r
 CROSS JOIN LATERAL (SELECT * FROM entry WHERE position BETWEEN r.low AND r.high) e
 ORDER BY e.position

-- hidden_in_ranges --
SELECT h.position, h.reason
  FROM (SELECT (j ->> 0)::bigint AS low, (j ->> 1)::bigint AS high
          FROM json_array_elements(CAST(:ranges AS json)) j) r
 CROSS JOIN LATERAL (SELECT * FROM hidden WHERE position BETWEEN r.low AND r.high) h

-- twins_in_ranges --
SELECT t.position, t.other, t.newer, t.other_added
  FROM (SELECT (j ->> 0)::bigint AS low, (j ->> 1)::bigint AS high
          FROM json_array_elements(CAST(:ranges AS json)) j) r
 CROSS JOIN LATERAL (SELECT * FROM twin WHERE position BETWEEN r.low AND r.high) t

-- bodies_at --
SELECT position, kind, tlp, body FROM entry
 WHERE position = ANY (ARRAY(SELECT json_array_elements_text(CAST(:positions AS json))::bigint))

-- headers_at --
SELECT position, added, kind, owner, tlp, id, version FROM entry
 WHERE position = ANY (ARRAY(SELECT json_array_elements_text(CAST(:positions AS json))::bigint))

-- withdrawals_in_ranges --
SELECT w.position
  FROM (SELECT (j ->> 0)::bigint AS low, (j ->> 1)::bigint AS high
          FROM json_array_elements(CAST(:ranges AS json)) j) r
 CROSS JOIN LATERAL (SELECT * FROM withdrawal WHERE position BETWEEN r.low AND r.high) w

-- hidden_at --
SELECT position, reason FROM hidden
 WHERE position = ANY (ARRAY(SELECT json_array_elements_text(CAST(:positions AS json))::bigint))

-- family --
SELECT id_key, position, owner, modified, revoked, digest FROM object_key
 WHERE id_key = ANY (ARRAY(SELECT decode(json_array_elements_text(CAST(:keys AS json)), 'hex')))

-- derived_of --
SELECT whole_key, owner, part_id FROM derived
 WHERE whole_key = ANY (ARRAY(SELECT decode(json_array_elements_text(CAST(:keys AS json)), 'hex')))

-- family_within --
SELECT k.id_key, k.position, k.owner, k.modified, k.revoked, k.digest
  FROM (SELECT decode(json_array_elements_text(CAST(:keys AS json)), 'hex') AS id_key) j
 CROSS JOIN LATERAL (SELECT * FROM object_key
                      WHERE id_key = j.id_key AND position BETWEEN :low AND :high OFFSET 0) k

-- objects_in_scope --
SELECT k.id_key, k.position, k.owner, k.modified, k.revoked, k.digest
  FROM (SELECT decode(json_array_elements_text(CAST(:keys AS json)), 'hex') AS id_key) j
 CROSS JOIN (SELECT json_array_elements_text(CAST(:collections AS json))::bigint AS id) c
 CROSS JOIN LATERAL (SELECT * FROM object_key
                      WHERE id_key = j.id_key
                        AND position BETWEEN (c.id << 40 | 1) AND (c.id << 40 | 1099511627775) OFFSET 0) k

-- postings_in_scope --
SELECT j.place - 1, p.position
  FROM (SELECT decode(value, 'hex') AS value_key, place
          FROM json_array_elements_text(CAST(:keys AS json)) WITH ORDINALITY AS given (value, place)) j
 CROSS JOIN (SELECT json_array_elements_text(CAST(:collections AS json))::bigint AS id) c
 CROSS JOIN LATERAL (SELECT position FROM posting
                      WHERE value_key = j.value_key
                        AND position BETWEEN (c.id << 40 | 1) AND (c.id << 40 | 1099511627775) OFFSET 0) p

-- word_count_in_scope --
SELECT sum(n.found)
  FROM (SELECT json_array_elements_text(CAST(:collections AS json))::bigint AS id) c
 CROSS JOIN LATERAL (SELECT count(*) AS found
                       FROM (SELECT 1 FROM word_posting
                              WHERE word_key = :key
                                AND position BETWEEN (c.id << 40 | 1) AND (c.id << 40 | 1099511627775)
                              LIMIT :most) few) n

-- words_in_scope --
SELECT p.position
  FROM (SELECT json_array_elements_text(CAST(:collections AS json))::bigint AS id) c
 CROSS JOIN LATERAL (SELECT position FROM word_posting
                      WHERE word_key = :key
                        AND position BETWEEN (c.id << 40 | 1) AND (c.id << 40 | 1099511627775)
                      ORDER BY position DESC LIMIT :most) p

-- words_at --
SELECT position FROM word_posting
 WHERE word_key = :key
   AND position = ANY (ARRAY(SELECT json_array_elements_text(CAST(:positions AS json))::bigint))

-- use_quota --
INSERT INTO quota (principal, what, window_start, used) VALUES (:principal, :what, :window, :amount)
ON CONFLICT (principal, what) DO UPDATE
   SET used = CASE WHEN quota.window_start = excluded.window_start THEN quota.used + excluded.used
                   ELSE excluded.used END,
       window_start = excluded.window_start
RETURNING used

-- object_keys_at --
SELECT k.id_key, k.position, k.owner, k.modified, k.revoked, k.digest
  FROM (SELECT decode(j ->> 0, 'hex') AS key, (j ->> 1)::bigint AS position
          FROM json_array_elements(CAST(:pairs AS json)) j) g
 CROSS JOIN LATERAL (SELECT * FROM object_key WHERE id_key = g.key AND position = g.position OFFSET 0) k

-- postings_at --
SELECT p.value_key, p.position
  FROM (SELECT decode(j ->> 0, 'hex') AS key, (j ->> 1)::bigint AS position
          FROM json_array_elements(CAST(:pairs AS json)) j) g
 CROSS JOIN LATERAL (SELECT * FROM posting WHERE value_key = g.key AND position = g.position OFFSET 0) p

-- word_postings_at --
SELECT p.word_key, p.position
  FROM (SELECT decode(j ->> 0, 'hex') AS key, (j ->> 1)::bigint AS position
          FROM json_array_elements(CAST(:pairs AS json)) j) g
 CROSS JOIN LATERAL (SELECT * FROM word_posting WHERE word_key = g.key AND position = g.position OFFSET 0) p

-- twins_at --
SELECT position, other, newer, other_added FROM twin
 WHERE position = ANY (ARRAY(SELECT json_array_elements_text(CAST(:positions AS json))::bigint))

-- own_tables --
-- Every table with its columns in their order.
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname <> 'django_migrations'
 GROUP BY c.relname ORDER BY c.relname

-- counted_columns --
-- The columns that the database numbers by itself.
SELECT c.relname, a.attname, pg_get_serial_sequence(quote_ident(c.relname), a.attname)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attidentity <> ''
 WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname <> 'django_migrations'
