-- A hold is history: it may end, once, and its words go with the person. Nothing else of it changes.
CREATE FUNCTION legal_hold_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ended constant text[] := '{ended_at,ended_by}';
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ended = to_jsonb(OLD) - ended
       AND OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason'
       AND NEW.reason = 'erased text'
       AND EXISTS (SELECT FROM clients c WHERE c.organiser_id = NEW.organiser_id
                     AND c.id = NEW.client_id AND c.erased_at IS NOT NULL) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'legal_holds only end';
END $$;
CREATE TRIGGER legal_hold_stays BEFORE UPDATE OR DELETE ON legal_holds
    FOR EACH ROW EXECUTE FUNCTION legal_hold_stays();

-- Why somebody took a gig back is words about a person; once its days are over by the organiser's own
-- rule it may go, and nothing else of the row. The other words go with the person, as before.
CREATE FUNCTION withdrawals_words_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.reason = 'erased text' AND OLD.to_status = 'withdrawn'
       AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason'
       AND EXISTS (SELECT FROM figures f
                   WHERE f.organiser_id = OLD.organiser_id AND f.kind = 'retention'
                     AND f.key = 'withdrawal' AND f.valid_from <= asked_at()::date
                     AND (f.valid_to IS NULL OR f.valid_to > asked_at()::date)
                     AND OLD.at < asked_at() - make_interval(days => f.amount)) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.reason = 'erased text'
       AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason'
       AND EXISTS (SELECT FROM gigs g
                   JOIN clients c ON c.organiser_id = g.organiser_id AND c.id = g.client_id
                   WHERE g.organiser_id = OLD.organiser_id AND g.id = OLD.gig_id
                     AND c.erased_at IS NOT NULL) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'gig_events is append-only';
END $$;
CREATE OR REPLACE TRIGGER gig_event_stays BEFORE UPDATE OR DELETE ON gig_events
    FOR EACH ROW EXECUTE FUNCTION withdrawals_words_go();

-- Organisers from before have the assumed days, as each class had when it came (0013).
INSERT INTO figures (organiser_id, id, kind, key, amount, valid_from, source, standing)
SELECT o.id, gen_random_uuid(), 'retention', 'withdrawal', 90, '2020-01-01',
       'GDPR 5(1)(e): no longer than the purpose needs', 'assumed'
FROM organisers o
WHERE EXISTS (SELECT FROM figures f WHERE f.organiser_id = o.id AND f.kind = 'retention')
ON CONFLICT DO NOTHING;
