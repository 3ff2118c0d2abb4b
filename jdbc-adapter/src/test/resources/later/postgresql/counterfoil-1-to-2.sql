-- A step as a later library may bring it: who knows version 1 goes on as if nothing had happened.
-- One transaction: all of it or nothing.

ALTER TABLE counterfoil_decision ADD COLUMN origin varchar(64) DEFAULT 'before' NOT NULL;

CREATE INDEX IF NOT EXISTS counterfoil_decision_recorded ON counterfoil_decision (namespace, recorded_at);

CREATE TABLE IF NOT EXISTS counterfoil_label (
  name varchar(64) NOT NULL PRIMARY KEY,
  text varchar(64) NOT NULL
);

INSERT INTO counterfoil_meta (name, value) VALUES ('schema_compatible_with', '1');

UPDATE counterfoil_meta SET value = '2' WHERE name = 'schema_version' AND value = '1';
