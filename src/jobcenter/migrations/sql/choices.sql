-- What a city offers to choose from, in its own words: strengths, and the services of its units.

CREATE TABLE choices (
    organiser_id bigint NOT NULL,
    kind text NOT NULL,
    code text NOT NULL,
    name_fi text NOT NULL,
    name_sv text NOT NULL,
    name_en text NOT NULL,
    name_easy text NOT NULL,
    tasks smallint[] NOT NULL,
    anywhere boolean NOT NULL,
    place smallint NOT NULL,
    retired_on date,
    CONSTRAINT choices_pkey PRIMARY KEY (organiser_id, kind, code),
    CONSTRAINT choice_kind_is_known CHECK (kind IN ('strength', 'service')),
    CONSTRAINT choice_code_is_plain CHECK (code ~ '^[a-z0-9_]{2,40}$'),
    CONSTRAINT choices_organiser_id_fkey
        FOREIGN KEY (organiser_id) REFERENCES organisers (id)
);
