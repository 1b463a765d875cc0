-- The log, its indexes and what is written with it in one transaction. PostgreSQL.
--
-- position = collection * 2^40 + number: entries of a collection lie side by side, in log order, under one integer key.

CREATE TABLE node (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL,
    virtual_collection TEXT NOT NULL,
    keys_print TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    stamp BIGINT NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE collection (
    id BIGINT PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    audience TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('open', 'sealed', 'register')),
    conjuncts BIGINT NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE head (
    collection BIGINT PRIMARY KEY REFERENCES collection (id),
    number BIGINT NOT NULL,
    added BIGINT NOT NULL,
    frontier BYTEA NOT NULL
);

CREATE TABLE audience_term (
    token TEXT NOT NULL,
    collection BIGINT NOT NULL REFERENCES collection (id),
    conjunct BIGINT NOT NULL,
    excluded BIGINT NOT NULL,
    PRIMARY KEY (token, collection, conjunct)
);

CREATE TABLE entry (
    position BIGINT PRIMARY KEY,
    added BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    owner TEXT NOT NULL,
    submitter TEXT NOT NULL,
    tlp BIGINT NOT NULL,
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    note TEXT NOT NULL,
    salt BYTEA,
    body BYTEA
);

CREATE INDEX entry_added ON entry ((position >> 40), added);

-- The few objects that a page is weighed by.
CREATE INDEX entry_heavy ON entry (position) WHERE length(body) > 16384;

CREATE TABLE object_key (
    id_key BYTEA NOT NULL,
    position BIGINT NOT NULL,
    owner TEXT NOT NULL,
    modified BIGINT NOT NULL,
    revoked BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    PRIMARY KEY (id_key, position)
);

CREATE TABLE posting (
    value_key BYTEA NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (value_key, position)
);

CREATE TABLE word_posting (
    word_key BYTEA NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (word_key, position)
);

-- What a page leaves out: 1 superseded in its own collection, 2 withdrawn.
CREATE TABLE hidden (
    position BIGINT PRIMARY KEY,
    reason BIGINT NOT NULL
);

-- Entries of one (owner, id) that lie in several collections: `other` is a newer (newer = 1) or the same version.
CREATE TABLE twin (
    position BIGINT NOT NULL,
    other BIGINT NOT NULL,
    newer BIGINT NOT NULL,
    other_added BIGINT NOT NULL,
    PRIMARY KEY (position, other)
);

-- Where the withdrawals are, so that a reader finds them without reading the log.
CREATE TABLE withdrawal (
    position BIGINT PRIMARY KEY
);

-- What was made of a whole by its granular markings (parts, and the relationship to each) follows it when it is revoked
-- or withdrawn. Nobody reads this: it would tell the readers of a part of the whole.
CREATE TABLE derived (
    whole_key BYTEA NOT NULL,
    owner TEXT NOT NULL,
    part_id TEXT NOT NULL,
    PRIMARY KEY (whole_key, owner, part_id)
);

CREATE TABLE tile (
    collection BIGINT NOT NULL,
    level BIGINT NOT NULL,
    number BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (collection, level, number)
);

CREATE TABLE checkpoint (
    collection BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    size BIGINT NOT NULL,
    root BYTEA NOT NULL,
    added BIGINT NOT NULL,
    note BYTEA NOT NULL,
    PRIMARY KEY (collection, epoch, size)
);

CREATE TABLE submission (
    id TEXT PRIMARY KEY,
    principal TEXT NOT NULL,
    idempotency TEXT,
    state TEXT NOT NULL CHECK (state IN ('pending', 'held', 'complete', 'void')),
    created BIGINT NOT NULL,
    due BIGINT NOT NULL,
    request TEXT NOT NULL,
    staged BYTEA,
    receipt BYTEA,
    UNIQUE (principal, idempotency)
);

CREATE INDEX submission_due ON submission (state, due);

-- What became of the objects of a staged submission, turn by turn, until its receipt is finished.
CREATE TABLE progress (
    submission TEXT NOT NULL,
    turn BIGINT NOT NULL,
    outcomes BYTEA NOT NULL,
    PRIMARY KEY (submission, turn)
);

-- How far a projection has followed each log.
CREATE TABLE followed (
    projection TEXT NOT NULL,
    collection BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (projection, collection)
);

-- The log is append-only, whoever holds the connection. Erasure destroys a body together with its salt, nothing else.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;

CREATE FUNCTION only_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.body IS NULL AND NEW.salt IS NULL AND NEW.position = OLD.position AND NEW.added = OLD.added
       AND NEW.kind = OLD.kind AND NEW.owner = OLD.owner AND NEW.submitter = OLD.submitter AND NEW.tlp = OLD.tlp
       AND NEW.id = OLD.id AND NEW.version = OLD.version AND NEW.note = OLD.note THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the log is append-only';
END $$;

CREATE FUNCTION entry_is_next() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    broken bigint;
BEGIN
    SELECT count(*) INTO broken FROM fresh f
     WHERE (f.position & 1099511627775) = 0
        OR ((f.position & 1099511627775) > 1
            AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.position = f.position - 1));
    IF broken > 0 THEN
        RAISE EXCEPTION 'entries are numbered densely, once';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER entry_stays BEFORE UPDATE ON entry FOR EACH ROW EXECUTE FUNCTION only_erasure();
CREATE TRIGGER entry_is_kept BEFORE DELETE OR TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entry_is_next AFTER INSERT ON entry REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION entry_is_next();
CREATE TRIGGER checkpoint_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER collection_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON collection
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER term_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audience_term
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The terms of a collection are written when it is made: later ones would open what lies in it to others.
CREATE FUNCTION term_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM head WHERE collection = NEW.collection AND number > 0) THEN
        RAISE EXCEPTION 'a collection never changes its audience';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER term_is_new BEFORE INSERT ON audience_term FOR EACH ROW EXECUTE FUNCTION term_is_new();
