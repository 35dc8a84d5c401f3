-- How many picks of the last proposals a round gave up.

ALTER TABLE rounds
    ADD COLUMN changed integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT round_changes_are_counted CHECK (changed >= 0);
