-- Counterfoil, schema version 1, for SQLite 3.35 or later.
-- To use another prefix than counterfoil_, replace it throughout. Statements are separated by empty lines.
-- Amounts are TEXT because SQLite's NUMERIC rounds. Times are UTC, ISO 8601, in microseconds.

CREATE TABLE counterfoil_meta (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- A cell as it stands: one named part of an account. It is the fold of its entries.
CREATE TABLE counterfoil_cell (
  id           INTEGER PRIMARY KEY,
  namespace    TEXT    NOT NULL,
  account_kind TEXT    NOT NULL,
  account_id   TEXT    NOT NULL,
  name         TEXT    NOT NULL,
  kind         TEXT    NOT NULL CHECK (kind IN ('BALANCE', 'REGISTER', 'JOURNAL')),
  unit         TEXT,                                         -- of a BALANCE: what it counts
  scale        INTEGER,                                      -- and the digits behind its point
  amount       TEXT,                                         -- of a BALANCE
  minimum      TEXT,                                         -- of a BALANCE, if it has one
  maximum      TEXT,                                         -- of a BALANCE, if it has one
  value        TEXT,                                         -- of a REGISTER
  records      INTEGER,                                      -- of a JOURNAL: how many
  closed       INTEGER NOT NULL CHECK (closed IN (0, 1)),
  version      INTEGER NOT NULL CHECK (version > 0),         -- the sequence of its last entry
  last_scope   TEXT    NOT NULL,                             -- the key of the update that changed it last
  last_key     TEXT    NOT NULL,
  last_at      TEXT    NOT NULL,                             -- when that was recorded
  touch        INTEGER NOT NULL DEFAULT 0,
  CHECK ((kind = 'BALANCE')  = (amount IS NOT NULL AND unit IS NOT NULL AND scale IS NOT NULL)),
  CHECK ((kind = 'REGISTER') = (value IS NOT NULL)),
  CHECK ((kind = 'JOURNAL')  = (records IS NOT NULL))
);

CREATE UNIQUE INDEX counterfoil_cell_address
  ON counterfoil_cell (namespace, account_kind, account_id, name);

-- How a key was decided, once and for ever. Rows are only ever inserted.
CREATE TABLE counterfoil_decision (
  id                  INTEGER PRIMARY KEY,
  namespace           TEXT    NOT NULL,
  scope               TEXT    NOT NULL,
  key                 TEXT    NOT NULL,
  fingerprint_version INTEGER NOT NULL,
  fingerprint         TEXT    NOT NULL,                      -- SHA-256 of the content
  outcome             TEXT    NOT NULL,                      -- APPLIED, or the reason of the refusal
  reference           TEXT,                                  -- the business reference, if applied
  reverses_scope      TEXT,                                  -- the key of the reversed update, if applied
  reverses_key        TEXT,
  balanced            INTEGER NOT NULL CHECK (balanced IN (0, 1)),
  recorded_at         TEXT    NOT NULL,
  effective_at        TEXT,
  metadata            TEXT,
  detail              TEXT                                   -- JSON: the receipt, or what was observed and required
);

CREATE UNIQUE INDEX counterfoil_decision_key
  ON counterfoil_decision (namespace, scope, key);

CREATE UNIQUE INDEX counterfoil_decision_reference
  ON counterfoil_decision (namespace, reference) WHERE reference IS NOT NULL;

CREATE UNIQUE INDEX counterfoil_decision_reverses
  ON counterfoil_decision (namespace, reverses_scope, reverses_key) WHERE reverses_key IS NOT NULL;

-- The permanent trace of one operation in its cell. Rows are only ever inserted.
CREATE TABLE counterfoil_entry (
  cell_id     INTEGER NOT NULL,
  sequence    INTEGER NOT NULL CHECK (sequence > 0),
  decision_id INTEGER NOT NULL,
  position    INTEGER NOT NULL,                              -- of the operation in its update, from 0
  type        TEXT    NOT NULL,
  delta       TEXT,                                          -- of a BALANCE
  amount      TEXT,                                          -- of a BALANCE, after it
  minimum     TEXT,                                          -- of a BALANCE, where the entry set the limits
  maximum     TEXT,
  forced      TEXT,                                          -- the reason, where a limit was passed
  value       TEXT,                                          -- of a REGISTER, after it
  payload     TEXT,                                          -- of a JOURNAL: the record
  records     INTEGER,                                       -- of a JOURNAL, after it
  recorded_at TEXT    NOT NULL,
  PRIMARY KEY (cell_id, sequence)
) WITHOUT ROWID;

-- How far a verification has come: the fold of a cell's entries up to a version. Only such a verification reads or writes it.
CREATE TABLE counterfoil_checkpoint (
  cell_id    INTEGER PRIMARY KEY,
  version    INTEGER NOT NULL,                               -- the sequence of the last entry in it
  amount     TEXT,                                           -- of a BALANCE
  minimum    TEXT,
  maximum    TEXT,
  value      TEXT,                                           -- of a REGISTER
  records    INTEGER,                                        -- of a JOURNAL
  closed     INTEGER NOT NULL,
  checked_at TEXT    NOT NULL
);

CREATE TRIGGER counterfoil_entry_no_update BEFORE UPDATE ON counterfoil_entry
BEGIN
  SELECT RAISE(ABORT, 'entries are never changed');
END;

CREATE TRIGGER counterfoil_entry_no_delete BEFORE DELETE ON counterfoil_entry
BEGIN
  SELECT RAISE(ABORT, 'entries are never deleted');
END;

-- Of a decision only the details may go, to prune it; how its key was decided stays.
CREATE TRIGGER counterfoil_decision_no_update BEFORE UPDATE ON counterfoil_decision
WHEN NEW.id IS NOT OLD.id
  OR NEW.namespace IS NOT OLD.namespace
  OR NEW.scope IS NOT OLD.scope
  OR NEW.key IS NOT OLD.key
  OR NEW.fingerprint_version IS NOT OLD.fingerprint_version
  OR NEW.fingerprint IS NOT OLD.fingerprint
  OR NEW.outcome IS NOT OLD.outcome
  OR NEW.reference IS NOT OLD.reference
  OR NEW.reverses_scope IS NOT OLD.reverses_scope
  OR NEW.reverses_key IS NOT OLD.reverses_key
  OR NEW.balanced IS NOT OLD.balanced
  OR NEW.recorded_at IS NOT OLD.recorded_at
  OR NEW.effective_at IS NOT OLD.effective_at
  OR (NEW.metadata IS NOT OLD.metadata AND NEW.metadata IS NOT NULL)
  OR (NEW.detail IS NOT OLD.detail AND NEW.detail IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'decisions are never changed');
END;

CREATE TRIGGER counterfoil_decision_no_delete BEFORE DELETE ON counterfoil_decision
BEGIN
  SELECT RAISE(ABORT, 'decisions are never deleted');
END;

CREATE TRIGGER counterfoil_cell_no_delete BEFORE DELETE ON counterfoil_cell
BEGIN
  SELECT RAISE(ABORT, 'cells are never deleted');
END;

-- A cell stays the same cell: its history and the receipts name it.
CREATE TRIGGER counterfoil_cell_no_rename
  BEFORE UPDATE OF id, namespace, account_kind, account_id, name, kind, unit, scale ON counterfoil_cell
BEGIN
  SELECT RAISE(ABORT, 'what a cell is never changes');
END;

INSERT INTO counterfoil_meta (name, value) VALUES ('schema_version', '1');
