-- What is written often and may be lost with a machine: deliveries, quotas. PostgreSQL.

CREATE TABLE delivery (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    principal TEXT NOT NULL,
    member TEXT NOT NULL,
    collection BIGINT NOT NULL,
    first_number BIGINT NOT NULL,
    last_number BIGINT NOT NULL,
    door TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE INDEX delivery_of ON delivery (collection, first_number);

CREATE TABLE quota (
    principal TEXT NOT NULL,
    what TEXT NOT NULL,
    window_start BIGINT NOT NULL,
    used BIGINT NOT NULL,
    PRIMARY KEY (principal, what)
);
