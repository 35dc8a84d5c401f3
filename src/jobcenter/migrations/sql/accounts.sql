-- Money: rows that are never changed, and that add up (I24).

CREATE SEQUENCE statement_numbers START 1;

-- What is written about money stays; a row learns only which statement it went out with.
CREATE FUNCTION money_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- The total is worked out by the table itself, after this trigger.
    free constant text[] := ARRAY['statement_id', 'total_cents'];
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - free = to_jsonb(OLD) - free THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = TG_TABLE_NAME || ' is append-only';
END $$;
CREATE TRIGGER hours_record_stays BEFORE UPDATE OR DELETE ON hours_records
    FOR EACH ROW EXECUTE FUNCTION history_stays();
CREATE TRIGGER pay_row_stays BEFORE UPDATE OR DELETE ON pay_rows
    FOR EACH ROW EXECUTE FUNCTION money_stays();
CREATE TRIGGER invoice_line_stays BEFORE UPDATE OR DELETE ON invoice_lines
    FOR EACH ROW EXECUTE FUNCTION money_stays();

CREATE FUNCTION statement_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'made'
       AND to_jsonb(NEW) - ARRAY['state', 'receipt', 'settled_by', 'settled_at']
         = to_jsonb(OLD) - ARRAY['state', 'receipt', 'settled_by', 'settled_at'] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'a settled statement stays as it is';
END $$;
CREATE TRIGGER statement_stays BEFORE UPDATE OR DELETE ON statements
    FOR EACH ROW EXECUTE FUNCTION statement_stays();

-- A reversal takes back one whole row of the same gig, and is never reversed itself.
-- Looked at after the insert: whether the row is the writer's to add comes first.
CREATE FUNCTION pay_row_reverses_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pay_rows p
        WHERE p.organiser_id = NEW.organiser_id AND p.id = NEW.reverses AND p.reverses IS NULL
          AND p.gig_id = NEW.gig_id AND p.client_id = NEW.client_id
          AND p.component = NEW.component AND p.cents = -NEW.cents) THEN
        PERFORM broken_promise('pay_row_reverses_whole', 'a reversal mirrors one row');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pay_row_reverses_whole AFTER INSERT ON pay_rows
    FOR EACH ROW WHEN (NEW.reverses IS NOT NULL) EXECUTE FUNCTION pay_row_reverses_whole();

CREATE FUNCTION invoice_line_reverses_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM invoice_lines l
        WHERE l.organiser_id = NEW.organiser_id AND l.id = NEW.reverses AND l.reverses IS NULL
          AND l.gig_id = NEW.gig_id AND l.order_id = NEW.order_id AND l.party_id = NEW.party_id
          AND (l.pay_cents, l.side_costs_cents, l.fee_cents, l.vat_cents)
            = (-NEW.pay_cents, -NEW.side_costs_cents, -NEW.fee_cents, -NEW.vat_cents)) THEN
        PERFORM broken_promise('invoice_line_reverses_whole', 'a reversal mirrors one line');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invoice_line_reverses_whole AFTER INSERT ON invoice_lines
    FOR EACH ROW WHEN (NEW.reverses IS NOT NULL) EXECUTE FUNCTION invoice_line_reverses_whole();

-- Whether the rows of a gig say the same as the gig: its newest hours, its pay, its invoice.
-- Where the orderer is the employer of record, they pay the wage without us.
CREATE FUNCTION gig_is_out_of_balance(org bigint, gig uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1
        FROM gigs g
        JOIN orders o ON o.organiser_id = g.organiser_id AND o.id = g.order_id
        JOIN employers e ON e.organiser_id = o.organiser_id AND e.id = o.employer_id
        LEFT JOIN LATERAL (
            SELECT h.minutes FROM hours_records h
            WHERE h.organiser_id = g.organiser_id AND h.gig_id = g.id
            ORDER BY h.number DESC LIMIT 1) AS newest ON true
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(p.cents) FILTER (WHERE p.kind = 'work'), 0) AS worked,
                   coalesce(sum(p.cents), 0) AS whole
            FROM pay_rows p WHERE p.organiser_id = g.organiser_id AND p.gig_id = g.id) AS paid
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(l.pay_cents) FILTER (WHERE l.kind = 'work'), 0) AS worked,
                   coalesce(sum(l.total_cents), 0) AS whole
            FROM invoice_lines l
            WHERE l.organiser_id = g.organiser_id AND l.gig_id = g.id) AS billed
        WHERE g.organiser_id = org AND g.id = gig
          AND (paid.whole < 0 OR billed.whole < 0 OR paid.worked <> billed.worked
               OR (g.status IN ('approved', 'invoiced')
                   AND (newest.minutes IS DISTINCT FROM g.worked_minutes
                        OR paid.worked <> CASE e.kind WHEN 'ORDERER' THEN 0 ELSE g.pay_cents END))
               OR (g.status NOT IN ('approved', 'invoiced') AND paid.worked <> 0)))
$$;

CREATE FUNCTION gig_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    gig uuid := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid;
BEGIN
    IF gig_is_out_of_balance(NEW.organiser_id, gig) THEN
        PERFORM broken_promise('gig_money_balances', 'hours, pay and invoice differ');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER gig_money_balances AFTER UPDATE OF status, pay_cents, worked_minutes
    ON gigs DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.status IN ('approved', 'invoiced')) EXECUTE FUNCTION gig_balances('id');
CREATE CONSTRAINT TRIGGER hours_record_balances AFTER INSERT ON hours_records
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gig_balances('gig_id');
CREATE CONSTRAINT TRIGGER pay_row_balances AFTER INSERT ON pay_rows
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gig_balances('gig_id');
CREATE CONSTRAINT TRIGGER invoice_line_balances AFTER INSERT ON invoice_lines
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gig_balances('gig_id');

-- Gigs that were approved before their rows were written one by one: here and in a made-up past.
CREATE FUNCTION account_for_the_past() RETURNS void LANGUAGE sql AS $$
    INSERT INTO hours_records (organiser_id, id, gig_id, number, minutes, approved_by, approved_as,
                               approved_at, reason)
    SELECT g.organiser_id, md5('hours' || g.id)::uuid, g.id, 1, g.worked_minutes,
           CASE WHEN u.id IS NULL THEN g.assigned_by ELSE u.id END,
           coalesce(e.via, 'coordinator'), coalesce(e.at, upper(g.during)), ''
    FROM gigs g
    LEFT JOIN gig_events e
        ON e.organiser_id = g.organiser_id AND e.gig_id = g.id AND e.to_status = 'approved'
    LEFT JOIN users u ON u.organiser_id = e.organiser_id AND u.id = e.actor
    WHERE g.status IN ('approved', 'invoiced') AND g.worked_minutes IS NOT NULL
    ON CONFLICT DO NOTHING;

    WITH worked AS (
        SELECT h.*, g.client_id, g.order_id, g.pay_cents, e.id AS employer_id, e.kind,
               o.party_id, o.cost_centre,
               (lower(g.during) AT TIME ZONE 'Europe/Helsinki')::date AS worked_on
        FROM hours_records h
        JOIN gigs g ON g.organiser_id = h.organiser_id AND g.id = h.gig_id
        JOIN orders o ON o.organiser_id = g.organiser_id AND o.id = g.order_id
        JOIN employers e ON e.organiser_id = o.organiser_id AND e.id = o.employer_id
        WHERE g.pay_cents > 0 AND h.minutes > 0
          AND NOT EXISTS (SELECT 1 FROM invoice_lines l
                          WHERE l.organiser_id = h.organiser_id AND l.hours_id = h.id)
    ), days AS (
        SELECT worked.*, date_trunc('month', worked_on)::date AS month,
               (date_trunc('month', worked_on) + interval '1 month 14 days')::date AS pay_day
        FROM worked
    ), paid AS (
        INSERT INTO pay_rows (organiser_id, id, gig_id, client_id, employer_id, hours_id, kind,
                              component, minutes, cents, worked_on, pay_day, report_by, made_at)
        SELECT organiser_id, md5('pay' || id)::uuid, gig_id, client_id, employer_id, id, 'work',
               'pay', minutes, pay_cents, worked_on, pay_day,
               pay_day + CASE extract(isodow FROM pay_day + 5) WHEN 6 THEN 7 WHEN 7 THEN 6 ELSE 5 END,
               approved_at
        FROM days WHERE kind <> 'ORDERER'
    ), rated AS (
        SELECT days.*, CASE kind WHEN 'ORDERER' THEN 0 ELSE pay_cents END AS wages,
               rate.side_costs, rate.fee, rate.vat
        FROM days CROSS JOIN LATERAL (
            SELECT coalesce(max(amount) FILTER (WHERE f.kind = 'side_costs'), 0) AS side_costs,
                   coalesce(max(amount) FILTER (WHERE f.kind = 'fee'), 0) AS fee,
                   coalesce(max(amount) FILTER (WHERE f.kind = 'vat'), 0) AS vat
            FROM figures f
            WHERE f.organiser_id = days.organiser_id AND f.key = ''
              AND f.valid_from <= days.worked_on
              AND (f.valid_to IS NULL OR f.valid_to > days.worked_on)) AS rate
    ), priced AS (
        SELECT rated.*, round(wages * side_costs / 10000.0)::int AS side_costs_cents,
               round(pay_cents * fee / 10000.0)::int AS fee_cents
        FROM rated
    )
    INSERT INTO invoice_lines (organiser_id, id, order_id, party_id, gig_id, hours_id, kind,
                               minutes, pay_cents, side_costs_cents, fee_cents, vat_cents,
                               worked_on, month, cost_centre, made_at)
    SELECT organiser_id, md5('line' || id)::uuid, order_id, party_id, gig_id, id, 'work', minutes,
           wages, side_costs_cents, fee_cents,
           round((wages + side_costs_cents + fee_cents) * vat / 10000.0)::int,
           worked_on, month, cost_centre, approved_at
    FROM priced;
$$;
SELECT account_for_the_past();

CREATE OR REPLACE VIEW inv_24_money_balances AS
SELECT organiser_id, id FROM gigs WHERE pay_cents < 0 OR hourly_cents <= 0
UNION ALL
SELECT organiser_id, gig_id FROM earnings_entries
GROUP BY organiser_id, gig_id, benefit, kind, period HAVING sum(cents) < 0
UNION ALL
SELECT organiser_id, id FROM gigs
WHERE status IN ('done', 'approved', 'invoiced', 'cancelled')
  AND gig_is_out_of_balance(organiser_id, id)
UNION ALL
SELECT p.organiser_id, p.id FROM pay_rows p
WHERE p.reverses IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM pay_rows q WHERE q.organiser_id = p.organiser_id AND q.id = p.reverses
      AND q.gig_id = p.gig_id AND q.cents = -p.cents)
UNION ALL
SELECT s.organiser_id, s.id FROM statements s
CROSS JOIN LATERAL (
    SELECT count(*) AS row_count, coalesce(sum(took.cents), 0)::bigint AS total_cents FROM (
        SELECT p.cents FROM pay_rows p
        WHERE p.organiser_id = s.organiser_id AND p.statement_id = s.id
        UNION ALL
        SELECT l.total_cents FROM invoice_lines l
        WHERE l.organiser_id = s.organiser_id AND l.statement_id = s.id) AS took) AS rows
WHERE s.state <> 'refused'
  AND (s.row_count <> rows.row_count OR s.total_cents <> rows.total_cents);

GRANT USAGE ON SEQUENCE statement_numbers TO jobcenter_act;
