-- One view per invariant of RELIABILITY §2 that has an SQL form. Each must be empty, at any moment.

CREATE VIEW inv_01_client_in_one_place AS
SELECT a.organiser_id, a.id FROM gigs a JOIN gigs b
    ON a.organiser_id = b.organiser_id AND a.client_id = b.client_id AND a.id < b.id
   AND a.during && b.during
WHERE a.status IN ('assigned', 'confirmed', 'in_progress')
  AND b.status IN ('assigned', 'confirmed', 'in_progress');

CREATE VIEW inv_02_coach_in_one_place AS
SELECT a.organiser_id, a.id FROM visits a JOIN visits b
    ON a.organiser_id = b.organiser_id AND a.coach_id = b.coach_id AND a.id < b.id
   AND a.during && b.during
WHERE a.status IN ('held', 'booked') AND b.status IN ('held', 'booked');

CREATE VIEW inv_03_places_not_overfilled AS
SELECT o.organiser_id, o.id FROM orders o JOIN gigs g
    ON g.organiser_id = o.organiser_id AND g.order_id = o.id
WHERE g.status IN ('assigned', 'confirmed', 'in_progress', 'done', 'approved', 'invoiced', 'no_show')
GROUP BY o.organiser_id, o.id, o.places HAVING count(*) > o.places;

CREATE VIEW inv_04_gig_has_its_support AS
SELECT organiser_id, id FROM gigs
WHERE status IN ('assigned', 'confirmed', 'in_progress') AND gig_lacks_support(organiser_id, id);

CREATE VIEW inv_05_gig_moved_legally AS
SELECT g.organiser_id, g.id FROM gigs g
LEFT JOIN LATERAL (
    SELECT e.to_status FROM gig_events e
    WHERE e.organiser_id = g.organiser_id AND e.gig_id = g.id ORDER BY e.at DESC, e.id DESC LIMIT 1
) AS newest ON true
WHERE newest.to_status IS DISTINCT FROM g.status
UNION ALL
SELECT e.organiser_id, e.gig_id FROM gig_events e
WHERE NOT EXISTS (SELECT 1 FROM status_moves m
                  WHERE m.from_status = e.from_status AND m.to_status = e.to_status);

CREATE VIEW inv_06_ceiling_not_passed AS
SELECT p.organiser_id, p.client_id AS id FROM earnings_periods p
WHERE (p.ceiling_cents IS NOT NULL AND p.committed_cents + p.told_cents > p.ceiling_cents
       AND p.override_by IS NULL AND p.choice_at IS NULL)
   OR p.committed_cents <> coalesce((
        SELECT sum(e.cents) FROM earnings_entries e
        WHERE e.organiser_id = p.organiser_id AND e.client_id = p.client_id
          AND e.benefit = p.benefit AND e.kind = p.kind AND e.period = p.period), 0);

CREATE VIEW inv_10_notice_not_lost AS
SELECT g.organiser_id, g.id FROM gigs g
WHERE g.status = 'assigned'
  AND NOT EXISTS (SELECT 1 FROM notices n WHERE n.organiser_id = g.organiser_id
                  AND n.gig_id = g.id AND n.kind = 'offer')
  AND NOT EXISTS (SELECT 1 FROM todos t WHERE t.organiser_id = g.organiser_id
                  AND t.gig_id = g.id AND t.kind = 'call_offer')
UNION ALL
SELECT organiser_id, id FROM (
    SELECT organiser_id, id, dedupe_key, count(*) OVER (PARTITION BY organiser_id, dedupe_key) AS twins
    FROM notices) AS counted
WHERE twins > 1;

CREATE VIEW inv_11_notice_outcome_known AS
SELECT organiser_id, id FROM notices
WHERE (state = 'sent' AND sent_at IS NULL)
   OR (state = 'sending' AND leased_until < now() - interval '10 minutes');

CREATE VIEW inv_12_job_has_one_owner AS
SELECT organiser_id, id FROM notices
WHERE state = 'sending' AND (leased_until IS NULL OR fence = 0);

CREATE VIEW inv_13_poison_stops AS
SELECT organiser_id, id FROM notices
WHERE tries > 8 OR (tries = 8 AND state = 'pending')
   OR (state = 'failed' AND NOT EXISTS (
        SELECT 1 FROM todos t WHERE t.organiser_id = notices.organiser_id
          AND t.dedupe_key = 'undelivered:' || notices.id));

CREATE VIEW inv_14_schedule_fires_once AS
SELECT organiser_id, due_at AS id FROM schedule_runs
GROUP BY organiser_id, schedule, due_at HAVING count(*) > 1;

CREATE VIEW inv_17_link_acts_once AS
SELECT e.organiser_id, e.gig_id AS id FROM gig_events e
WHERE e.via = 'link' AND e.from_status = 'assigned'
GROUP BY e.organiser_id, e.gig_id HAVING count(*) > 1
UNION ALL
SELECT g.organiser_id, g.id FROM gigs g
WHERE g.answered_via = 'link' AND NOT EXISTS (
    SELECT 1 FROM links l WHERE l.organiser_id = g.organiser_id AND l.gig_id = g.id
      AND l.used_at IS NOT NULL);

CREATE VIEW inv_18_key_acts_once AS
SELECT organiser_id, (body ->> 'id') AS id FROM idempotency_keys
WHERE body ? 'id' AND status = 201
GROUP BY organiser_id, body ->> 'id' HAVING count(*) > 1;

CREATE VIEW inv_19_times_are_sane AS
SELECT organiser_id, id FROM gigs
WHERE isempty(during) OR lower_inf(during) OR upper_inf(during)
   OR upper(during) - lower(during) NOT BETWEEN interval '15 minutes' AND interval '24 hours'
UNION ALL
SELECT organiser_id, id FROM visits WHERE isempty(during) OR lower_inf(during) OR upper_inf(during)
UNION ALL
SELECT organiser_id, id FROM coach_absences
WHERE isempty(during) OR lower_inf(during) OR upper_inf(during)
UNION ALL
SELECT organiser_id, id FROM client_exceptions
WHERE isempty(during) OR lower_inf(during) OR upper_inf(during);

CREATE VIEW inv_20_no_live_gig_on_a_dead_order AS
SELECT g.organiser_id, g.id FROM gigs g JOIN orders o
    ON o.organiser_id = g.organiser_id AND o.id = g.order_id
WHERE g.status IN ('assigned', 'confirmed', 'in_progress') AND o.status <> 'open'
UNION ALL
SELECT g.organiser_id, g.id FROM gigs g JOIN gig_events e
    ON e.organiser_id = g.organiser_id AND e.gig_id = g.id AND e.to_status = 'cancelled'
WHERE NOT EXISTS (SELECT 1 FROM notices n WHERE n.organiser_id = g.organiser_id
                  AND n.gig_id = g.id AND n.kind = 'cancelled')
  AND NOT EXISTS (SELECT 1 FROM todos t WHERE t.organiser_id = g.organiser_id
                  AND t.gig_id = g.id AND t.kind = 'call_cancelled');

CREATE VIEW inv_21_limits_hold AS
SELECT organiser_id, id FROM gigs
WHERE status IN ('assigned', 'confirmed', 'in_progress') AND gig_rule_broken(organiser_id, id) IS NOT NULL;

CREATE VIEW inv_22_offers_are_calm AS
SELECT organiser_id, client_id AS id FROM gigs
WHERE status IN ('assigned', 'confirmed', 'in_progress', 'done', 'approved', 'invoiced', 'declined',
                 'no_show')
GROUP BY organiser_id, order_id, client_id HAVING count(*) > 1
UNION ALL
SELECT organiser_id, client_id FROM notices
WHERE client_id IS NOT NULL AND way = 'sms' AND state = 'sent' AND sent_at IS NOT NULL
GROUP BY organiser_id, client_id, (sent_at AT TIME ZONE 'Europe/Helsinki')::date
HAVING count(*) > 12
UNION ALL
SELECT organiser_id, id FROM notices
WHERE client_id IS NOT NULL AND state = 'sent' AND quiet_from IS NOT NULL
  AND kind IN ('offer', 'reminder')
  AND CASE WHEN quiet_from > quiet_to
      THEN extract(hour FROM sent_at AT TIME ZONE 'Europe/Helsinki') * 60
           + extract(minute FROM sent_at AT TIME ZONE 'Europe/Helsinki') >= quiet_from
        OR extract(hour FROM sent_at AT TIME ZONE 'Europe/Helsinki') * 60
           + extract(minute FROM sent_at AT TIME ZONE 'Europe/Helsinki') < quiet_to
      ELSE extract(hour FROM sent_at AT TIME ZONE 'Europe/Helsinki') * 60
           + extract(minute FROM sent_at AT TIME ZONE 'Europe/Helsinki') >= quiet_from
       AND extract(hour FROM sent_at AT TIME ZONE 'Europe/Helsinki') * 60
           + extract(minute FROM sent_at AT TIME ZONE 'Europe/Helsinki') < quiet_to END;

CREATE VIEW inv_24_money_balances AS
SELECT organiser_id, id FROM gigs WHERE pay_cents < 0 OR hourly_cents <= 0
UNION ALL
SELECT organiser_id, gig_id FROM earnings_entries
GROUP BY organiser_id, gig_id, benefit, kind, period HAVING sum(cents) < 0;

CREATE VIEW inv_25_versions_grow AS
SELECT organiser_id, id FROM gigs g
WHERE g.version < (SELECT count(*) FROM gig_events e
                   WHERE e.organiser_id = g.organiser_id AND e.gig_id = g.id)
UNION ALL
SELECT organiser_id, id FROM orders WHERE version < 1;
