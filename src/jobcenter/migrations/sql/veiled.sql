-- Erasing: words about the erased go from history and from settled statements too, and nothing else.

-- Why somebody opened a record in an emergency goes with the person; who did and when stays.
CREATE FUNCTION emergency_words_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.reason = 'erased text'
       AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason'
       AND EXISTS (SELECT FROM clients c WHERE c.organiser_id = NEW.organiser_id
                     AND c.id = NEW.client_id AND c.erased_at IS NOT NULL) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'emergencies is append-only';
END $$;
CREATE OR REPLACE TRIGGER emergency_stays BEFORE UPDATE OR DELETE ON emergencies
    FOR EACH ROW EXECUTE FUNCTION emergency_words_go();

-- A receipt that names somebody who was erased and was paid by this statement.
CREATE OR REPLACE FUNCTION statement_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'made'
       AND to_jsonb(NEW) - ARRAY['state', 'receipt', 'settled_by', 'settled_at']
         = to_jsonb(OLD) - ARRAY['state', 'receipt', 'settled_by', 'settled_at'] THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'receipt' = to_jsonb(OLD) - 'receipt'
       AND strpos(NEW.receipt, '[erased]') > 0
       AND EXISTS (SELECT FROM clients c
                   WHERE c.organiser_id = NEW.organiser_id AND c.erased_at IS NOT NULL
                     AND (EXISTS (SELECT FROM pay_rows p
                                  WHERE p.organiser_id = c.organiser_id AND p.client_id = c.id
                                    AND p.statement_id = NEW.id)
                       OR EXISTS (SELECT FROM invoice_lines l JOIN gigs g
                                  ON g.organiser_id = l.organiser_id AND g.id = l.gig_id
                                  WHERE l.organiser_id = c.organiser_id AND g.client_id = c.id
                                    AND l.statement_id = NEW.id))) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'a settled statement stays as it is';
END $$;

-- How a place was runs out as before; until then only a mark may come where somebody's name was.
CREATE OR REPLACE FUNCTION place_history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM figures f
        WHERE f.organiser_id = OLD.organiser_id AND f.kind = 'retention' AND f.key = 'place_event'
          AND f.valid_from <= asked_at()::date
          AND (f.valid_to IS NULL OR f.valid_to > asked_at()::date)
          AND OLD.at < asked_at() - make_interval(days => f.amount)) THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'details' = to_jsonb(OLD) - 'details'
       AND strpos(NEW.details::text, '[erased]') > 0
       AND EXISTS (SELECT FROM clients c
                   WHERE c.organiser_id = NEW.organiser_id AND c.erased_at IS NOT NULL) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'place_events is append-only';
END $$;
