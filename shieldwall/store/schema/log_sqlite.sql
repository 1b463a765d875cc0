-- The log, its indexes and what is written with it in one transaction. SQLite.
--
-- position = collection * 2^40 + number: entries of a collection lie side by side, in log order, under one integer key.

CREATE TABLE node (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL,
    virtual_collection TEXT NOT NULL,
    keys_print TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    stamp INTEGER NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE collection (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    audience TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('open', 'sealed', 'register')),
    conjuncts INTEGER NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE head (
    collection INTEGER PRIMARY KEY REFERENCES collection (id),
    number INTEGER NOT NULL,
    added INTEGER NOT NULL,
    frontier BLOB NOT NULL
) STRICT;

CREATE TABLE audience_term (
    token TEXT NOT NULL,
    collection INTEGER NOT NULL REFERENCES collection (id),
    conjunct INTEGER NOT NULL,
    excluded INTEGER NOT NULL,
    PRIMARY KEY (token, collection, conjunct)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry (
    position INTEGER PRIMARY KEY,
    added INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    owner TEXT NOT NULL,
    submitter TEXT NOT NULL,
    tlp INTEGER NOT NULL,
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    note TEXT NOT NULL,
    salt BLOB,
    body BLOB
) STRICT;

CREATE INDEX entry_added ON entry (position >> 40, added);

-- The few objects that a page is weighed by.
CREATE INDEX entry_heavy ON entry (position) WHERE length(body) > 16384;

CREATE TABLE object_key (
    id_key BLOB NOT NULL,
    position INTEGER NOT NULL,
    owner TEXT NOT NULL,
    modified INTEGER NOT NULL,
    revoked INTEGER NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (id_key, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE posting (
    value_key BLOB NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (value_key, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE word_posting (
    word_key BLOB NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (word_key, position)
) STRICT, WITHOUT ROWID;

-- What a page leaves out: 1 superseded in its own collection, 2 withdrawn.
CREATE TABLE hidden (
    position INTEGER PRIMARY KEY,
    reason INTEGER NOT NULL
) STRICT;

-- Entries of one (owner, id) that lie in several collections: `other` is a newer (newer = 1) or the same version.
CREATE TABLE twin (
    position INTEGER NOT NULL,
    other INTEGER NOT NULL,
    newer INTEGER NOT NULL,
    other_added INTEGER NOT NULL,
    PRIMARY KEY (position, other)
) STRICT, WITHOUT ROWID;

-- Where the withdrawals are, so that a reader finds them without reading the log.
CREATE TABLE withdrawal (
    position INTEGER PRIMARY KEY
) STRICT;

-- What was made of a whole by its granular markings (parts, and the relationship to each) follows it when it is revoked
-- or withdrawn. Nobody reads this: it would tell the readers of a part of the whole.
CREATE TABLE derived (
    whole_key BLOB NOT NULL,
    owner TEXT NOT NULL,
    part_id TEXT NOT NULL,
    PRIMARY KEY (whole_key, owner, part_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tile (
    collection INTEGER NOT NULL,
    level INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (collection, level, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoint (
    collection INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    added INTEGER NOT NULL,
    note BLOB NOT NULL,
    PRIMARY KEY (collection, epoch, size)
) STRICT, WITHOUT ROWID;

CREATE TABLE submission (
    id TEXT PRIMARY KEY,
    principal TEXT NOT NULL,
    idempotency TEXT,
    state TEXT NOT NULL CHECK (state IN ('pending', 'held', 'complete', 'void')),
    created INTEGER NOT NULL,
    due INTEGER NOT NULL,
    request TEXT NOT NULL,
    staged BLOB,
    receipt BLOB,
    UNIQUE (principal, idempotency)
) STRICT;

CREATE INDEX submission_due ON submission (state, due);

-- What became of the objects of a staged submission, turn by turn, until its receipt is finished.
CREATE TABLE progress (
    submission TEXT NOT NULL,
    turn INTEGER NOT NULL,
    outcomes BLOB NOT NULL,
    PRIMARY KEY (submission, turn)
) STRICT, WITHOUT ROWID;

-- How far a projection has followed each log.
CREATE TABLE followed (
    projection TEXT NOT NULL,
    collection INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (projection, collection)
) STRICT, WITHOUT ROWID;

-- The log is append-only, whoever holds the connection. Erasure destroys a body together with its salt, nothing else.
CREATE TRIGGER entry_stays BEFORE UPDATE ON entry
WHEN NOT (NEW.body IS NULL AND NEW.salt IS NULL AND NEW.position = OLD.position AND NEW.added = OLD.added
          AND NEW.kind = OLD.kind AND NEW.owner = OLD.owner AND NEW.submitter = OLD.submitter AND NEW.tlp = OLD.tlp
          AND NEW.id = OLD.id AND NEW.version = OLD.version AND NEW.note = OLD.note)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TRIGGER entry_is_kept BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

-- An INSERT OR REPLACE fires no DELETE trigger, so a position that is taken is refused here too.
CREATE TRIGGER entry_is_next BEFORE INSERT ON entry
WHEN EXISTS (SELECT 1 FROM entry WHERE position = NEW.position)
     OR (NEW.position & 1099511627775) = 0
     OR ((NEW.position & 1099511627775) > 1
         AND NOT EXISTS (SELECT 1 FROM entry WHERE position = NEW.position - 1))
BEGIN SELECT RAISE(ABORT, 'entries are numbered densely, once'); END;

CREATE TRIGGER checkpoint_is_new BEFORE INSERT ON checkpoint
WHEN EXISTS (SELECT 1 FROM checkpoint
              WHERE collection = NEW.collection AND epoch = NEW.epoch AND size = NEW.size)
BEGIN SELECT RAISE(ABORT, 'checkpoints are permanent'); END;

CREATE TRIGGER checkpoint_stays BEFORE UPDATE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'checkpoints are permanent'); END;

CREATE TRIGGER checkpoint_is_kept BEFORE DELETE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'checkpoints are permanent'); END;

CREATE TRIGGER collection_is_new BEFORE INSERT ON collection
WHEN EXISTS (SELECT 1 FROM collection
              WHERE id = NEW.id OR uuid = NEW.uuid OR audience = NEW.audience)
BEGIN SELECT RAISE(ABORT, 'a collection never changes its audience'); END;

CREATE TRIGGER collection_stays BEFORE UPDATE ON collection
BEGIN SELECT RAISE(ABORT, 'a collection never changes its audience'); END;

CREATE TRIGGER collection_is_kept BEFORE DELETE ON collection
BEGIN SELECT RAISE(ABORT, 'collections are permanent'); END;

-- The terms of a collection are written when it is made: later ones would open what lies in it to others.
CREATE TRIGGER term_is_new BEFORE INSERT ON audience_term
WHEN EXISTS (SELECT 1 FROM audience_term
              WHERE token = NEW.token AND collection = NEW.collection AND conjunct = NEW.conjunct)
     OR EXISTS (SELECT 1 FROM head WHERE collection = NEW.collection AND number > 0)
BEGIN SELECT RAISE(ABORT, 'a collection never changes its audience'); END;

CREATE TRIGGER term_stays BEFORE UPDATE ON audience_term
BEGIN SELECT RAISE(ABORT, 'a collection never changes its audience'); END;

CREATE TRIGGER term_is_kept BEFORE DELETE ON audience_term
BEGIN SELECT RAISE(ABORT, 'a collection never changes its audience'); END;
