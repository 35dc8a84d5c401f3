-- Erasing: what is only ever added lets go of the words, and of the benefits, of the erased alone.

-- A row about a gig of somebody who was erased may change in its column of words, and nowhere else.
CREATE FUNCTION only_words_go() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    words constant text := TG_ARGV[0];
    before constant jsonb := to_jsonb(OLD);
    after jsonb;
    gig uuid;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        after := to_jsonb(NEW);
        gig := coalesce(before ->> 'gig_id', before -> 'details' ->> 'gig');
        IF after - words = before - words
           AND (after ->> words = 'erased text'
                OR after -> words = before -> words || '{"reason": "erased text"}')
           AND EXISTS (SELECT FROM gigs g
                       JOIN clients c ON c.organiser_id = g.organiser_id AND c.id = g.client_id
                       WHERE g.organiser_id = NEW.organiser_id AND g.id = gig
                         AND c.erased_at IS NOT NULL) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = TG_TABLE_NAME || ' is append-only';
END $$;
CREATE OR REPLACE TRIGGER gig_event_stays BEFORE UPDATE OR DELETE ON gig_events
    FOR EACH ROW EXECUTE FUNCTION only_words_go('reason');
CREATE OR REPLACE TRIGGER attendance_stays BEFORE UPDATE OR DELETE ON attendances
    FOR EACH ROW EXECUTE FUNCTION only_words_go('note');
CREATE OR REPLACE TRIGGER hours_record_stays BEFORE UPDATE OR DELETE ON hours_records
    FOR EACH ROW EXECUTE FUNCTION only_words_go('reason');
CREATE OR REPLACE TRIGGER order_event_stays BEFORE UPDATE OR DELETE ON order_events
    FOR EACH ROW EXECUTE FUNCTION only_words_go('details');

-- Which benefit pay was counted against says more than the books need.
CREATE FUNCTION ledger_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM clients c WHERE c.organiser_id = OLD.organiser_id
                                    AND c.id = OLD.client_id AND c.erased_at IS NOT NULL) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = TG_TABLE_NAME || ' is append-only';
END $$;
CREATE OR REPLACE TRIGGER earnings_entry_stays BEFORE UPDATE OR DELETE ON earnings_entries
    FOR EACH ROW EXECUTE FUNCTION ledger_stays();

-- I26: whoever was erased has no key and no name; notes without the key are noise, and no machine
-- may read them.
CREATE VIEW inv_26_erased_means_gone AS
SELECT c.organiser_id, c.id FROM clients c
WHERE c.erased_at IS NOT NULL
  AND (EXISTS (SELECT FROM client_keys k
               WHERE k.organiser_id = c.organiser_id AND k.client_id = c.id)
    OR EXISTS (SELECT FROM client_contacts k
               WHERE k.organiser_id = c.organiser_id AND k.client_id = c.id)
    OR NOT EXISTS (SELECT FROM erasures e
                   WHERE e.organiser_id = c.organiser_id AND e.client_id = c.id));

-- I17, as before, for whose links are still there.
CREATE OR REPLACE VIEW inv_17_link_acts_once AS
SELECT e.organiser_id, e.gig_id AS id FROM gig_events e
WHERE e.via = 'link' AND e.from_status = 'assigned'
GROUP BY e.organiser_id, e.gig_id HAVING count(*) > 1
UNION ALL
SELECT g.organiser_id, g.id FROM gigs g
WHERE g.answered_via = 'link' AND NOT EXISTS (
    SELECT 1 FROM links l WHERE l.organiser_id = g.organiser_id AND l.gig_id = g.id
      AND l.used_at IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM clients c WHERE c.organiser_id = g.organiser_id
                  AND c.id = g.client_id AND c.erased_at IS NOT NULL);

-- I20, as before, for whose messages are still there: neither erased nor let go by their age.
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
                  AND s.record_class = 'delivery' AND e.at < s.at - make_interval(days => s.days));
