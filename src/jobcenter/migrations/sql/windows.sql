-- Raised anew whenever the walls are (walls/raising.py): who is asking, the windows through which a
-- face sees a part of what it may not read, and what the holder of a secret may open.

CREATE OR REPLACE FUNCTION asking_organiser() RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT nullif(current_setting('jc.organiser', true), '')::bigint $$;
CREATE OR REPLACE FUNCTION asking_actor() RETURNS uuid LANGUAGE sql STABLE AS
$$ SELECT nullif(current_setting('jc.actor', true), '')::uuid $$;
CREATE OR REPLACE FUNCTION asking_party() RETURNS uuid LANGUAGE sql STABLE AS
$$ SELECT nullif(current_setting('jc.party', true), '')::uuid $$;
CREATE OR REPLACE FUNCTION asking_client() RETURNS uuid LANGUAGE sql STABLE AS
$$ SELECT nullif(current_setting('jc.client', true), '')::uuid $$;
CREATE OR REPLACE FUNCTION asking_visitor() RETURNS text LANGUAGE sql STABLE AS
$$ SELECT nullif(current_setting('jc.visitor', true), '') $$;
CREATE OR REPLACE FUNCTION asking_units() RETURNS uuid[] LANGUAGE sql STABLE AS
$$ SELECT string_to_array(nullif(current_setting('jc.units', true), ''), ',')::uuid[] $$;
CREATE OR REPLACE FUNCTION asking_request() RETURNS text LANGUAGE sql STABLE AS
$$ SELECT nullif(current_setting('jc.request', true), '') $$;
CREATE OR REPLACE FUNCTION asking_rights() RETURNS text[] LANGUAGE sql STABLE AS
$$ SELECT string_to_array(current_setting('jc.rights', true), ',') $$;

-- Where the asker has a right: it was given for that unit, or for all of theirs (`database.held_in`).
CREATE OR REPLACE FUNCTION asking_units_with(wanted text) RETURNS uuid[] LANGUAGE sql STABLE AS $$
    SELECT array(
        SELECT unit FROM unnest(asking_units()) unit
        WHERE asking_rights() && ARRAY[wanted, wanted || '@' || unit])
$$;

CREATE OR REPLACE FUNCTION asked_at() RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT coalesce(nullif(current_setting('jc.at', true), '')::timestamptz, now()) $$;

-- The visits of the asking coach that are not free, with whom; the functions below read them with
-- their own rights, whoever else asks sees what the walls show.
CREATE OR REPLACE FUNCTION asking_visits()
RETURNS TABLE (client_id uuid, status text, during tstzrange) LANGUAGE sql STABLE AS $$
    SELECT g.client_id, v.status, v.during
    FROM coaches c
    JOIN visits v ON v.organiser_id = c.organiser_id AND v.coach_id = c.id
    JOIN visit_gigs vg ON vg.organiser_id = v.organiser_id AND vg.visit_id = v.id
    JOIN gigs g ON g.organiser_id = vg.organiser_id AND g.id = vg.gig_id
    WHERE c.organiser_id = asking_organiser() AND c.user_id = asking_actor() AND c.active
      AND vg.status <> 'free'
$$;

-- Whom the asking coach meets although they are another unit's (SETTLED 27): while the visit is
-- theirs, from two weeks before it to the end of the day after it.
CREATE OR REPLACE FUNCTION covered_clients() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT array(
        SELECT v.client_id FROM asking_visits() v
        WHERE v.status IN ('held', 'booked')
          AND lower(v.during) < asked_at() + interval '14 days'
          AND upper(v.during) > asked_at() - interval '1 day')
$$;

-- As which coaches the asker works today: as themself, and in a unit as whom they stand in for there.
CREATE OR REPLACE FUNCTION asking_coaches() RETURNS uuid[] LANGUAGE sql STABLE AS $$
    SELECT array(
        SELECT k.id FROM coaches k
        WHERE k.organiser_id = asking_organiser() AND k.user_id = asking_actor() AND k.active
        UNION ALL
        SELECT k.id FROM stand_ins s
        JOIN coaches k ON k.organiser_id = s.organiser_id AND k.user_id = s.user_id
            AND k.unit_id = s.unit_id AND k.active
        WHERE s.organiser_id = asking_organiser() AND s.deputy_id = asking_actor()
          AND (asked_at() AT TIME ZONE 'Europe/Helsinki')::date BETWEEN s.first_day AND s.last_day
          AND s.ended_at IS NULL)
$$;
DROP FUNCTION IF EXISTS asking_for();

-- The caseload: whom the asking coach, or whom they stand in for, is responsible for; and whom they
-- visit, before it and long enough after it to write down how it went. What a role that sees no whole
-- unit sees of its own, where it has that right (`see_caseload`).
CREATE OR REPLACE FUNCTION caseload() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT CASE WHEN asking_units_with('see_caseload') <> '{}' THEN array(
        SELECT c.id FROM clients c
        WHERE c.organiser_id = asking_organiser()
          AND c.coach_id = ANY ((SELECT asking_coaches())::uuid[]) AND c.closed_on IS NULL
          AND c.unit_id = ANY ((SELECT asking_units_with('see_caseload'))::uuid[])
        UNION
        SELECT c.id FROM asking_visits() v
        JOIN clients c ON c.organiser_id = asking_organiser() AND c.id = v.client_id
        WHERE c.unit_id = ANY ((SELECT asking_units_with('see_caseload'))::uuid[])
          AND upper(v.during) > asked_at() - interval '30 days') END
$$;

-- Whose record the asker opened in an emergency that still lasts.
CREATE OR REPLACE FUNCTION emergency_clients() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT array(
        SELECT e.client_id FROM emergencies e
        WHERE e.organiser_id = asking_organiser() AND e.user_id = asking_actor()
          AND e.until > asked_at())
$$;

-- With whom the asker is in a benefits talk: one that they wrote down minutes ago, in a browser where
-- they are still signed in, once their look for it is committed.
CREATE OR REPLACE FUNCTION talked_with() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT array(
        SELECT t.client_id FROM benefit_talks t
        WHERE t.organiser_id = asking_organiser() AND t.user_id = asking_actor()
          AND t.at <= asked_at() AND t.until > asked_at()
          AND EXISTS (
              SELECT FROM sessions s
              WHERE s.organiser_id = t.organiser_id AND s.token_hash = t.session_hash
                AND s.user_id = t.user_id AND s.ended_at IS NULL)
          AND EXISTS (
              SELECT FROM looks l
              WHERE l.organiser_id = t.organiser_id AND l.actor = t.user_id
                AND l.client_id = t.client_id AND l.what = 'edit benefits'
                AND l.at BETWEEN t.at AND asked_at()))
$$;

-- Whose record the asker looks at in this request: the look is committed (SETTLED 25).
CREATE OR REPLACE FUNCTION looked_at() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT array(
        SELECT l.client_id FROM looks l
        WHERE l.organiser_id = asking_organiser() AND l.request_id = asking_request()
          AND l.actor = asking_actor() AND l.client_id IS NOT NULL)
$$;

-- Whose benefits and earnings the asker advises on: all of a unit where they have that right. It
-- opens their ledgers and nothing else of them.
CREATE OR REPLACE FUNCTION advised_clients() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT CASE WHEN asking_units_with('override_ceiling') <> '{}' THEN array(
        SELECT c.id FROM clients c
        WHERE c.organiser_id = asking_organiser()
          AND c.unit_id = ANY ((SELECT asking_units_with('override_ceiling'))::uuid[])) END
$$;

-- When the last day of a gig is over on Helsinki's walls.
CREATE OR REPLACE FUNCTION gig_day_ends(during tstzrange) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT (((upper(during) - interval '1 second') AT TIME ZONE 'Europe/Helsinki')::date + 1)
           ::timestamp AT TIME ZONE 'Europe/Helsinki'
$$;

-- The gigs of the asking party that were agreed on: nobody who was only asked, and no decline (I23).
CREATE OR REPLACE VIEW agreed_gigs WITH (security_barrier) AS
SELECT g.organiser_id, g.id, g.order_id, g.place_no, g.client_id, g.status, g.during, g.pay_cents,
       g.worked_minutes,
       -- The number is shown for the client's tick, while it stands, and until the gig's day is over.
       g.shows_phone AND asked_at() < gig_day_ends(g.during) AND EXISTS (
           SELECT FROM client_consents s
           WHERE s.organiser_id = g.organiser_id AND s.client_id = g.client_id AND s.gig_id = g.id
             AND s.purpose = 'phone_to_orderer' AND s.withdrawn_at IS NULL) AS shows_phone
FROM gigs g JOIN orders o ON o.organiser_id = g.organiser_id AND o.id = g.order_id
WHERE o.organiser_id = (SELECT asking_organiser()) AND o.party_id = (SELECT asking_party())
  AND g.status IN ('confirmed', 'in_progress', 'done', 'approved', 'invoiced', 'no_show');

-- What they are called, and their number, as far as they agreed; '' says no.
CREATE OR REPLACE VIEW agreed_workers WITH (security_barrier) AS
SELECT a.organiser_id, a.id AS gig_id, a.client_id,
       CASE WHEN EXISTS (
           SELECT FROM client_consents s
           WHERE s.organiser_id = a.organiser_id AND s.client_id = a.client_id
             AND s.purpose = 'name_to_orderer' AND s.withdrawn_at IS NULL)
       THEN c.given_name ELSE '' END AS name,
       -- The number is closed, and so is its key: both are here only where the client ticked it.
       CASE WHEN a.shows_phone THEN c.closed_phone END AS closed_phone,
       CASE WHEN a.shows_phone THEN k.master END AS key_master,
       CASE WHEN a.shows_phone THEN k.closed END AS key_closed
FROM agreed_gigs a
JOIN client_contacts c ON c.organiser_id = a.organiser_id AND c.client_id = a.client_id
LEFT JOIN client_keys k ON k.organiser_id = a.organiser_id AND k.client_id = a.client_id;

-- Who orders for the asking party, for whoever has signed in as one of them.
CREATE OR REPLACE VIEW colleagues WITH (security_barrier) AS
SELECT g.organiser_id, u.id, u.name, u.email, EXISTS (
           SELECT FROM grants m
           JOIN roles r ON r.organiser_id = m.organiser_id AND r.code = m.role
           WHERE m.organiser_id = g.organiser_id AND m.user_id = g.user_id
             AND m.party_id = g.party_id AND 'manage_party' = ANY (r.rights)) AS manages
FROM grants g JOIN users u ON u.organiser_id = g.organiser_id AND u.id = g.user_id
WHERE g.organiser_id = (SELECT asking_organiser()) AND g.party_id = (SELECT asking_party())
  AND (SELECT asking_actor()) IS NOT NULL AND g.role = 'orderer' AND u.disabled_at IS NULL;

-- Which terms the asking party has accepted and who did it, for whoever has signed in as one of them;
-- who has left since is named no more.
CREATE OR REPLACE VIEW accepted_terms WITH (security_barrier) AS
SELECT a.organiser_id, a.terms_id, t.valid_from, a.at, coalesce(c.name, '') AS name
FROM terms_acceptances a
JOIN terms_of_use t ON t.organiser_id = a.organiser_id AND t.id = a.terms_id
LEFT JOIN colleagues c ON c.organiser_id = a.organiser_id AND c.id = a.user_id
WHERE a.organiser_id = (SELECT asking_organiser()) AND a.party_id = (SELECT asking_party())
  AND (SELECT asking_actor()) IS NOT NULL;

-- That a place is taken, and how far it is; not by whom.
CREATE OR REPLACE VIEW taken_places WITH (security_barrier) AS
SELECT organiser_id, id, order_id, place_no, status, during, pay_cents, worked_minutes, answer_by,
       assigned_at
FROM gigs
WHERE organiser_id = (SELECT asking_organiser()) AND kept_place IS NOT NULL;

-- Of which order a pay row is and what its worker is called, for whoever settles the accounts: once
-- their look at the worker is committed, and for minutes. They see no gig and no client otherwise.
CREATE OR REPLACE VIEW named_pay WITH (security_barrier) AS
SELECT p.organiser_id, p.id, o.number AS order_number, coalesce(c.given_name, '') AS given_name,
       coalesce(c.family_name, '') AS family_name
FROM pay_rows p
JOIN gigs g ON g.organiser_id = p.organiser_id AND g.id = p.gig_id
JOIN orders o ON o.organiser_id = g.organiser_id AND o.id = g.order_id
LEFT JOIN client_contacts c ON c.organiser_id = p.organiser_id AND c.client_id = p.client_id
WHERE p.organiser_id = (SELECT asking_organiser())
  AND (SELECT 'settle' = ANY (asking_rights()))
  AND p.client_id IN (
      SELECT l.client_id FROM looks l
      WHERE l.organiser_id = (SELECT asking_organiser()) AND l.actor = (SELECT asking_actor())
        AND l.what = 'name, pay'
        AND l.at BETWEEN asked_at() - interval '10 minutes' AND asked_at());

-- Whom an adviser advises; what they are called only once the look of this request is committed.
CREATE OR REPLACE VIEW advised WITH (security_barrier) AS
SELECT c.organiser_id, c.id, c.unit_id, c.version, c.closed_on,
       CASE WHEN c.id = ANY ((SELECT looked_at())::uuid[]) THEN t.given_name ELSE '' END AS given_name,
       CASE WHEN c.id = ANY ((SELECT looked_at())::uuid[]) THEN t.family_name ELSE '' END AS family_name
FROM clients c JOIN client_contacts t ON t.organiser_id = c.organiser_id AND t.client_id = c.id
WHERE c.organiser_id = (SELECT asking_organiser())
  AND c.id = ANY ((SELECT advised_clients())::uuid[]);

-- What stands in their ledgers, with the day of the work and whether its hours are approved: not what
-- work it was, nor where. Once the look of this request is committed.
CREATE OR REPLACE VIEW ledger_lines WITH (security_barrier) AS
SELECT e.organiser_id, e.id, e.client_id, e.benefit, e.kind, e.period, e.gig_id, e.cents, e.at,
       (lower(g.during) AT TIME ZONE 'Europe/Helsinki')::date AS worked_on,
       g.status IN ('approved', 'invoiced') AS is_final
FROM earnings_entries e JOIN gigs g ON g.organiser_id = e.organiser_id AND g.id = e.gig_id
WHERE e.organiser_id = (SELECT asking_organiser())
  AND e.client_id = ANY ((SELECT advised_clients())::uuid[])
  AND e.client_id = ANY ((SELECT looked_at())::uuid[]);

-- When a client's link ended: by itself, or with their case, whoever made it and when.
CREATE OR REPLACE FUNCTION link_ended(revoked timestamptz, closed_on date) RETURNS timestamptz
LANGUAGE sql STABLE AS $$ SELECT coalesce(revoked, closed_on::timestamptz) $$;

CREATE OR REPLACE FUNCTION opened_gig(hash bytea) RETURNS TABLE (
    gig_id uuid, client_id uuid, unit_id uuid, language text, expires_at timestamptz,
    revoked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT l.gig_id, l.client_id, c.unit_id, c.language, l.expires_at,
           link_ended(l.revoked_at, c.closed_on)
    FROM links l JOIN clients c ON c.organiser_id = l.organiser_id AND c.id = l.client_id
    WHERE l.organiser_id = asking_organiser() AND l.token_hash = hash AND l.gig_id IS NOT NULL
$$;

CREATE OR REPLACE FUNCTION opened_order(hash bytea) RETURNS TABLE (
    order_id uuid, party_id uuid, expires_at timestamptz, revoked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT l.order_id, o.party_id, l.expires_at, l.revoked_at
    FROM links l JOIN orders o ON o.organiser_id = l.organiser_id AND o.id = l.order_id
    WHERE l.organiser_id = asking_organiser() AND l.token_hash = hash
$$;

CREATE OR REPLACE FUNCTION opened_feed(hash bytea) RETURNS TABLE (
    coach_id uuid, user_id uuid, unit_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT c.id, c.user_id, c.unit_id FROM coaches c
    WHERE c.organiser_id = asking_organiser() AND c.feed_hash = hash AND c.active
      AND c.feed_until > asked_at() AND coaches_in(c.organiser_id, c.user_id, c.unit_id)
$$;

-- The browsers in which the asking client's links are open.
CREATE OR REPLACE VIEW own_browsers WITH (security_barrier) AS
SELECT s.organiser_id, s.token_hash, l.client_id, s.created_at, s.seen_at, s.ended_at, s.expires_at,
       k.at AS unlocked_at
FROM (SELECT organiser_id, client_id, token_hash FROM links WHERE client_id IS NOT NULL
      UNION ALL SELECT organiser_id, client_id, token_hash FROM client_links) l
JOIN sessions s ON s.organiser_id = l.organiser_id AND s.link_hash = l.token_hash
LEFT JOIN client_unlocks k ON k.organiser_id = s.organiser_id AND k.session_hash = s.token_hash
WHERE l.organiser_id = (SELECT asking_organiser()) AND l.client_id = (SELECT asking_client());

-- How a client's own page stands for a browser that has a link open: PIN, and whether it was given.
CREATE OR REPLACE FUNCTION opened_door(link bytea, session bytea) RETURNS TABLE (
    client_id uuid, unit_id uuid, language text, phone text, gig_id uuid, purpose text,
    expires_at timestamptz, revoked_at timestamptz, used_at timestamptz, pin_set_at timestamptz,
    rests_until timestamptz, unlocked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT c.id, c.unit_id, c.language, u.phone, l.gig_id, l.purpose, l.expires_at,
           link_ended(l.revoked_at, c.closed_on), l.used_at, p.set_at, p.rests_until, k.at
    FROM (SELECT organiser_id, client_id, gig_id, 'gig' AS purpose, token_hash, expires_at,
                 revoked_at, used_at
          FROM links WHERE client_id IS NOT NULL
          UNION ALL
          SELECT organiser_id, client_id, NULL, purpose, token_hash, expires_at, revoked_at, used_at
          FROM client_links) l
    JOIN clients c ON c.organiser_id = l.organiser_id AND c.id = l.client_id
    JOIN units u ON u.organiser_id = c.organiser_id AND u.id = c.unit_id
    LEFT JOIN client_pins p ON p.organiser_id = c.organiser_id AND p.client_id = c.id
    LEFT JOIN client_unlocks k ON k.organiser_id = c.organiser_id AND k.client_id = c.id
        AND k.session_hash = session
    WHERE l.organiser_id = asking_organiser() AND l.token_hash = link
$$;

CREATE OR REPLACE FUNCTION opened_own(hash bytea) RETURNS TABLE (
    client_id uuid, unit_id uuid, language text, purpose text, expires_at timestamptz,
    ended_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT l.client_id, c.unit_id, c.language, l.purpose, l.expires_at,
           coalesce(link_ended(l.revoked_at, c.closed_on), l.used_at)
    FROM client_links l JOIN clients c ON c.organiser_id = l.organiser_id AND c.id = l.client_id
    WHERE l.organiser_id = asking_organiser() AND l.token_hash = hash
$$;

-- Who signs in, or has: the row of one secret. No login can go through all of them.
CREATE OR REPLACE FUNCTION opened_session(hash bytea) RETURNS SETOF sessions
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT s.* FROM sessions s
    WHERE s.organiser_id = asking_organiser() AND (s.token_hash = hash OR s.former_hash = hash)
$$;

CREATE OR REPLACE FUNCTION opened_signin(hash bytea) RETURNS TABLE (
    name text, expires_at timestamptz, used_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT u.name, l.expires_at, l.used_at
    FROM signin_links l JOIN users u ON u.organiser_id = l.organiser_id AND u.id = l.user_id
    WHERE l.organiser_id = asking_organiser() AND l.token_hash = hash AND u.disabled_at IS NULL
$$;

-- Who asks somebody to order for which party, for whoever holds the link.
CREATE OR REPLACE FUNCTION opened_invitation(hash bytea) RETURNS TABLE (
    party text, inviter text, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT p.name, coalesce(u.name, ''), i.expires_at
    FROM invitations i
    JOIN parties p ON p.organiser_id = i.organiser_id AND p.id = i.party_id
    LEFT JOIN users u ON u.organiser_id = i.organiser_id AND u.id = i.invited_by
    WHERE i.organiser_id = asking_organiser() AND i.token_hash = hash
$$;
