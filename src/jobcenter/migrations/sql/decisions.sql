-- Decisions on services with their days, which coaching needs which of them, and what the law says
-- of days of work activity.

CREATE TABLE service_decisions (
    organiser_id bigint NOT NULL,
    id uuid NOT NULL,
    client_id uuid NOT NULL,
    kind text NOT NULL,
    first_day date NOT NULL,
    last_day date,
    reference text NOT NULL,
    recorded_by uuid,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT service_decisions_pkey PRIMARY KEY (organiser_id, id),
    CONSTRAINT decision_has_days CHECK (first_day <= last_day),
    -- A reference is a number of the authority's own system, not a text about a person.
    CONSTRAINT decision_reference_is_a_number
        CHECK (reference ~ '[0-9]' AND char_length(reference) <= 40),
    CONSTRAINT service_decisions_organiser_id_client_id_fkey
        FOREIGN KEY (organiser_id, client_id) REFERENCES clients (organiser_id, id)
);
CREATE INDEX decision_by_client ON service_decisions (organiser_id, client_id);
CREATE INDEX decision_by_last_day ON service_decisions (organiser_id, last_day);

CREATE TABLE coaching_rules (
    organiser_id bigint NOT NULL,
    id uuid NOT NULL,
    coaching text NOT NULL,
    legal_basis text NOT NULL,
    needs text,
    valid_from date NOT NULL,
    valid_to date,
    source text NOT NULL,
    standing text NOT NULL,
    CONSTRAINT coaching_rules_pkey PRIMARY KEY (organiser_id, id),
    CONSTRAINT coaching_is_known CHECK (coaching IN ('own_unit', 'other_unit')),
    CONSTRAINT coaching_rule_lasts CHECK (valid_to IS NULL OR valid_from < valid_to),
    CONSTRAINT coaching_rule_standing_is_known CHECK (standing IN ('assumed', 'confirmed')),
    CONSTRAINT coaching_rules_organiser_id_coaching_legal_basis_valid_from_key
        UNIQUE (organiser_id, coaching, legal_basis, valid_from),
    CONSTRAINT coaching_rules_organiser_id_fkey
        FOREIGN KEY (organiser_id) REFERENCES organisers (id)
);
-- Whoever works already goes on as before: no gig visit needed a decision until today.
INSERT INTO coaching_rules
SELECT id, gen_random_uuid(), coaching, '', NULL, '2020-01-01', NULL,
       'As before decisions were kept, to be confirmed by the city', 'assumed'
FROM organisers, unnest(ARRAY['own_unit', 'other_unit']) AS coaching;

-- The decision that a coach visit of that day lacks, or NULL. A missing rule stops.
CREATE FUNCTION decision_lacking(org bigint, whose uuid, by_coach uuid, on_day date) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    law text;
    wanted text;
BEGIN
    SELECT c.legal_basis, CASE WHEN k.unit_id = c.unit_id THEN 'own_unit' ELSE 'other_unit' END
    INTO law, wanted
    FROM clients c JOIN coaches k ON k.organiser_id = c.organiser_id AND k.id = by_coach
    WHERE c.organiser_id = org AND c.id = whose;
    SELECT r.needs INTO wanted FROM coaching_rules r
    WHERE r.organiser_id = org AND r.coaching = wanted AND r.legal_basis IN ('', law)
      AND r.valid_from <= on_day AND (r.valid_to IS NULL OR on_day < r.valid_to)
    ORDER BY r.legal_basis <> '' DESC, r.valid_from DESC LIMIT 1;
    IF NOT FOUND THEN
        PERFORM broken_promise('coaching_rule_is_written', 'no rule for ' || on_day);
    END IF;
    IF wanted IS NULL OR EXISTS (
        SELECT 1 FROM service_decisions d
        WHERE d.organiser_id = org AND d.client_id = whose AND d.kind = wanted
          AND d.first_day <= on_day AND (d.last_day IS NULL OR on_day <= d.last_day)) THEN
        RETURN NULL;
    END IF;
    RETURN wanted;
END $$;

-- Whatever is booked anew, or moved to a later day, lies within its decision. A decision that ends
-- takes nothing away: a visit that is booked stays until a person does something about it.
CREATE FUNCTION visit_keeps_decision(org bigint, visit uuid, gig uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    found_lacking text;
BEGIN
    SELECT decision_lacking(org, g.client_id, v.coach_id,
                            (upper(v.during) AT TIME ZONE 'Europe/Helsinki')::date)
    INTO found_lacking
    FROM visit_gigs vg
    JOIN visits v ON v.organiser_id = vg.organiser_id AND v.id = vg.visit_id
    JOIN gigs g ON g.organiser_id = vg.organiser_id AND g.id = vg.gig_id
    WHERE vg.organiser_id = org AND vg.visit_id = visit AND vg.gig_id = gig
      AND vg.status IN ('held', 'booked');
    IF found_lacking IS NOT NULL THEN
        PERFORM broken_promise('visit_within_decision', 'no ' || found_lacking || ' that day');
    END IF;
END $$;
CREATE FUNCTION booked_visit_keeps_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM visit_keeps_decision(NEW.organiser_id, NEW.visit_id, NEW.gig_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER visit_decisions AFTER INSERT ON visit_gigs
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION booked_visit_keeps_decision();
CREATE FUNCTION moved_visit_keeps_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.coach_id <> OLD.coach_id OR (upper(NEW.during) AT TIME ZONE 'Europe/Helsinki')::date
       > (upper(OLD.during) AT TIME ZONE 'Europe/Helsinki')::date THEN
        PERFORM visit_keeps_decision(vg.organiser_id, vg.visit_id, vg.gig_id)
        FROM visit_gigs vg WHERE vg.organiser_id = NEW.organiser_id AND vg.visit_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER moved_visit_decisions AFTER UPDATE OF during, coach_id ON visits
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION moved_visit_keeps_decision();

-- Where activity takes place, if not in the unit: never at a company, whose work is always paid.
ALTER TABLE client_activity
    ADD COLUMN place_id uuid,
    ADD CONSTRAINT client_activity_organiser_id_place_id_fkey
        FOREIGN KEY (organiser_id, place_id) REFERENCES parties (organiser_id, id);
CREATE FUNCTION activity_is_at_no_company() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM parties p WHERE p.organiser_id = NEW.organiser_id
               AND p.id = NEW.place_id AND p.kind = 'company') THEN
        PERFORM broken_promise('activity_place_is_no_company', 'activity at a company');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER activity_place_is_no_company BEFORE INSERT OR UPDATE ON client_activity
    FOR EACH ROW EXECUTE FUNCTION activity_is_at_no_company();
CREATE FUNCTION company_has_no_activity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind = 'company' AND EXISTS (
        SELECT 1 FROM client_activity a
        WHERE a.organiser_id = NEW.organiser_id AND a.place_id = NEW.id) THEN
        PERFORM broken_promise('activity_place_is_no_company', 'activity at a company');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER company_has_no_activity BEFORE UPDATE OF kind ON parties
    FOR EACH ROW EXECUTE FUNCTION company_has_no_activity();

-- How many days of activity a week a law allows is a figure.
INSERT INTO figures (organiser_id, id, kind, key, amount, valid_from, source, standing)
SELECT id, gen_random_uuid(), 'activity_days', '189/2001', 4, '2020-01-01',
       'Act 189/2001, section 13, to be confirmed by the city', 'assumed'
FROM organisers;
CREATE FUNCTION activity_stays_within_law() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own uuid;
    most integer;
BEGIN
    IF TG_TABLE_NAME = 'clients' THEN
        own := NEW.id;
    ELSE
        own := NEW.client_id;
    END IF;
    SELECT f.amount INTO most
    FROM clients c JOIN figures f ON f.organiser_id = c.organiser_id AND f.key = c.legal_basis
    WHERE c.organiser_id = NEW.organiser_id AND c.id = own AND f.kind = 'activity_days'
      AND f.valid_from <= current_date AND (f.valid_to IS NULL OR current_date < f.valid_to)
    ORDER BY f.valid_from DESC LIMIT 1;
    IF (SELECT count(*) FROM client_activity a
        WHERE a.organiser_id = NEW.organiser_id AND a.client_id = own) > most THEN
        PERFORM broken_promise('activity_days_within_law', 'at most ' || most || ' days a week');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER activity_days AFTER INSERT ON client_activity
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION activity_stays_within_law();
CREATE CONSTRAINT TRIGGER activity_days_of_law AFTER UPDATE OF legal_basis ON clients
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION activity_stays_within_law();
