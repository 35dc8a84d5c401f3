-- Two promises that only Python kept. A case closes once every report is seen to; and nobody is
-- counted past the mark from which a card is needed, also not by two who assign at once.

-- A report waits for whoever is just closing the case, and they for it: it comes before and is seen
-- to, or after and has a to-do of its own.
CREATE FUNCTION report_meets_no_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM clients c
    WHERE c.organiser_id = NEW.organiser_id AND c.id = NEW.client_id FOR SHARE;
    RETURN NEW;
END $$;
CREATE TRIGGER report_meets_no_closing BEFORE INSERT ON incidents
    FOR EACH ROW EXECUTE FUNCTION report_meets_no_closing();

CREATE FUNCTION case_closes_seen_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM incidents i
               WHERE i.organiser_id = NEW.organiser_id AND i.client_id = NEW.id
                 AND i.handled_at IS NULL) THEN
        PERFORM broken_promise('case_closes_seen_to', 'a report is not seen to');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER case_closes_seen_to AFTER UPDATE OF closed_on ON clients
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.closed_on IS NOT NULL AND OLD.closed_on IS NULL)
    EXECUTE FUNCTION case_closes_seen_to();

-- The card that a live gig needs because so much of the work is done before it, that its order does
-- not ask for anyway and its worker does not hold; as `orders.counting` says, or NULL.
CREATE FUNCTION gig_lacks_card(org bigint, gig uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    helsinki constant text := 'Europe/Helsinki';
    g gigs%ROWTYPE;
    rule counter_rules%ROWTYPE;
    on_day date;
    card text;
    done bigint;
BEGIN
    SELECT * INTO g FROM gigs WHERE organiser_id = org AND id = gig;
    IF NOT FOUND OR g.status NOT IN ('assigned', 'confirmed', 'in_progress') THEN
        RETURN NULL;
    END IF;
    on_day := (lower(g.during) AT TIME ZONE helsinki)::date;
    FOR card IN
        SELECT usual.code
        FROM orders o
        JOIN task_types t ON t.organiser_id = o.organiser_id AND t.id = o.task_type_id,
             unnest(t.qualifications) AS usual (code)
        WHERE o.organiser_id = org AND o.id = g.order_id AND usual.code IN ('HP', 'RC')
          AND usual.code <> ALL (o.qualifications)
          AND NOT EXISTS (SELECT FROM client_qualifications q
                          WHERE q.organiser_id = org AND q.client_id = g.client_id
                            AND q.code = usual.code
                            AND (q.valid_to IS NULL OR q.valid_to >= on_day))
    LOOP
        SELECT * INTO rule FROM counter_rules r
        WHERE r.organiser_id = org AND r.code = card AND r.valid_from <= on_day
          AND (r.valid_to IS NULL OR on_day < r.valid_to)
        ORDER BY r.valid_from DESC LIMIT 1;
        IF NOT FOUND THEN
            PERFORM broken_promise('counter_rule_is_written', 'no rule for ' || on_day);
        END IF;
        SELECT CASE WHEN rule.unit = 'hours'
                    THEN floor(sum(extract(epoch FROM upper(b.during) - lower(b.during))) / 3600)
                    ELSE count(DISTINCT (lower(b.during) AT TIME ZONE helsinki)::date) END
        INTO done
        FROM gigs b
        JOIN orders o ON o.organiser_id = b.organiser_id AND o.id = b.order_id
        JOIN task_types t ON t.organiser_id = o.organiser_id AND t.id = o.task_type_id
        WHERE b.organiser_id = org AND b.client_id = g.client_id AND b.kept_place IS NOT NULL
          AND card = ANY (t.qualifications) AND lower(b.during) < lower(g.during)
          AND (rule.per = 'ever'
               OR date_trunc('year', lower(b.during) AT TIME ZONE helsinki)
                  = date_trunc('year', on_day::timestamp));
        IF done >= rule.threshold THEN
            RETURN card;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

-- Asked of a gig that comes, or comes to another time, and of those after it, which it may push
-- past the mark. The client is locked first: two who assign at once are counted one after the
-- other. What stood before stays when a card runs out or a rule changes; a person sees to that.
CREATE FUNCTION counters_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM orders o
                   JOIN task_types t ON t.organiser_id = o.organiser_id AND t.id = o.task_type_id
                   WHERE o.organiser_id = NEW.organiser_id AND o.id = NEW.order_id
                     AND t.qualifications && '{HP,RC}') THEN
        RETURN NULL;
    END IF;
    PERFORM FROM clients c
    WHERE c.organiser_id = NEW.organiser_id AND c.id = NEW.client_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM gigs b
               WHERE b.organiser_id = NEW.organiser_id AND b.client_id = NEW.client_id
                 AND b.status IN ('assigned', 'confirmed', 'in_progress')
                 AND lower(b.during) >= lower(NEW.during)
                 AND gig_lacks_card(b.organiser_id, b.id) IS NOT NULL) THEN
        PERFORM broken_promise('counter_asks_for_card', 'so much is done that a card is needed');
    END IF;
    RETURN NULL;
END $$;
-- Triggers fire by name: this one locks the client before `closed_case_is_quiet` shares them, for two
-- that share a row would wait for each other.
CREATE CONSTRAINT TRIGGER card_is_asked_for AFTER INSERT OR UPDATE OF during ON gigs
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.status IN ('assigned', 'confirmed', 'in_progress'))
    EXECUTE FUNCTION counters_hold();
