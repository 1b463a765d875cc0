-- Statements that SQLite and PostgreSQL share. Parameters are named; `?` where a statement is run for many rows.

-- node_state --
-- The node's one row. The stamp is the newest moment of the log, µs.
SELECT stamp, epoch, id, virtual_collection, created, keys_print FROM node

-- make_node --
INSERT INTO node (one, id, virtual_collection, keys_print, epoch, stamp, created)
VALUES (1, :id, :virtual_collection, :keys_print, 1, 0, :created)

-- set_stamp --
UPDATE node SET stamp = :stamp

-- set_epoch --
UPDATE node SET epoch = :epoch

-- collection_by_audience --
SELECT id, uuid, audience, kind, created FROM collection WHERE audience = :audience

-- collection_by_uuid --
SELECT id, uuid, audience, kind, created FROM collection WHERE uuid = :uuid

-- collection_by_id --
SELECT id, uuid, audience, kind, created FROM collection WHERE id = :id

-- make_collection --
INSERT INTO collection (id, uuid, audience, kind, conjuncts, created)
VALUES ((SELECT coalesce(max(id), 0) + 1 FROM collection), :uuid, :audience, :kind, :conjuncts, :created)
RETURNING id

-- make_head --
INSERT INTO head (collection, number, added, frontier) VALUES (:collection, 0, :added, :frontier)

-- make_term --
INSERT INTO audience_term (token, collection, conjunct, excluded) VALUES (?, ?, ?, ?)

-- head_of --
SELECT number, added, frontier FROM head WHERE collection = :collection

-- move_head --
UPDATE head SET number = :number, added = :added, frontier = :frontier WHERE collection = :collection

-- tile --
SELECT hashes FROM tile WHERE collection = :collection AND level = :level AND number = :number

-- put_tile --
INSERT INTO tile (collection, level, number, hashes) VALUES (?, ?, ?, ?)
ON CONFLICT (collection, level, number) DO UPDATE SET hashes = excluded.hashes

-- put_checkpoint --
INSERT INTO checkpoint (collection, epoch, size, root, added, note)
VALUES (:collection, :epoch, :size, :root, :added, :note)

-- newest_checkpoint --
SELECT epoch, size, root, added, note FROM checkpoint
 WHERE collection = :collection ORDER BY epoch DESC, size DESC LIMIT 1

-- checkpoint_at --
SELECT epoch, size, root, added, note FROM checkpoint
 WHERE collection = :collection AND size = :size ORDER BY epoch DESC LIMIT 1

-- end_of_epoch --
-- The newest checkpoint that is not of a later epoch.
SELECT size FROM checkpoint
 WHERE collection = :collection AND epoch <= :epoch ORDER BY epoch DESC, size DESC LIMIT 1

-- first_of_epoch --
-- The first checkpoint of the next epoch.
SELECT epoch, note FROM checkpoint
 WHERE collection = :collection AND epoch > :after ORDER BY epoch, size LIMIT 1

-- entries_between --
-- Whole entries by position, both ends inclusive, in log order.
SELECT position, added, kind, owner, submitter, tlp, id, version, note, salt, body
  FROM entry WHERE position BETWEEN :low AND :high ORDER BY position

-- objects_between --
-- What a page of one collection needs, and no more (each column costs): in log order, both ends inclusive.
SELECT position, tlp, body
  FROM entry WHERE position BETWEEN :low AND :high AND kind = 0 ORDER BY position LIMIT :limit

-- next_visible --
-- The first object in a range that is neither superseded nor withdrawn nor erased.
SELECT e.position FROM entry e
 WHERE e.position BETWEEN :low AND :high AND e.kind = 0 AND e.body IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.position = e.position)
 ORDER BY e.position LIMIT 1

-- keys_between --
-- As bodies_between, without the bodies.
SELECT position, added, kind, tlp, id, version
  FROM entry WHERE position BETWEEN :low AND :high ORDER BY position LIMIT :limit

-- hidden_between --
SELECT position, reason FROM hidden WHERE position BETWEEN :low AND :high

-- first_after --
-- The first number of one collection added after a moment; the index holds (collection, added).
SELECT position FROM entry WHERE (position >> 40) = :collection AND added > :after ORDER BY added LIMIT 1

-- hide --
INSERT INTO hidden (position, reason) VALUES (?, ?)
ON CONFLICT (position) DO UPDATE SET reason = excluded.reason

-- unhide --
DELETE FROM hidden WHERE position = ?

-- put_withdrawal --
INSERT INTO withdrawal (position) VALUES (?)

-- put_twin --
INSERT INTO twin (position, other, newer, other_added) VALUES (?, ?, ?, ?) ON CONFLICT (position, other) DO NOTHING

-- drop_twin --
DELETE FROM twin WHERE position = ? AND other = ?

-- put_derived --
INSERT INTO derived (whole_key, owner, part_id) VALUES (?, ?, ?) ON CONFLICT (whole_key, owner, part_id) DO NOTHING

-- submission_by_key --
SELECT id, state, receipt, request FROM submission WHERE principal = :principal AND idempotency = :idempotency

-- put_submission --
INSERT INTO submission (id, principal, idempotency, state, created, due, request, staged, receipt)
VALUES (:id, :principal, :idempotency, :state, :created, :due, :request, :staged, :receipt)

-- submission --
SELECT id, principal, state, created, due, request, receipt FROM submission WHERE id = :id

-- staged --
SELECT staged FROM submission WHERE id = :id

-- finish_submission --
UPDATE submission SET state = :state, receipt = :receipt, staged = NULL WHERE id = :id

-- claim_submission --
-- Move a submission from one state to another; no row comes back where somebody else was first.
-- What is pending is somebody's until it falls due again.
UPDATE submission SET state = :becomes, due = :due
 WHERE id = :id AND state = :state AND (state = 'held' OR due <= :now) RETURNING id

-- due_submissions --
SELECT id, principal, state, request FROM submission
 WHERE state IN ('pending', 'held') AND due <= :now ORDER BY due, created LIMIT :limit

-- postpone_submission --
-- No row comes back where somebody else has finished it.
UPDATE submission SET due = :due WHERE id = :id AND state = 'pending' RETURNING id

-- put_progress --
INSERT INTO progress (submission, turn, outcomes)
VALUES (:submission, (SELECT coalesce(max(turn), 0) + 1 FROM progress WHERE submission = :submission), :outcomes)

-- progress_of --
SELECT outcomes FROM progress WHERE submission = :submission ORDER BY turn

-- drop_progress --
DELETE FROM progress WHERE submission = :submission

-- followed --
SELECT collection, number FROM followed WHERE projection = :projection

-- follow --
INSERT INTO followed (projection, collection, number) VALUES (:projection, :collection, :number)
ON CONFLICT (projection, collection) DO UPDATE SET number = excluded.number

-- open_heads --
SELECT c.id, h.number FROM collection c JOIN head h ON h.collection = c.id WHERE c.kind = 'open' AND h.number > 0

-- register_length --
-- How many acts the register's log holds: whatever changes the register moves it.
SELECT coalesce(max(h.number), 0) FROM collection c JOIN head h ON h.collection = c.id WHERE c.kind = 'register'

-- newest_collection --
SELECT coalesce(max(id), 0) FROM collection

-- put_object_key --
INSERT INTO object_key (id_key, position, owner, modified, revoked, digest) VALUES (?, ?, ?, ?, ?, ?)

-- put_posting --
INSERT INTO posting (value_key, position) VALUES (?, ?)

-- put_word --
INSERT INTO word_posting (word_key, position) VALUES (?, ?) ON CONFLICT (word_key, position) DO NOTHING

-- all_collections --
SELECT c.id, c.uuid, c.audience, c.kind, c.created, h.number, h.added
  FROM collection c JOIN head h ON h.collection = c.id ORDER BY c.id

-- put_delivery --
INSERT INTO delivery (principal, member, collection, first_number, last_number, door, at) VALUES (?, ?, ?, ?, ?, ?, ?)

-- deliveries_of --
-- Who was given an entry: ranges that cover the number.
SELECT member, principal, door, min(at) FROM delivery
 WHERE collection = :collection AND first_number <= :number AND last_number >= :number
 GROUP BY member, principal, door ORDER BY min(at), principal, door

-- quota_used --
-- What was used of a quota, in whichever window; no row for never.
SELECT used FROM quota WHERE principal = :principal AND what = :what
