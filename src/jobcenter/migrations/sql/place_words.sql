-- How a place was before somebody changed it runs out like how it is: once its days are over by the
-- organiser's own rule a line of its history may go. Until then nothing of it changes.
CREATE FUNCTION place_history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM figures f
        WHERE f.organiser_id = OLD.organiser_id AND f.kind = 'retention' AND f.key = 'place_event'
          AND f.valid_from <= asked_at()::date
          AND (f.valid_to IS NULL OR f.valid_to > asked_at()::date)
          AND OLD.at < asked_at() - make_interval(days => f.amount)) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'place_events is append-only';
END $$;
CREATE TRIGGER place_history_stays BEFORE UPDATE OR DELETE ON place_events
    FOR EACH ROW EXECUTE FUNCTION place_history_stays();
CREATE TRIGGER place_history_not_emptied BEFORE TRUNCATE ON place_events
    FOR EACH STATEMENT EXECUTE FUNCTION history_stays();

INSERT INTO figures (organiser_id, id, kind, key, amount, valid_from, source, standing)
SELECT o.id, gen_random_uuid(), 'retention', 'place_event', 730, '2020-01-01',
       'GDPR 5(1)(e): no longer than the purpose needs', 'assumed'
FROM organisers o
WHERE EXISTS (SELECT FROM figures f WHERE f.organiser_id = o.id AND f.kind = 'retention')
ON CONFLICT DO NOTHING;

-- The bounds of the law as before (0036), with those of this class.
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
    WHEN 'orderer' THEN amount BETWEEN 365 AND 1825
    WHEN 'client' THEN amount BETWEEN 3650 AND 3650
    WHEN 'pay' THEN amount BETWEEN 3650 AND 4015
    WHEN 'look' THEN amount BETWEEN 4380 AND 4380
    ELSE amount > 0
END) NOT VALID;
