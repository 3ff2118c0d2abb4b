-- A step that takes something away: who knows version 2 only must not go on.
-- Each statement commits: the version comes last, and until then all of it can be run again.

UPDATE counterfoil_meta SET value = '3' WHERE name = 'schema_compatible_with';

DROP TABLE IF EXISTS counterfoil_label;

UPDATE counterfoil_meta SET value = '3' WHERE name = 'schema_version' AND value = '2';
