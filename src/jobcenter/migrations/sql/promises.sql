-- What constraints alone cannot say, kept by triggers. Each raises under the name of a constraint,
-- so that `errors.BY_CONSTRAINT` can put it into a sentence.

CREATE FUNCTION broken_promise(promise text, sentence text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = promise, MESSAGE = sentence;
END $$;

-- I5: a gig moves only as `status_moves` allows, and begins as assigned.
CREATE FUNCTION gig_moves_legally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'assigned' THEN
            PERFORM broken_promise('gig_move_is_legal', 'a gig begins as assigned');
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.status IS DISTINCT FROM OLD.status AND NOT EXISTS (
        SELECT 1 FROM status_moves WHERE from_status = OLD.status AND to_status = NEW.status) THEN
        PERFORM broken_promise('gig_move_is_legal', OLD.status || ' to ' || NEW.status);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gig_move_is_legal BEFORE INSERT OR UPDATE OF status ON gigs
    FOR EACH ROW EXECUTE FUNCTION gig_moves_legally();

-- The same for orders; `orders.model.NEXT` says it in Python.
CREATE FUNCTION order_moves_legally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IS DISTINCT FROM OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('draft', 'in_review'), ('draft', 'open'), ('draft', 'cancelled'),
        ('in_review', 'open'), ('in_review', 'cancelled'),
        ('open', 'closed'), ('open', 'cancelled')) THEN
        PERFORM broken_promise('order_move_is_legal', OLD.status || ' to ' || NEW.status);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER order_move_is_legal BEFORE UPDATE OF status ON orders
    FOR EACH ROW EXECUTE FUNCTION order_moves_legally();

-- I4: every piece of the support plan of a live gig is held, and booked once the client said yes,
-- unless its loss is flagged.
CREATE FUNCTION gig_lacks_support(org bigint, gig uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1
        FROM gigs g JOIN gig_supports s ON s.organiser_id = g.organiser_id AND s.gig_id = g.id
        WHERE g.organiser_id = org AND g.id = gig
          AND g.status IN ('assigned', 'confirmed', 'in_progress')
          AND NOT EXISTS (
              SELECT 1
              FROM visit_gigs vg JOIN visits v ON v.organiser_id = vg.organiser_id AND v.id = vg.visit_id
              WHERE vg.organiser_id = g.organiser_id AND vg.gig_id = g.id AND vg.piece = s.piece
                AND v.status IN ('held', 'booked')
                AND (vg.status = 'booked' OR (vg.status = 'held' AND g.status = 'assigned')))
          AND NOT EXISTS (
              SELECT 1 FROM flags f
              WHERE f.organiser_id = g.organiser_id AND f.gig_id = g.id
                AND f.kind = 'support_missing' AND f.closed_at IS NULL))
$$;

-- I21: which rule that protects a person a live gig would break, or NULL. Local days and ISO weeks
-- are those of Europe/Helsinki. Daily rest 11 h and weekly rest 35 h: Working Hours Act 872/2019.
CREATE FUNCTION gig_rule_broken(org bigint, gig uuid) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g gigs%ROWTYPE;
    c clients%ROWTYPE;
    zone constant text := 'Europe/Helsinki';
    week_begins timestamptz;
    week_ends timestamptz;
    minutes numeric;
    howmany bigint;
    longest_rest interval;
BEGIN
    SELECT * INTO g FROM gigs WHERE organiser_id = org AND id = gig;
    IF NOT FOUND OR g.status NOT IN ('assigned', 'confirmed', 'in_progress') THEN
        RETURN NULL;
    END IF;
    SELECT * INTO c FROM clients WHERE organiser_id = org AND id = g.client_id;

    IF EXISTS (
        SELECT 1
        FROM client_activity a,
             generate_series(date_trunc('day', lower(g.during) AT TIME ZONE zone),
                             date_trunc('day', upper(g.during) AT TIME ZONE zone),
                             interval '1 day') AS day
        WHERE a.organiser_id = org AND a.client_id = g.client_id
          AND a.weekday = extract(isodow FROM day)::int - 1
          AND g.during && tstzrange((day + make_interval(mins => a.from_minute)) AT TIME ZONE zone,
                                    (day + make_interval(mins => a.to_minute)) AT TIME ZONE zone)) THEN
        RETURN 'activity';
    END IF;

    IF EXISTS (
        SELECT 1 FROM gigs b
        WHERE b.organiser_id = org AND b.client_id = g.client_id AND b.id <> g.id
          AND b.status IN ('assigned', 'confirmed', 'in_progress', 'done', 'approved', 'invoiced')
          AND (lower(b.during) AT TIME ZONE zone)::date <> (lower(g.during) AT TIME ZONE zone)::date
          AND b.during && tstzrange(lower(g.during) - interval '11 hours',
                                    upper(g.during) + interval '11 hours')) THEN
        RETURN 'daily_rest';
    END IF;

    week_begins := date_trunc('week', lower(g.during) AT TIME ZONE zone) AT TIME ZONE zone;
    week_ends := (date_trunc('week', lower(g.during) AT TIME ZONE zone) + interval '7 days')
                 AT TIME ZONE zone;
    SELECT coalesce(sum(extract(epoch FROM upper(b.during) - lower(b.during)) / 60), 0), count(*)
    INTO minutes, howmany
    FROM gigs b
    WHERE b.organiser_id = org AND b.client_id = g.client_id
      AND b.status IN ('assigned', 'confirmed', 'in_progress', 'done', 'approved', 'invoiced')
      AND lower(b.during) >= week_begins AND lower(b.during) < week_ends;
    IF minutes > c.week_minutes THEN
        RETURN 'week_minutes';
    END IF;
    IF howmany > c.week_gigs THEN
        RETURN 'week_gigs';
    END IF;

    -- A gig over Sunday's midnight touches two weeks, and each needs its rest.
    FOR week_begins, week_ends IN
        SELECT DISTINCT date_trunc('week', moment AT TIME ZONE zone) AT TIME ZONE zone,
                        (date_trunc('week', moment AT TIME ZONE zone) + interval '7 days')
                            AT TIME ZONE zone
        FROM unnest(ARRAY[lower(g.during), upper(g.during) - interval '1 second']) AS moment
    LOOP
        WITH busy AS (
            SELECT lower(b.during) AS begins, upper(b.during) AS ends FROM gigs b
            WHERE b.organiser_id = org AND b.client_id = g.client_id
              AND b.status IN ('assigned', 'confirmed', 'in_progress', 'done', 'approved', 'invoiced')
              AND b.during && tstzrange(week_begins, week_ends)
            UNION ALL SELECT week_begins, week_begins
            UNION ALL SELECT week_ends, week_ends
        )
        SELECT max(rest) INTO longest_rest
        FROM (SELECT begins - max(ends) OVER (ORDER BY begins, ends
                  ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS rest FROM busy) AS rests;
        IF longest_rest < interval '35 hours' THEN
            RETURN 'weekly_rest';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

-- What a live gig must have at the end of the transaction. The gig is locked first, so that two
-- transactions that each take away one of two visits cannot both believe in the other.
CREATE FUNCTION gig_keeps_promises(org bigint, gig uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    g gigs%ROWTYPE;
    o orders%ROWTYPE;
    rule text;
BEGIN
    SELECT * INTO g FROM gigs WHERE organiser_id = org AND id = gig FOR UPDATE;
    IF NOT FOUND OR g.status NOT IN ('assigned', 'confirmed', 'in_progress') THEN
        RETURN;
    END IF;
    SELECT * INTO o FROM orders WHERE organiser_id = org AND id = g.order_id;
    IF o.status <> 'open' THEN
        PERFORM broken_promise('gig_on_a_living_order', 'the order is ' || o.status);
    END IF;
    IF o.start IS DISTINCT FROM lower(g.during) THEN
        PERFORM broken_promise('gig_at_the_orders_start', 'the gig starts at another time');
    END IF;
    IF gig_lacks_support(org, gig) THEN
        PERFORM broken_promise('gig_has_its_support', 'a visit of the support plan is missing');
    END IF;
    rule := gig_rule_broken(org, gig);
    IF rule IS NOT NULL THEN
        PERFORM broken_promise('gig_keeps_the_rules', rule);
    END IF;
END $$;

CREATE FUNCTION gig_row_keeps_promises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM gig_keeps_promises(NEW.organiser_id, NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER gig_promises AFTER INSERT OR UPDATE ON gigs
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gig_row_keeps_promises();

CREATE FUNCTION part_of_gig_keeps_promises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM gig_keeps_promises(OLD.organiser_id, OLD.gig_id);
    ELSE
        PERFORM gig_keeps_promises(NEW.organiser_id, NEW.gig_id);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER visit_gig_promises AFTER UPDATE OR DELETE ON visit_gigs
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION part_of_gig_keeps_promises();
CREATE CONSTRAINT TRIGGER flag_promises AFTER UPDATE OR DELETE ON flags
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION part_of_gig_keeps_promises();
CREATE CONSTRAINT TRIGGER gig_support_promises AFTER INSERT OR UPDATE OR DELETE ON gig_supports
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION part_of_gig_keeps_promises();

CREATE FUNCTION visit_keeps_promises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM gig_keeps_promises(vg.organiser_id, vg.gig_id)
    FROM visit_gigs vg WHERE vg.organiser_id = NEW.organiser_id AND vg.visit_id = NEW.id
    ORDER BY vg.gig_id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER visit_promises AFTER UPDATE ON visits
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION visit_keeps_promises();

-- I20: an order that stops being open leaves no live gig behind.
CREATE FUNCTION order_keeps_promises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM gig_keeps_promises(g.organiser_id, g.id)
    FROM gigs g WHERE g.organiser_id = NEW.organiser_id AND g.order_id = NEW.id
      AND g.status IN ('assigned', 'confirmed', 'in_progress')
    ORDER BY g.id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER order_promises AFTER UPDATE OF status, start ON orders
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION order_keeps_promises();

-- The history is never rewritten.
CREATE FUNCTION history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = TG_TABLE_NAME || ' is append-only';
END $$;
CREATE TRIGGER look_stays BEFORE UPDATE OR DELETE ON looks
    FOR EACH ROW EXECUTE FUNCTION history_stays();
CREATE TRIGGER gig_event_stays BEFORE UPDATE OR DELETE ON gig_events
    FOR EACH ROW EXECUTE FUNCTION history_stays();
CREATE TRIGGER order_event_stays BEFORE UPDATE OR DELETE ON order_events
    FOR EACH ROW EXECUTE FUNCTION history_stays();
CREATE TRIGGER earnings_entry_stays BEFORE UPDATE OR DELETE ON earnings_entries
    FOR EACH ROW EXECUTE FUNCTION history_stays();

-- The matcher listens for what changed.
CREATE FUNCTION change_is_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('jobcenter_changes', NEW.organiser_id::text);
    RETURN NULL;
END $$;
CREATE TRIGGER change_told AFTER INSERT ON changes
    FOR EACH ROW EXECUTE FUNCTION change_is_told();

-- What an order is called on the phone.
CREATE SEQUENCE order_numbers START 1001;
