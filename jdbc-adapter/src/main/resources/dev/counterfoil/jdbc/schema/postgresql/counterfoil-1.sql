-- Counterfoil, schema version 1, for PostgreSQL 15 or later.
-- To use another prefix than counterfoil_, replace it throughout. Statements are separated by empty lines.
-- Identifiers have collation "C": the order of their bytes, in which rows are locked.

CREATE TABLE counterfoil_meta (
  name  text COLLATE "C" NOT NULL PRIMARY KEY,
  value text NOT NULL
);

CREATE SEQUENCE counterfoil_cell_block;

CREATE SEQUENCE counterfoil_decision_block;

-- A cell as it stands: one named part of an account. It is the fold of its entries.
-- Half of each page stays free, so that a new version of a row finds room beside the old one; no index has a column that changes.
CREATE TABLE counterfoil_cell (
  id           bigint  NOT NULL PRIMARY KEY,
  namespace    text    COLLATE "C" NOT NULL,
  account_kind text    COLLATE "C" NOT NULL,
  account_id   text    COLLATE "C" NOT NULL,
  name         text    COLLATE "C" NOT NULL,
  kind         text    COLLATE "C" NOT NULL CHECK (kind IN ('BALANCE', 'REGISTER', 'JOURNAL')),
  unit         text    COLLATE "C",                          -- of a BALANCE: what it counts
  scale        integer,                                      -- and the digits behind its point
  amount       numeric CHECK (amount <> 'NaN'),              -- of a BALANCE
  minimum      numeric CHECK (minimum <> 'NaN'),             -- of a BALANCE, if it has one
  maximum      numeric CHECK (maximum <> 'NaN'),             -- of a BALANCE, if it has one
  value        text    COLLATE "C",                          -- of a REGISTER
  records      bigint,                                       -- of a JOURNAL: how many
  closed       integer NOT NULL CHECK (closed IN (0, 1)),
  version      bigint  NOT NULL CHECK (version > 0),         -- the sequence of its last entry
  last_scope   text    COLLATE "C" NOT NULL,                 -- the key of the update that changed it last
  last_key     text    COLLATE "C" NOT NULL,
  last_at      timestamptz NOT NULL,                         -- when that was recorded
  touch        bigint  NOT NULL DEFAULT 0,
  CHECK ((kind = 'BALANCE')  = (amount IS NOT NULL AND unit IS NOT NULL AND scale IS NOT NULL)),
  CHECK ((kind = 'REGISTER') = (value IS NOT NULL)),
  CHECK ((kind = 'JOURNAL')  = (records IS NOT NULL))
) WITH (fillfactor = 50);

CREATE UNIQUE INDEX counterfoil_cell_address
  ON counterfoil_cell (namespace, account_kind, account_id, name);

-- How a key was decided, once and for ever. Rows are only ever inserted.
CREATE TABLE counterfoil_decision (
  id                  bigint  NOT NULL PRIMARY KEY,
  namespace           text    COLLATE "C" NOT NULL,
  scope               text    COLLATE "C" NOT NULL,
  key                 text    COLLATE "C" NOT NULL,
  fingerprint_version integer NOT NULL,
  fingerprint         text    COLLATE "C" NOT NULL,          -- SHA-256 of the content
  outcome             text    COLLATE "C" NOT NULL,          -- APPLIED, or the reason of the refusal
  reference           text    COLLATE "C",                   -- the business reference, if applied
  reverses_scope      text    COLLATE "C",                   -- the key of the reversed update, if applied
  reverses_key        text    COLLATE "C",
  balanced            integer NOT NULL CHECK (balanced IN (0, 1)),
  recorded_at         timestamptz NOT NULL,
  effective_at        timestamptz,
  metadata            text,
  detail              text                                   -- JSON: the receipt, or what was observed and required
);

CREATE UNIQUE INDEX counterfoil_decision_key
  ON counterfoil_decision (namespace, scope, key);

CREATE UNIQUE INDEX counterfoil_decision_reference
  ON counterfoil_decision (namespace, reference) WHERE reference IS NOT NULL;

CREATE UNIQUE INDEX counterfoil_decision_reverses
  ON counterfoil_decision (namespace, reverses_scope, reverses_key) WHERE reverses_key IS NOT NULL;

-- The permanent trace of one operation in its cell. Rows are only ever inserted.
CREATE TABLE counterfoil_entry (
  cell_id     bigint  NOT NULL,
  sequence    bigint  NOT NULL CHECK (sequence > 0),
  decision_id bigint  NOT NULL,
  position    integer NOT NULL,                              -- of the operation in its update, from 0
  type        text    COLLATE "C" NOT NULL,
  delta       numeric CHECK (delta <> 'NaN'),                -- of a BALANCE
  amount      numeric CHECK (amount <> 'NaN'),               -- of a BALANCE, after it
  minimum     numeric,                                       -- of a BALANCE, where the entry set the limits
  maximum     numeric,
  forced      text,                                          -- the reason, where a limit was passed
  value       text,                                          -- of a REGISTER, after it
  payload     text,                                          -- of a JOURNAL: the record
  records     bigint,                                        -- of a JOURNAL, after it
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (cell_id, sequence)
);

-- How far a verification has come: the fold of a cell's entries up to a version. Only such a verification reads or writes it.
CREATE TABLE counterfoil_checkpoint (
  cell_id    bigint  NOT NULL PRIMARY KEY,
  version    bigint  NOT NULL,                               -- the sequence of the last entry in it
  amount     numeric,                                        -- of a BALANCE
  minimum    numeric,
  maximum    numeric,
  value      text,                                           -- of a REGISTER
  records    bigint,                                         -- of a JOURNAL
  closed     integer NOT NULL,
  checked_at timestamptz NOT NULL
);

INSERT INTO counterfoil_meta (name, value) VALUES ('schema_version', '1');
