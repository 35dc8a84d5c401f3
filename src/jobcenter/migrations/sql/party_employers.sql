-- An ordering party moves to another employer of record from a day on; what it ordered keeps its own.

CREATE TABLE party_employers (
    organiser_id bigint NOT NULL,
    id uuid NOT NULL,
    party_id uuid NOT NULL,
    employer_id uuid NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    CONSTRAINT party_employers_pkey PRIMARY KEY (organiser_id, id),
    CONSTRAINT party_employers_organiser_id_party_id_valid_from_key
        UNIQUE (organiser_id, party_id, valid_from),
    CONSTRAINT party_employer_lasts CHECK (valid_to IS NULL OR valid_from < valid_to),
    CONSTRAINT party_employers_organiser_id_party_id_fkey
        FOREIGN KEY (organiser_id, party_id) REFERENCES parties (organiser_id, id),
    CONSTRAINT party_employers_organiser_id_employer_id_fkey
        FOREIGN KEY (organiser_id, employer_id) REFERENCES employers (organiser_id, id)
);
SELECT raise_organiser_wall('party_employers'::regclass, 'organiser_id');

CREATE TRIGGER party_has_an_employer_in_use BEFORE INSERT OR UPDATE OF employer_id
    ON party_employers FOR EACH ROW EXECUTE FUNCTION party_has_an_employer_in_use();

-- An employer retires when nobody orders with it today or from a day to come.
CREATE OR REPLACE FUNCTION employer_retires_unused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM parties p
               WHERE p.organiser_id = NEW.organiser_id AND p.employer_id = NEW.id
                 AND NOT EXISTS (SELECT FROM party_employers e
                                 WHERE e.organiser_id = p.organiser_id AND e.party_id = p.id
                                   AND e.valid_from <= CURRENT_DATE AND e.valid_to IS NULL))
       OR EXISTS (SELECT FROM party_employers e
                  WHERE e.organiser_id = NEW.organiser_id AND e.employer_id = NEW.id
                    AND (e.valid_to IS NULL OR e.valid_to > CURRENT_DATE)) THEN
        PERFORM broken_promise('employer_is_nobodys', 'somebody orders with this employer');
    END IF;
    RETURN NEW;
END $$;
