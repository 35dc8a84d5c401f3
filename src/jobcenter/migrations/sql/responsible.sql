-- Clients from before: the coach of their own unit whom they met last, else the unit's only one.
UPDATE clients c SET coach_id = coalesce(
    (SELECT v.coach_id FROM gigs g
     JOIN visit_gigs vg ON vg.organiser_id = g.organiser_id AND vg.gig_id = g.id
     JOIN visits v ON v.organiser_id = vg.organiser_id AND v.id = vg.visit_id
     JOIN coaches k ON k.organiser_id = v.organiser_id AND k.id = v.coach_id
     WHERE g.organiser_id = c.organiser_id AND g.client_id = c.id AND vg.status <> 'free'
       AND k.active AND k.unit_id = c.unit_id
     ORDER BY lower(v.during) DESC, v.id LIMIT 1),
    (SELECT min(k.id::text)::uuid FROM coaches k
     WHERE k.organiser_id = c.organiser_id AND k.unit_id = c.unit_id AND k.active
     HAVING count(*) = 1))
WHERE c.erased_at IS NULL AND c.closed_on IS NULL;

-- Who is responsible works there: nobody leaves without a successor, and nobody gets who has left.
-- Both lock the other row, so that two who change both at once cannot pass each other.
CREATE FUNCTION client_has_a_working_coach() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM coaches k
    WHERE k.organiser_id = NEW.organiser_id AND k.id = NEW.coach_id AND k.active
    FOR SHARE;
    IF NOT FOUND THEN
        PERFORM broken_promise('responsible_coach_works', 'this coach does not work there');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER responsible_coach_works AFTER INSERT OR UPDATE OF coach_id ON clients
    FOR EACH ROW WHEN (NEW.coach_id IS NOT NULL) EXECUTE FUNCTION client_has_a_working_coach();

CREATE FUNCTION coach_has_a_successor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM clients c
               WHERE c.organiser_id = NEW.organiser_id AND c.coach_id = NEW.id
                 AND c.closed_on IS NULL) THEN
        PERFORM broken_promise('responsible_coach_has_a_successor', 'is responsible for clients');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER responsible_coach_has_a_successor AFTER UPDATE OF active ON coaches
    FOR EACH ROW WHEN (NOT NEW.active) EXECUTE FUNCTION coach_has_a_successor();
