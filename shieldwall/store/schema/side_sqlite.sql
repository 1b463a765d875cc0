-- What is written often and may be lost with a machine: deliveries, quotas. SQLite.

CREATE TABLE delivery (
    id INTEGER PRIMARY KEY,
    principal TEXT NOT NULL,
    member TEXT NOT NULL,
    collection INTEGER NOT NULL,
    first_number INTEGER NOT NULL,
    last_number INTEGER NOT NULL,
    door TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX delivery_of ON delivery (collection, first_number);

CREATE TABLE quota (
    principal TEXT NOT NULL,
    what TEXT NOT NULL,
    window_start INTEGER NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (principal, what)
) STRICT, WITHOUT ROWID;
