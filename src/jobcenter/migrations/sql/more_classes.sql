-- What had no class of record has one: words of orders, organisations and staff that are reached no more,
-- to-dos, lists, logs beside that of looks, and ways in that have run out.

INSERT INTO figures (organiser_id, id, kind, key, amount, valid_from, source, standing)
SELECT o.id, gen_random_uuid(), 'retention', c.key, c.days, '2020-01-01', c.law, 'assumed'
FROM organisers o, (VALUES
       ('order_text', 730, 'GDPR 5(1)(e): no longer than the purpose needs'),
       ('party', 1095, 'GDPR 5(1)(e): no longer than the purpose needs'),
       ('account', 365, 'GDPR 5(1)(e): no longer than the purpose needs'),
       ('account_name', 4380, 'Client Data Act 703/2023: use logs, 12 years'),
       ('todo', 365, 'GDPR 5(1)(e): no longer than the purpose needs'),
       ('list_change', 1825, 'GDPR 5(2): who is responsible can show what held and who changed it'),
       ('way_in', 2, 'GDPR 5(1)(e): no longer than the purpose needs'),
       ('tries', 1, 'GDPR 5(1)(e): no longer than the purpose needs'),
       ('disclosure', 4380, 'Client Data Act 703/2023: use logs, 12 years'),
       ('emergency', 4380, 'Client Data Act 703/2023: use logs, 12 years'),
       ('benefit_talk', 4380, 'Client Data Act 703/2023: use logs, 12 years'),
       ('right_event', 4380, 'Client Data Act 703/2023: use logs, 12 years'),
       ('upkeep_event', 4380, 'Client Data Act 703/2023: use logs, 12 years')
) AS c (key, days, law)
WHERE EXISTS (SELECT FROM figures f WHERE f.organiser_id = o.id AND f.kind = 'retention')
ON CONFLICT DO NOTHING;

-- The bounds of the law as before, with those of these classes.
ALTER TABLE figures DROP CONSTRAINT retention_within_law;
ALTER TABLE figures ADD CONSTRAINT retention_within_law CHECK (kind <> 'retention' OR CASE key
    WHEN 'draft' THEN amount BETWEEN 7 AND 90
    WHEN 'answer' THEN amount BETWEEN 1 AND 7
    WHEN 'message' THEN amount BETWEEN 1 AND 30
    WHEN 'near_miss' THEN amount BETWEEN 30 AND 365
    WHEN 'proposal' THEN amount BETWEEN 30 AND 365
    WHEN 'offer' THEN amount BETWEEN 30 AND 365
    WHEN 'withdrawal' THEN amount BETWEEN 30 AND 365
    WHEN 'delivery' THEN amount BETWEEN 180 AND 730
    WHEN 'reply' THEN amount BETWEEN 30 AND 365
    WHEN 'feedback' THEN amount BETWEEN 90 AND 1095
    WHEN 'incident' THEN amount BETWEEN 1827 AND 3650
    WHEN 'place' THEN amount BETWEEN 365 AND 1825
    WHEN 'photo' THEN amount BETWEEN 365 AND 1825
    WHEN 'place_event' THEN amount BETWEEN 365 AND 1825
    WHEN 'contact' THEN amount BETWEEN 90 AND 1095
    WHEN 'order_text' THEN amount BETWEEN 365 AND 1825
    WHEN 'orderer' THEN amount BETWEEN 365 AND 1825
    WHEN 'party' THEN amount BETWEEN 365 AND 1825
    WHEN 'account' THEN amount BETWEEN 30 AND 1095
    WHEN 'todo' THEN amount BETWEEN 90 AND 730
    WHEN 'list_change' THEN amount BETWEEN 730 AND 3650
    WHEN 'way_in' THEN amount BETWEEN 1 AND 30
    WHEN 'tries' THEN amount BETWEEN 1 AND 7
    WHEN 'client' THEN amount BETWEEN 3650 AND 3650
    WHEN 'pay' THEN amount BETWEEN 3650 AND 4015
    WHEN 'look' THEN amount BETWEEN 4380 AND 4380
    WHEN 'disclosure' THEN amount BETWEEN 4380 AND 4380
    WHEN 'emergency' THEN amount BETWEEN 4380 AND 4380
    WHEN 'benefit_talk' THEN amount BETWEEN 4380 AND 4380
    WHEN 'right_event' THEN amount BETWEEN 4380 AND 4380
    WHEN 'upkeep_event' THEN amount BETWEEN 4380 AND 4380
    WHEN 'account_name' THEN amount BETWEEN 4380 AND 4380
    ELSE amount > 0
END) NOT VALID;

-- Whether the organiser's own rule lets go of what is as old as that.
CREATE FUNCTION has_run_out(organiser bigint, class text, since timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM figures f
        WHERE f.organiser_id = organiser AND f.kind = 'retention' AND f.key = class
          AND f.valid_from <= asked_at()::date
          AND (f.valid_to IS NULL OR f.valid_to > asked_at()::date)
          AND since < asked_at() - make_interval(days => f.amount));
END $$;

-- Who changed a record stays as it was written, until the years of the use log are over.
CREATE FUNCTION upkeep_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND has_run_out(OLD.organiser_id, 'upkeep_event', OLD.at) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'upkeep_events is append-only';
END $$;

CREATE OR REPLACE TRIGGER upkeep_event_stays BEFORE UPDATE OR DELETE ON upkeep_events
    FOR EACH ROW EXECUTE FUNCTION upkeep_stays();

CREATE OR REPLACE FUNCTION list_change_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    steps constant text[] := ARRAY['applied_at', 'undone_at'];
BEGIN
    IF TG_OP = 'DELETE' AND (OLD.applied_at IS NOT NULL OR OLD.undone_at IS NOT NULL)
       AND has_run_out(OLD.organiser_id, 'list_change', OLD.at) THEN
        RETURN OLD;
    END IF;
    IF TG_OP <> 'UPDATE'
       OR to_jsonb(NEW) - steps IS DISTINCT FROM to_jsonb(OLD) - steps
       OR (OLD.applied_at IS NOT NULL AND NEW.applied_at IS DISTINCT FROM OLD.applied_at)
       OR (OLD.undone_at IS NOT NULL AND NEW.undone_at IS DISTINCT FROM OLD.undone_at) THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'list_changes is append-only';
    END IF;
    RETURN NEW;
END $$;

-- I20, as before, for what is still there: neither erased nor let go by its age.
CREATE OR REPLACE VIEW inv_20_no_live_gig_on_a_dead_order AS
SELECT g.organiser_id, g.id FROM gigs g JOIN orders o
    ON o.organiser_id = g.organiser_id AND o.id = g.order_id
WHERE g.status IN ('assigned', 'confirmed', 'in_progress') AND o.status <> 'open'
UNION ALL
SELECT g.organiser_id, g.id FROM gigs g JOIN gig_events e
    ON e.organiser_id = g.organiser_id AND e.gig_id = g.id AND e.to_status = 'cancelled'
WHERE NOT EXISTS (SELECT 1 FROM notices n WHERE n.organiser_id = g.organiser_id
                  AND n.gig_id = g.id AND n.kind = 'cancelled')
  AND NOT EXISTS (SELECT 1 FROM todos t WHERE t.organiser_id = g.organiser_id
                  AND t.gig_id = g.id AND t.kind = 'call_cancelled')
  AND NOT EXISTS (SELECT 1 FROM clients c WHERE c.organiser_id = g.organiser_id
                  AND c.id = g.client_id AND c.erased_at IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM retention_sweeps s WHERE s.organiser_id = g.organiser_id
                  AND s.record_class IN ('delivery', 'todo') AND e.at < s.at - make_interval(days => s.days));
