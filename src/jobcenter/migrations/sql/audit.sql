-- What protects the use log: a stamp that nobody can choose, no way to change or empty it, seals.

-- The number of the writing transaction orders the rows for the seals; whoever writes cannot choose it.
CREATE FUNCTION look_is_stamped() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.xid := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER look_stamped BEFORE INSERT ON looks
    FOR EACH ROW EXECUTE FUNCTION look_is_stamped();

-- UPDATE and DELETE are stopped row by row already; emptying a table passes no row.
CREATE TRIGGER look_not_emptied BEFORE TRUNCATE ON looks
    FOR EACH STATEMENT EXECUTE FUNCTION history_stays();
CREATE TRIGGER gig_event_not_emptied BEFORE TRUNCATE ON gig_events
    FOR EACH STATEMENT EXECUTE FUNCTION history_stays();
CREATE TRIGGER order_event_not_emptied BEFORE TRUNCATE ON order_events
    FOR EACH STATEMENT EXECUTE FUNCTION history_stays();
CREATE TRIGGER earnings_entry_not_emptied BEFORE TRUNCATE ON earnings_entries
    FOR EACH STATEMENT EXECUTE FUNCTION history_stays();
CREATE TRIGGER seal_stays BEFORE UPDATE OR DELETE ON seals
    FOR EACH ROW EXECUTE FUNCTION history_stays();
CREATE TRIGGER seal_not_emptied BEFORE TRUNCATE ON seals
    FOR EACH STATEMENT EXECUTE FUNCTION history_stays();
CREATE TRIGGER disclosure_stays BEFORE UPDATE OR DELETE ON disclosures
    FOR EACH ROW EXECUTE FUNCTION history_stays();
CREATE TRIGGER disclosure_not_emptied BEFORE TRUNCATE ON disclosures
    FOR EACH STATEMENT EXECUTE FUNCTION history_stays();

SELECT raise_organiser_wall('seals', 'organiser_id');
SELECT raise_organiser_wall('disclosures', 'organiser_id');
REVOKE ALL ON seals, disclosures FROM jobcenter_read, jobcenter_act;
GRANT SELECT ON seals, disclosures TO jobcenter_read, jobcenter_act;
GRANT INSERT ON seals, disclosures TO jobcenter_act;

-- I8, as far as the tables can tell: whatever a machine showed or sent has its look.
CREATE VIEW inv_08_every_look_is_logged AS
SELECT n.organiser_id, n.id FROM notices n
WHERE n.client_id IS NOT NULL AND n.state = 'sent' AND n.reference IS NOT NULL AND n.tries > 0
  AND NOT EXISTS (SELECT 1 FROM looks l WHERE l.organiser_id = n.organiser_id
                  AND l.client_id = n.client_id AND l.request_id = n.id::text)
UNION ALL
SELECT d.organiser_id, d.id FROM disclosures d
WHERE NOT EXISTS (SELECT 1 FROM looks l WHERE l.organiser_id = d.organiser_id
                  AND l.client_id = d.client_id AND l.request_id = d.request_id);

-- I9: each seal follows the one before, covers as many rows as there are, and hashes to what it says.
-- Row by row it is checked by `jobcenter verify-audit`.
CREATE VIEW inv_09_history_is_only_appended AS
SELECT organiser_id, number AS id FROM (
    SELECT s.*,
           lag(hash, 1, decode(repeat('00', 32), 'hex')) OVER chain AS hash_before,
           lag(to_xid, 1, 0::bigint) OVER chain AS ended_before,
           lag(number, 1, 0::bigint) OVER chain AS number_before
    FROM seals s WINDOW chain AS (PARTITION BY organiser_id ORDER BY number)) AS linked
WHERE hash <> sha256(hash_before || root || int8send(count::bigint) || int8send(to_xid))
   OR from_xid <> ended_before
   OR number <> number_before + 1
   OR octet_length(leaves) <> count * 48
   OR count <> (SELECT count(*) FROM looks l WHERE l.organiser_id = linked.organiser_id
                AND l.xid >= linked.from_xid AND l.xid < linked.to_xid);

GRANT SELECT ON inv_08_every_look_is_logged, inv_09_history_is_only_appended
    TO jobcenter_read, jobcenter_act;
