-- What a city says in its messages in place of the service's own words.

CREATE TABLE own_wordings (
    organiser_id bigint NOT NULL,
    id uuid NOT NULL,
    sentence text NOT NULL,
    language text NOT NULL,
    text text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    CONSTRAINT own_wordings_pkey PRIMARY KEY (organiser_id, id),
    CONSTRAINT own_wording_lasts CHECK (valid_to IS NULL OR valid_from < valid_to),
    CONSTRAINT own_wording_language_is_known CHECK (language IN ('fi', 'sv', 'en', 'fi-easy')),
    CONSTRAINT own_wording_says_something CHECK (length(text) > 0),
    CONSTRAINT own_wordings_organiser_id_sentence_language_valid_from_key
        UNIQUE (organiser_id, sentence, language, valid_from),
    CONSTRAINT own_wordings_organiser_id_fkey
        FOREIGN KEY (organiser_id) REFERENCES organisers (id)
);
