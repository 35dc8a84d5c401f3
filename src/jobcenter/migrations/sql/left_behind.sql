-- Messages sent within the last minute are counted where a gateway takes only so many.
CREATE INDEX notice_gone_lately ON notices (organiser_id, way, sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX notice_under_way ON notices (organiser_id, way) WHERE state = 'sending';

-- I10, whole: a message due for more than a quarter of an hour at the beat before the newest, with
-- its way open, has been told to staff. The beat gives the clock: without one, nothing can be late.
CREATE OR REPLACE VIEW inv_10_notice_not_lost AS
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
WHERE twins > 1
UNION ALL
SELECT n.organiser_id, n.id FROM notices n
WHERE n.state = 'pending'
  AND n.due_at < (SELECT s.enqueued_at FROM schedule_runs s
                  WHERE s.organiser_id = n.organiser_id AND s.schedule = 'late'
                  ORDER BY s.due_at DESC OFFSET 1 LIMIT 1) - interval '15 minutes'
  AND NOT EXISTS (SELECT 1 FROM gateways w WHERE w.organiser_id = n.organiser_id
                  AND w.way = n.way AND w.down_since IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM todos t WHERE t.organiser_id = n.organiser_id
                  AND t.kind = 'messages_late' AND t.made_at >= n.due_at);

-- I13, whole: a job is begun at most nine times before it rests, and a resting one has its to-do.
DROP VIEW inv_13_poison_stops;
CREATE VIEW inv_13_poison_stops AS
SELECT organiser_id, id::text FROM notices
WHERE tries > 8 OR (tries = 8 AND state = 'pending')
   OR (state = 'failed' AND NOT EXISTS (
        SELECT 1 FROM todos t WHERE t.organiser_id = notices.organiser_id
          AND t.dedupe_key = 'undelivered:' || notices.id))
UNION ALL
SELECT organiser_id, job_id FROM (
    SELECT (convert_from(payload, 'UTF8')::jsonb ->> 'organiser')::bigint AS organiser_id,
           id::text AS job_id, attempts, status, execute_after - updated AS rest FROM pgqueuer
) AS job
WHERE attempts > 9
   OR (status = 'queued' AND rest > interval '30 minutes' AND NOT EXISTS (
        SELECT 1 FROM todos t WHERE t.organiser_id = job.organiser_id
          AND t.dedupe_key = 'work_stopped:' || job.job_id));
