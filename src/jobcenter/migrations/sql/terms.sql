-- Terms of use with their days, and which party accepted which version.

CREATE TABLE terms_of_use (
    organiser_id bigint NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    text_fi text NOT NULL,
    text_sv text NOT NULL,
    text_en text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    CONSTRAINT terms_of_use_pkey PRIMARY KEY (organiser_id, id),
    CONSTRAINT terms_kind_is_known CHECK (kind IN ('orderers')),
    CONSTRAINT terms_last CHECK (valid_to IS NULL OR valid_from < valid_to)
);

CREATE TABLE terms_acceptances (
    organiser_id bigint NOT NULL,
    party_id uuid NOT NULL,
    terms_id uuid NOT NULL,
    user_id uuid NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT terms_acceptances_pkey PRIMARY KEY (organiser_id, party_id, terms_id),
    CONSTRAINT terms_acceptances_organiser_id_party_id_fkey
        FOREIGN KEY (organiser_id, party_id) REFERENCES parties (organiser_id, id),
    CONSTRAINT terms_acceptances_organiser_id_terms_id_fkey
        FOREIGN KEY (organiser_id, terms_id) REFERENCES terms_of_use (organiser_id, id),
    CONSTRAINT terms_acceptances_organiser_id_user_id_fkey
        FOREIGN KEY (organiser_id, user_id) REFERENCES users (organiser_id, id)
);
CREATE TRIGGER terms_acceptance_stays BEFORE UPDATE OR DELETE ON terms_acceptances
    FOR EACH ROW EXECUTE FUNCTION history_stays();

-- Words that somebody has accepted are never put into other words.
CREATE FUNCTION terms_words_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.text_fi, NEW.text_sv, NEW.text_en, NEW.valid_from)
       IS DISTINCT FROM (OLD.text_fi, OLD.text_sv, OLD.text_en, OLD.valid_from) THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'terms of use are never reworded';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER terms_words_stay BEFORE UPDATE ON terms_of_use
    FOR EACH ROW EXECUTE FUNCTION terms_words_stay();
