-- Statements of checking and of rebuilding what follows from the logs. Shared by both engines.

-- audience_terms --
SELECT conjunct, token, excluded FROM audience_term WHERE collection = :collection

-- collection_conjuncts --
SELECT conjuncts FROM collection WHERE id = :collection

-- newest_position --
SELECT max(position) FROM entry WHERE position BETWEEN :low AND :high

-- checkpoints_between --
-- Every checkpoint of the sizes from :low to :high, both inclusive, whatever its epoch.
SELECT epoch, size, root, note FROM checkpoint
 WHERE collection = :collection AND size BETWEEN :low AND :high ORDER BY size, epoch

-- homeless_entries --
-- Entries in no collection that exists.
SELECT count(*) FROM entry e WHERE NOT EXISTS (SELECT 1 FROM collection c WHERE c.id = e.position >> 40)

-- families_after --
-- Every object key behind one, in key order, with when its entry was added.
SELECT k.id_key, k.position, k.owner, k.modified, e.added
  FROM object_key k JOIN entry e ON e.position = k.position
 WHERE (k.id_key, k.position) > (:key, :position) ORDER BY k.id_key, k.position LIMIT :limit

-- object_key_after --
SELECT id_key, position, owner, modified, revoked, digest FROM object_key
 WHERE (id_key, position) > (:key, :position) ORDER BY id_key, position LIMIT :limit

-- posting_after --
SELECT value_key, position FROM posting
 WHERE (value_key, position) > (:key, :position) ORDER BY value_key, position LIMIT :limit

-- word_posting_after --
SELECT word_key, position FROM word_posting
 WHERE (word_key, position) > (:key, :position) ORDER BY word_key, position LIMIT :limit

-- count_object_key --
SELECT count(*) FROM object_key

-- count_posting --
SELECT count(*) FROM posting

-- count_word_posting --
SELECT count(*) FROM word_posting

-- replace_object_key --
INSERT INTO object_key (id_key, position, owner, modified, revoked, digest) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (id_key, position) DO UPDATE
   SET owner = excluded.owner, modified = excluded.modified, revoked = excluded.revoked, digest = excluded.digest

-- restore_posting --
INSERT INTO posting (value_key, position) VALUES (?, ?) ON CONFLICT (value_key, position) DO NOTHING

-- drop_object_key --
DELETE FROM object_key WHERE id_key = ? AND position = ?

-- drop_posting --
DELETE FROM posting WHERE value_key = ? AND position = ?

-- drop_word_posting --
DELETE FROM word_posting WHERE word_key = ? AND position = ?

-- all_withdrawals --
SELECT position FROM withdrawal

-- withdrawal_entries --
-- Where the withdrawals really are.
SELECT position FROM entry WHERE kind = 1

-- restore_withdrawal --
INSERT INTO withdrawal (position) VALUES (?) ON CONFLICT (position) DO NOTHING

-- drop_withdrawal --
DELETE FROM withdrawal WHERE position = ?

-- replace_twin --
INSERT INTO twin (position, other, newer, other_added) VALUES (?, ?, ?, ?)
ON CONFLICT (position, other) DO UPDATE SET newer = excluded.newer, other_added = excluded.other_added

-- stray_hidden --
-- Hidden rows and twins of what is no object.
SELECT h.position FROM hidden h WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.position = h.position AND e.kind = 0)

-- stray_twins --
SELECT t.position, t.other FROM twin t
 WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.position = t.position AND e.kind = 0)
    OR NOT EXISTS (SELECT 1 FROM entry e WHERE e.position = t.other AND e.kind = 0)

-- log_states --
-- Every log as it is, for the manifest of a backup.
SELECT c.uuid, h.number, h.frontier FROM collection c JOIN head h ON h.collection = c.id ORDER BY c.id

-- waiting_submissions --
-- What is still to be released.
SELECT id, principal FROM submission WHERE state IN ('pending', 'held') ORDER BY id
