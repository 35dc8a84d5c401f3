-- Rest days are a client's own rule; a limit that tightens under a gig is flagged, never silent.

ALTER TABLE clients
    ADD COLUMN postcode text CONSTRAINT clients_postcode_fkey REFERENCES districts (postcode),
    ADD COLUMN rest_days smallint NOT NULL DEFAULT 0,
    ADD COLUMN one_new boolean NOT NULL DEFAULT false,
    ADD COLUMN assessed_by uuid,
    ADD COLUMN assessed_on date,
    ADD COLUMN review_on date,
    ADD CONSTRAINT client_rest_is_within_a_week CHECK (rest_days BETWEEN 0 AND 6);
ALTER TABLE coaches ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE units ADD COLUMN version integer NOT NULL DEFAULT 1;

CREATE TABLE upkeep_events (
    organiser_id bigint NOT NULL,
    id uuid NOT NULL,
    subject text NOT NULL,
    subject_id uuid NOT NULL,
    part text NOT NULL,
    version integer NOT NULL,
    at timestamptz NOT NULL,
    actor uuid,
    role text NOT NULL,
    CONSTRAINT upkeep_events_pkey PRIMARY KEY (organiser_id, id),
    CONSTRAINT upkeep_subject_is_known CHECK (
        subject IN ('client', 'coach', 'unit', 'stand_in', 'task', 'figure', 'register'))
);
CREATE INDEX upkeep_by_subject ON upkeep_events (organiser_id, subject_id, at);

CREATE TABLE client_practised (
    organiser_id bigint NOT NULL,
    client_id uuid NOT NULL,
    task_type_id uuid NOT NULL,
    CONSTRAINT client_practised_pkey PRIMARY KEY (organiser_id, client_id, task_type_id),
    CONSTRAINT client_practised_organiser_id_client_id_fkey
        FOREIGN KEY (organiser_id, client_id) REFERENCES clients (organiser_id, id),
    CONSTRAINT client_practised_organiser_id_task_type_id_fkey
        FOREIGN KEY (organiser_id, task_type_id) REFERENCES task_types (organiser_id, id)
);

CREATE TABLE unit_closures (
    organiser_id bigint NOT NULL,
    id uuid NOT NULL,
    unit_id uuid NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    CONSTRAINT unit_closures_pkey PRIMARY KEY (organiser_id, id),
    CONSTRAINT closure_has_days CHECK (first_day <= last_day),
    CONSTRAINT unit_closures_organiser_id_unit_id_fkey
        FOREIGN KEY (organiser_id, unit_id) REFERENCES units (organiser_id, id)
);

CREATE TABLE stand_ins (
    organiser_id bigint NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    deputy_id uuid NOT NULL,
    unit_id uuid NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    ended_at timestamptz,
    CONSTRAINT stand_ins_pkey PRIMARY KEY (organiser_id, id),
    CONSTRAINT stand_in_has_days CHECK (first_day <= last_day),
    CONSTRAINT stand_in_is_another CHECK (user_id <> deputy_id),
    CONSTRAINT stand_ins_organiser_id_user_id_fkey
        FOREIGN KEY (organiser_id, user_id) REFERENCES users (organiser_id, id),
    CONSTRAINT stand_ins_organiser_id_deputy_id_fkey
        FOREIGN KEY (organiser_id, deputy_id) REFERENCES users (organiser_id, id),
    CONSTRAINT stand_ins_organiser_id_unit_id_fkey
        FOREIGN KEY (organiser_id, unit_id) REFERENCES units (organiser_id, id)
);

-- I21: which rule that protects a person a live gig would break, or NULL. Local days and ISO weeks
-- are those of Europe/Helsinki. Daily rest 11 h and weekly rest 35 h: Working Hours Act 872/2019.
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
    rule := gig_rule_broken(org, gig);
    -- Limits may tighten while a gig is held: then a person has been shown it and sees to it.
    IF rule IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM flags f
        WHERE f.organiser_id = org AND f.gig_id = gig
          AND f.kind = 'over_limit' AND f.closed_at IS NULL) THEN
        PERFORM broken_promise('gig_keeps_the_rules', rule);
    END IF;
END $$;

CREATE OR REPLACE VIEW inv_21_limits_hold AS
SELECT organiser_id, id FROM gigs
WHERE status IN ('assigned', 'confirmed', 'in_progress') AND gig_rule_broken(organiser_id, id) IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM flags f
                  WHERE f.organiser_id = gigs.organiser_id AND f.gig_id = gigs.id
                    AND f.kind = 'over_limit' AND f.closed_at IS NULL);

-- I21 from the other side: a client's own limits never change under a gig without anybody seeing it.
CREATE FUNCTION client_keeps_promises() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own uuid;
BEGIN
    IF TG_TABLE_NAME = 'clients' THEN
        own := NEW.id;
    ELSE
        own := NEW.client_id;
    END IF;
    PERFORM gig_keeps_promises(g.organiser_id, g.id)
    FROM gigs g WHERE g.organiser_id = NEW.organiser_id AND g.client_id = own
      AND g.status IN ('assigned', 'confirmed', 'in_progress')
    ORDER BY g.id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER client_promises AFTER UPDATE OF week_minutes, week_gigs, rest_days ON clients
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION client_keeps_promises();
CREATE CONSTRAINT TRIGGER client_activity_promises AFTER INSERT OR UPDATE ON client_activity
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION client_keeps_promises();

CREATE TRIGGER upkeep_event_stays BEFORE UPDATE OR DELETE ON upkeep_events
    FOR EACH ROW EXECUTE FUNCTION history_stays();

SELECT raise_organiser_wall(name::regclass, 'organiser_id')
FROM unnest(ARRAY['upkeep_events', 'client_practised', 'unit_closures', 'stand_ins']) AS name;
GRANT SELECT ON upkeep_events, client_practised, unit_closures, stand_ins TO jobcenter_read, jobcenter_act;
GRANT INSERT, UPDATE, DELETE ON client_practised, unit_closures, stand_ins TO jobcenter_act;
GRANT INSERT ON upkeep_events TO jobcenter_act;
