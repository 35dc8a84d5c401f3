-- What the public register of companies said of a party, and when.

CREATE TABLE register_answers (
    organiser_id bigint NOT NULL,
    party_id uuid NOT NULL,
    business_id text NOT NULL,
    tried_at timestamptz NOT NULL,
    answered_at timestamptz,
    is_known boolean,
    name text NOT NULL,
    ended_on date,
    situations text[] NOT NULL,
    CONSTRAINT register_answers_pkey PRIMARY KEY (organiser_id, party_id),
    CONSTRAINT register_answers_organiser_id_party_id_fkey
        FOREIGN KEY (organiser_id, party_id) REFERENCES parties (organiser_id, id)
);
