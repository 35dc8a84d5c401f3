-- Whose case is closed takes no gig, and whose gig is still to come is not closed. Asked at the end,
-- for closing ends the offers first; the client is locked meanwhile, so that two who do one of each
-- cannot pass each other.

UPDATE clients SET in_pool = false WHERE closed_on IS NOT NULL;
ALTER TABLE clients ADD CONSTRAINT client_closed_is_not_in_pool
    CHECK (closed_on IS NULL OR NOT in_pool);

CREATE FUNCTION closed_case_takes_no_gig() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM gigs g WHERE g.organiser_id = NEW.organiser_id AND g.id = NEW.id
                 AND g.status IN ('assigned', 'confirmed', 'in_progress')) THEN
        PERFORM FROM clients c
        WHERE c.organiser_id = NEW.organiser_id AND c.id = NEW.client_id AND c.closed_on IS NULL
        FOR SHARE;
        IF NOT FOUND THEN
            PERFORM broken_promise('closed_case_is_quiet', 'a gig of a closed case');
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER closed_case_is_quiet AFTER INSERT OR UPDATE OF status, client_id ON gigs
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.status IN ('assigned', 'confirmed', 'in_progress'))
    EXECUTE FUNCTION closed_case_takes_no_gig();

CREATE FUNCTION case_closes_after_its_gigs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM clients c WHERE c.organiser_id = NEW.organiser_id AND c.id = NEW.id
                 AND c.closed_on IS NOT NULL)
       AND EXISTS (SELECT FROM gigs g
                   WHERE g.organiser_id = NEW.organiser_id AND g.client_id = NEW.id
                     AND g.status IN ('assigned', 'confirmed', 'in_progress')) THEN
        PERFORM broken_promise('closed_case_is_quiet', 'a gig is still to come');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER closed_case_is_quiet AFTER UPDATE OF closed_on ON clients
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.closed_on IS NOT NULL)
    EXECUTE FUNCTION case_closes_after_its_gigs();
