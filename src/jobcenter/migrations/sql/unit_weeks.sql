-- Closed days are read from the units' closures alone: what was copied from one to its coaches goes.
-- A copy was written with its closure, in the same moment; a coach's own holiday of the same days
-- was not, and stays.
DELETE FROM coach_absences a
USING coaches c, unit_closures u
WHERE c.organiser_id = a.organiser_id AND c.id = a.coach_id
  AND u.organiser_id = c.organiser_id AND u.unit_id = c.unit_id
  AND a.during = tstzrange(u.first_day::timestamp AT TIME ZONE 'Europe/Helsinki',
                           (u.last_day + 1)::timestamp AT TIME ZONE 'Europe/Helsinki')
  AND a.id > u.id
  -- The first 48 bits of these ids are milliseconds.
  AND ('x' || left(replace(a.id::text, '-', ''), 12))::bit(48)::bigint
    - ('x' || left(replace(u.id::text, '-', ''), 12))::bit(48)::bigint < 60000;

-- A break is the unit's to note, the pool is the client's to agree to.
ALTER TABLE clients ADD COLUMN IF NOT EXISTS paused boolean NOT NULL DEFAULT false;

-- Whoever is out of the pool and never left it by a word of their own, or by the end of their case,
-- had a break written down.
UPDATE clients c SET paused = true, in_pool = true
WHERE NOT c.in_pool AND c.closed_on IS NULL AND c.erased_at IS NULL
  AND NOT EXISTS (SELECT FROM upkeep_events e
                  WHERE e.organiser_id = c.organiser_id AND e.subject = 'client'
                    AND e.subject_id = c.id AND e.part = 'closed')
  AND (EXISTS (SELECT FROM client_consents s
               WHERE s.organiser_id = c.organiser_id AND s.client_id = c.id
                 AND s.purpose = 'pool' AND s.withdrawn_at IS NULL)
       OR NOT EXISTS (SELECT FROM client_consents s
                      WHERE s.organiser_id = c.organiser_id AND s.client_id = c.id
                        AND s.purpose = 'pool'));

-- Whoever withdrew and was brought back by the end of a break is out again, as they said.
UPDATE clients c SET in_pool = false
WHERE c.in_pool
  AND EXISTS (SELECT FROM client_consents s
              WHERE s.organiser_id = c.organiser_id AND s.client_id = c.id AND s.purpose = 'pool')
  AND NOT EXISTS (SELECT FROM client_consents s
                  WHERE s.organiser_id = c.organiser_id AND s.client_id = c.id
                    AND s.purpose = 'pool' AND s.withdrawn_at IS NULL);
