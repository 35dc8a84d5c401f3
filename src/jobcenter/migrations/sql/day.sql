-- The day itself: a lost visit is seen to piece by piece, and what was said stays.

-- I4, as before, with one more way out: a client may agree to do without one piece, which its flag
-- then tells for good. A flag without a piece, from before, stands for the whole plan.
CREATE OR REPLACE FUNCTION gig_lacks_support(org bigint, gig uuid) RETURNS boolean
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
                AND f.kind = 'support_missing' AND (f.piece IS NULL OR f.piece = s.piece)
                AND (f.closed_at IS NULL OR f.outcome = 'goes_without')))
$$;

CREATE TRIGGER attendance_stays BEFORE UPDATE OR DELETE ON attendances
    FOR EACH ROW EXECUTE FUNCTION history_stays();

ALTER TABLE flags
    ADD CONSTRAINT flag_outcome_is_known
        CHECK (outcome IS NULL OR outcome IN ('booked', 'goes_without', 'called_off')),
    ADD CONSTRAINT flag_closes_with_outcome CHECK ((closed_at IS NULL) = (outcome IS NULL));
