-- On a day when their unit is closed nobody is at activity there: its hours are free for a gig.

CREATE OR REPLACE FUNCTION gig_rule_broken(org bigint, gig uuid) RETURNS text
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
          -- Closed days end the activity in the unit, not that at somebody else's.
          AND (a.place_id IS NOT NULL OR NOT EXISTS (
              SELECT FROM unit_closures u
              WHERE u.organiser_id = org AND u.unit_id = c.unit_id
                AND day::date BETWEEN u.first_day AND u.last_day))
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

    -- The client's own rest days lie between the days with gigs.
    IF c.rest_days > 0 AND EXISTS (
        SELECT 1 FROM gigs b
        WHERE b.organiser_id = org AND b.client_id = g.client_id AND b.id <> g.id
          AND b.status IN ('assigned', 'confirmed', 'in_progress', 'done', 'approved', 'invoiced')
          AND abs((lower(b.during) AT TIME ZONE zone)::date - (lower(g.during) AT TIME ZONE zone)::date)
              BETWEEN 1 AND c.rest_days) THEN
        RETURN 'rest_days';
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
CREATE OR REPLACE FUNCTION gig_keeps_promises(org bigint, gig uuid) RETURNS void LANGUAGE plpgsql AS $$
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
    -- A closure that this gig may lean on is not taken back until the gig is there to be seen.
    PERFORM FROM unit_closures u JOIN clients c
        ON c.organiser_id = u.organiser_id AND c.unit_id = u.unit_id
    WHERE c.organiser_id = org AND c.id = g.client_id
      AND g.during && tstzrange(u.first_day::timestamp AT TIME ZONE 'Europe/Helsinki',
                                (u.last_day + 1)::timestamp AT TIME ZONE 'Europe/Helsinki')
    FOR KEY SHARE OF u;
    rule := gig_rule_broken(org, gig);
    -- Limits may tighten while a gig is held: then a person has been shown it and sees to it.
    IF rule IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM flags f
        WHERE f.organiser_id = org AND f.gig_id = gig
          AND f.kind = 'over_limit' AND f.closed_at IS NULL) THEN
        PERFORM broken_promise('gig_keeps_the_rules', rule);
    END IF;
END $$;

-- A closure taken back finds the gigs that lean on it: each is flagged, or the closure stays.
CREATE FUNCTION closure_keeps_promises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM gig_keeps_promises(g.organiser_id, g.id)
    FROM gigs g JOIN clients c ON c.organiser_id = g.organiser_id AND c.id = g.client_id
    WHERE c.organiser_id = OLD.organiser_id AND c.unit_id = OLD.unit_id
      AND g.status IN ('assigned', 'confirmed', 'in_progress')
      AND g.during && tstzrange(OLD.first_day::timestamp AT TIME ZONE 'Europe/Helsinki',
                                (OLD.last_day + 1)::timestamp AT TIME ZONE 'Europe/Helsinki')
    ORDER BY g.id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER closure_promises AFTER UPDATE OR DELETE ON unit_closures
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION closure_keeps_promises();
