-- A step that takes something away: who knows version 2 only must not go on.
-- One transaction: all of it or nothing.

UPDATE counterfoil_meta SET value = '3' WHERE name = 'schema_compatible_with';

DROP TABLE IF EXISTS counterfoil_label;

UPDATE counterfoil_meta SET value = '3' WHERE name = 'schema_version' AND value = '2';
