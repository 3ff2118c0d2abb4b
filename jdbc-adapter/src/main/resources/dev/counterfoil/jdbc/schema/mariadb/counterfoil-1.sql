-- Counterfoil, schema version 1, for MariaDB 10.6 or later, on InnoDB.
-- To use another prefix than counterfoil_, replace it throughout. Statements are separated by empty lines.
-- Texts compare by their bytes, trailing blanks included. Times are UTC, whatever the time zone of a session.
-- MariaDB commits behind each statement: the table with the version comes last, and until it is there all of it can be run again.

-- A step of 0 is the server's auto_increment_increment: 1, unless several servers take writes, each of which has its own values.
CREATE SEQUENCE IF NOT EXISTS counterfoil_cell_block INCREMENT BY 0;

CREATE SEQUENCE IF NOT EXISTS counterfoil_decision_block INCREMENT BY 0;

-- A cell as it stands: one named part of an account. It is the fold of its entries.
-- Amounts have at most 38 digits, up to 18 of them behind the point. No index has a column that changes.
CREATE TABLE IF NOT EXISTS counterfoil_cell (
  id           bigint       NOT NULL PRIMARY KEY,
  namespace    varchar(64)  NOT NULL,
  account_kind varchar(64)  NOT NULL,
  account_id   varchar(255) NOT NULL,
  name         varchar(64)  NOT NULL,
  kind         varchar(8)   NOT NULL CHECK (kind IN ('BALANCE', 'REGISTER', 'JOURNAL')),
  unit         varchar(16),                                  -- of a BALANCE: what it counts
  scale        integer,                                      -- and the digits behind its point
  amount       decimal(56, 18),                              -- of a BALANCE
  minimum      decimal(56, 18),                              -- of a BALANCE, if it has one
  maximum      decimal(56, 18),                              -- of a BALANCE, if it has one
  value        mediumtext,                                   -- of a REGISTER
  records      bigint,                                       -- of a JOURNAL: how many
  closed       integer      NOT NULL CHECK (closed IN (0, 1)),
  version      bigint       NOT NULL CHECK (version > 0),    -- the sequence of its last entry
  last_scope   varchar(255) NOT NULL,                        -- the key of the update that changed it last
  last_key     varchar(255) NOT NULL,
  last_at      datetime(6)  NOT NULL,                        -- when that was recorded
  touch        bigint       DEFAULT 0 NOT NULL,
  CHECK ((kind = 'BALANCE')  = (amount IS NOT NULL AND unit IS NOT NULL AND scale IS NOT NULL)),
  CHECK ((kind = 'REGISTER') = (value IS NOT NULL)),
  CHECK ((kind = 'JOURNAL')  = (records IS NOT NULL))
) ENGINE = InnoDB, ROW_FORMAT = DYNAMIC, CHARACTER SET utf8mb4, COLLATE utf8mb4_nopad_bin;

CREATE UNIQUE INDEX IF NOT EXISTS counterfoil_cell_address
  ON counterfoil_cell (namespace, account_kind, account_id, name);

-- How a key was decided, once and for ever. Rows are only ever inserted.
CREATE TABLE IF NOT EXISTS counterfoil_decision (
  id                  bigint       NOT NULL PRIMARY KEY,
  namespace           varchar(64)  NOT NULL,
  scope               varchar(255) NOT NULL,
  `key`               varchar(255) NOT NULL,
  fingerprint_version integer      NOT NULL,
  fingerprint         varchar(64)  NOT NULL,                 -- SHA-256 of the content
  outcome             varchar(32)  NOT NULL,                 -- APPLIED, or the reason of the refusal
  reference           varchar(255),                          -- the business reference, if applied
  reverses_scope      varchar(255),                          -- the key of the reversed update, if applied
  reverses_key        varchar(255),
  balanced            integer      NOT NULL CHECK (balanced IN (0, 1)),
  recorded_at         datetime(6) NOT NULL,
  effective_at        datetime(6),
  metadata            mediumtext,
  detail              longtext                               -- JSON: the receipt, or what was observed and required
) ENGINE = InnoDB, ROW_FORMAT = DYNAMIC, CHARACTER SET utf8mb4, COLLATE utf8mb4_nopad_bin;

CREATE UNIQUE INDEX IF NOT EXISTS counterfoil_decision_key
  ON counterfoil_decision (namespace, scope, `key`);

CREATE UNIQUE INDEX IF NOT EXISTS counterfoil_decision_reference
  ON counterfoil_decision (namespace, reference);

CREATE UNIQUE INDEX IF NOT EXISTS counterfoil_decision_reverses
  ON counterfoil_decision (namespace, reverses_scope, reverses_key);

-- The permanent trace of one operation in its cell. Rows are only ever inserted.
CREATE TABLE IF NOT EXISTS counterfoil_entry (
  cell_id     bigint      NOT NULL,
  sequence    bigint      NOT NULL CHECK (sequence > 0),
  decision_id bigint      NOT NULL,
  position    integer     NOT NULL,                          -- of the operation in its update, from 0
  type        varchar(16) NOT NULL,
  delta       decimal(56, 18),                               -- of a BALANCE
  amount      decimal(56, 18),                               -- of a BALANCE, after it
  minimum     decimal(56, 18),                               -- of a BALANCE, where the entry set the limits
  maximum     decimal(56, 18),
  forced      varchar(255),                                  -- the reason, where a limit was passed
  value       mediumtext,                                    -- of a REGISTER, after it
  payload     mediumtext,                                    -- of a JOURNAL: the record
  records     bigint,                                        -- of a JOURNAL, after it
  recorded_at datetime(6) NOT NULL,
  PRIMARY KEY (cell_id, sequence)
) ENGINE = InnoDB, ROW_FORMAT = DYNAMIC, CHARACTER SET utf8mb4, COLLATE utf8mb4_nopad_bin;

-- How far a verification has come: the fold of a cell's entries up to a version. Only such a verification reads or writes it.
CREATE TABLE IF NOT EXISTS counterfoil_checkpoint (
  cell_id    bigint  NOT NULL PRIMARY KEY,
  version    bigint  NOT NULL,                               -- the sequence of the last entry in it
  amount     decimal(56, 18),                                -- of a BALANCE
  minimum    decimal(56, 18),
  maximum    decimal(56, 18),
  value      mediumtext,                                     -- of a REGISTER
  records    bigint,                                         -- of a JOURNAL
  closed     integer NOT NULL,
  checked_at datetime(6) NOT NULL
) ENGINE = InnoDB, ROW_FORMAT = DYNAMIC, CHARACTER SET utf8mb4, COLLATE utf8mb4_nopad_bin;

CREATE TABLE IF NOT EXISTS counterfoil_meta (name varchar(64) NOT NULL PRIMARY KEY, value varchar(255) NOT NULL)
  ENGINE = InnoDB, ROW_FORMAT = DYNAMIC, CHARACTER SET utf8mb4, COLLATE utf8mb4_nopad_bin
  AS SELECT 'schema_version' AS name, '1' AS value UNION ALL SELECT 'touch', '0';
