-- The client's own page: a link is for one number, and consents are history.

SELECT raise_organiser_wall(format('%I', name)::regclass, 'organiser_id')
FROM unnest(ARRAY['client_links', 'client_pins', 'client_unlocks']) AS name;

GRANT SELECT ON client_links, client_pins, client_unlocks TO jobcenter_read, jobcenter_act;
GRANT INSERT, UPDATE, DELETE ON client_links, client_pins, client_unlocks TO jobcenter_act;

-- Whoever changes the number on file ends every link that was made for the one before (issue 5,
-- item 3): whoever holds the old phone holds nothing.
CREATE FUNCTION links_follow_the_phone() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE links SET revoked_at = now()
    WHERE organiser_id = NEW.organiser_id AND client_id = NEW.client_id AND revoked_at IS NULL
      AND phone_hash IS DISTINCT FROM sha256(token_hash || convert_to(NEW.phone, 'UTF8'));
    UPDATE client_links SET revoked_at = now()
    WHERE organiser_id = NEW.organiser_id AND client_id = NEW.client_id AND revoked_at IS NULL
      AND phone_hash IS DISTINCT FROM sha256(token_hash || convert_to(NEW.phone, 'UTF8'));
    RETURN NULL;
END $$;
CREATE TRIGGER links_follow_the_phone AFTER UPDATE ON client_contacts
FOR EACH ROW WHEN (OLD.phone IS DISTINCT FROM NEW.phone)
EXECUTE FUNCTION links_follow_the_phone();

-- A consent is never rewritten: the one thing that may happen to it is to be withdrawn, once.
CREATE FUNCTION consents_are_history() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL
       OR (to_jsonb(OLD) - '{withdrawn_at,withdrawn_by,withdrawn_how}'::text[])
          <> (to_jsonb(NEW) - '{withdrawn_at,withdrawn_by,withdrawn_how}'::text[]) THEN
        RAISE EXCEPTION 'a consent is history' USING ERRCODE = '23514',
            CONSTRAINT = 'consent_is_history';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consents_are_history BEFORE UPDATE ON client_consents
FOR EACH ROW EXECUTE FUNCTION consents_are_history();
REVOKE DELETE ON client_consents FROM jobcenter_act;
