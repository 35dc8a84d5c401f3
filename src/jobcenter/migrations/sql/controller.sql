-- Who answers for the data, and the data-protection officer, as the privacy page names them.

ALTER TABLE organisers
    ADD COLUMN controller text NOT NULL DEFAULT '',
    ADD COLUMN officer text NOT NULL DEFAULT '',
    ADD COLUMN officer_email text NOT NULL DEFAULT '',
    ADD COLUMN officer_phone text NOT NULL DEFAULT '';
