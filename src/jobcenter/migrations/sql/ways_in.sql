-- No way in outlasts the right that it was made with: whoever is put out, or has no such role any
-- more, leaves no status link, invitation, passkey, stand-in or calendar address behind.

ALTER TABLE coaches ADD COLUMN feed_until timestamptz;
UPDATE coaches SET feed_until = now() + interval '90 days' WHERE feed_hash IS NOT NULL;
ALTER TABLE coaches ADD CONSTRAINT feed_has_an_end
    CHECK ((feed_hash IS NULL) = (feed_until IS NULL));

-- Whether somebody may ask others to order for a party.
CREATE FUNCTION invites_for(org bigint, who uuid, party uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM users u
        JOIN grants g ON g.organiser_id = u.organiser_id AND g.user_id = u.id
        WHERE u.organiser_id = org AND u.id = who AND u.disabled_at IS NULL AND g.party_id = party)
    AND EXISTS (
        SELECT FROM grants g JOIN roles r ON r.organiser_id = g.organiser_id AND r.code = g.role
        WHERE g.organiser_id = org AND g.user_id = who AND 'manage_party' = ANY (r.rights)
          AND (g.party_id IS NULL OR g.party_id = party))
$$;

-- Whether somebody is a coach in a unit by one of their roles.
CREATE FUNCTION coaches_in(org bigint, who uuid, unit uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM users u
        JOIN grants g ON g.organiser_id = u.organiser_id AND g.user_id = u.id
        JOIN roles r ON r.organiser_id = g.organiser_id AND r.code = g.role
        WHERE u.organiser_id = org AND u.id = who AND u.disabled_at IS NULL
          AND 'coach' = ANY (r.rights) AND (g.unit_id IS NULL OR g.unit_id = unit))
$$;

-- The links to orders that were mailed to somebody of the orders' party.
CREATE FUNCTION links_mailed_to(org bigint, who uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE AS $$
    SELECT l.id
    FROM links l JOIN orders o ON o.organiser_id = l.organiser_id AND o.id = l.order_id
    WHERE l.organiser_id = org AND l.gig_id IS NULL AND l.revoked_at IS NULL
      AND (o.placed_by = who OR EXISTS (
          SELECT FROM notices n
          JOIN grants g ON g.organiser_id = n.organiser_id AND g.user_id = n.user_id
          WHERE n.organiser_id = org AND n.order_id = o.id AND n.user_id = who
            AND g.party_id = o.party_id))
$$;

-- What a user who is put out made or holds beside sessions, sign-in links and tokens.
CREATE FUNCTION end_ways_of(org bigint, who uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE links SET revoked_at = at
    WHERE organiser_id = org AND id IN (SELECT links_mailed_to(org, who));
    DELETE FROM invitations WHERE organiser_id = org AND invited_by = who;
    DELETE FROM passkeys WHERE organiser_id = org AND user_id = who;
    UPDATE stand_ins SET ended_at = at
    WHERE organiser_id = org AND who IN (user_id, deputy_id) AND ended_at IS NULL;
    UPDATE coaches SET feed_hash = NULL, feed_until = NULL
    WHERE organiser_id = org AND user_id = who AND feed_hash IS NOT NULL;
END $$;

-- I27, whole: what is in their name ends, messages about their orders go to a colleague.
CREATE OR REPLACE FUNCTION user_is_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sessions SET ended_at = NEW.disabled_at
    WHERE organiser_id = NEW.organiser_id AND user_id = NEW.id AND ended_at IS NULL;
    UPDATE signin_links SET expires_at = LEAST(expires_at, NEW.disabled_at)
    WHERE organiser_id = NEW.organiser_id AND user_id = NEW.id AND used_at IS NULL;
    UPDATE api_tokens SET revoked_at = NEW.disabled_at
    WHERE organiser_id = NEW.organiser_id AND user_id = NEW.id AND revoked_at IS NULL;
    PERFORM end_ways_of(NEW.organiser_id, NEW.id, NEW.disabled_at);
    UPDATE notices n SET state = 'dropped', problem = 'the user is out'
    WHERE n.organiser_id = NEW.organiser_id AND n.user_id = NEW.id AND n.state = 'pending'
      AND NOT EXISTS (SELECT FROM orders o WHERE o.organiser_id = n.organiser_id
                      AND o.id = n.order_id AND o.placed_by = NEW.id);
    -- A list that they approved is asked no further in their name; somebody else may approve it.
    UPDATE proposals SET approved_by = NULL, approved_at = NULL
    WHERE organiser_id = NEW.organiser_id AND approved_by = NEW.id AND closed_at IS NULL;
    RETURN NULL;
END $$;

-- With a role goes what could be made only by it.
CREATE FUNCTION role_is_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM invitations i
    WHERE i.organiser_id = OLD.organiser_id AND i.invited_by = OLD.user_id
      AND NOT invites_for(i.organiser_id, i.invited_by, i.party_id);
    UPDATE coaches c SET feed_hash = NULL, feed_until = NULL
    WHERE c.organiser_id = OLD.organiser_id AND c.user_id = OLD.user_id AND c.feed_hash IS NOT NULL
      AND NOT coaches_in(c.organiser_id, c.user_id, c.unit_id);
    RETURN NULL;
END $$;
CREATE TRIGGER role_taken AFTER DELETE ON grants FOR EACH ROW EXECUTE FUNCTION role_is_taken();

-- Nothing new of these begins for somebody who is out, also at the same moment.
CREATE TRIGGER passkey_user_is_in BEFORE INSERT ON passkeys
    FOR EACH ROW EXECUTE FUNCTION user_is_in();

CREATE FUNCTION stand_in_is_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM users
    WHERE organiser_id = NEW.organiser_id AND id IN (NEW.user_id, NEW.deputy_id)
    ORDER BY id FOR SHARE;
    IF EXISTS (SELECT FROM users WHERE organiser_id = NEW.organiser_id
               AND id IN (NEW.user_id, NEW.deputy_id) AND disabled_at IS NOT NULL) THEN
        PERFORM broken_promise('stand_in_is_not_out', 'one of the two is disabled');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stand_in_is_in BEFORE INSERT ON stand_ins
    FOR EACH ROW EXECUTE FUNCTION stand_in_is_in();

CREATE FUNCTION inviter_is_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM users WHERE organiser_id = NEW.organiser_id AND id = NEW.invited_by FOR SHARE;
    IF FOUND AND NOT invites_for(NEW.organiser_id, NEW.invited_by, NEW.party_id) THEN
        PERFORM broken_promise('inviter_may_invite', 'the inviter may not invite for this party');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER inviter_is_in BEFORE INSERT OR UPDATE ON invitations
    FOR EACH ROW EXECUTE FUNCTION inviter_is_in();

-- A mail that was being written to them when they were put out opens nothing.
CREATE FUNCTION link_of_who_is_in() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    out_since timestamptz;
BEGIN
    SELECT u.disabled_at INTO out_since
    FROM orders o JOIN users u ON u.organiser_id = o.organiser_id AND u.id = o.placed_by
    WHERE o.organiser_id = NEW.organiser_id AND o.id = NEW.order_id
    FOR SHARE OF u;
    NEW.revoked_at = COALESCE(NEW.revoked_at, out_since);
    RETURN NEW;
END $$;
CREATE TRIGGER link_of_who_is_in BEFORE INSERT ON links FOR EACH ROW
    WHEN (NEW.order_id IS NOT NULL) EXECUTE FUNCTION link_of_who_is_in();

-- Those who are out or without that role already.
SELECT end_ways_of(organiser_id, id, disabled_at) FROM users WHERE disabled_at IS NOT NULL;
DELETE FROM invitations WHERE NOT invites_for(organiser_id, invited_by, party_id);
UPDATE coaches SET feed_hash = NULL, feed_until = NULL
WHERE feed_hash IS NOT NULL AND NOT coaches_in(organiser_id, user_id, unit_id);

CREATE OR REPLACE VIEW inv_27_disabled_means_out AS
SELECT u.organiser_id, u.id FROM users u
WHERE u.disabled_at IS NOT NULL AND (
    EXISTS (SELECT 1 FROM sessions s WHERE s.organiser_id = u.organiser_id AND s.user_id = u.id
            AND s.ended_at IS NULL)
    OR EXISTS (SELECT 1 FROM signin_links l WHERE l.organiser_id = u.organiser_id
               AND l.user_id = u.id AND l.used_at IS NULL AND l.expires_at > u.disabled_at)
    OR EXISTS (SELECT 1 FROM api_tokens t WHERE t.organiser_id = u.organiser_id
               AND t.user_id = u.id AND t.revoked_at IS NULL)
    OR EXISTS (SELECT 1 FROM passkeys k WHERE k.organiser_id = u.organiser_id AND k.user_id = u.id)
    OR EXISTS (SELECT 1 FROM coaches c WHERE c.organiser_id = u.organiser_id
               AND c.user_id = u.id AND c.feed_hash IS NOT NULL)
    OR EXISTS (SELECT 1 FROM links_mailed_to(u.organiser_id, u.id))
    OR EXISTS (SELECT 1 FROM invitations i WHERE i.organiser_id = u.organiser_id
               AND i.invited_by = u.id)
    OR EXISTS (SELECT 1 FROM stand_ins s WHERE s.organiser_id = u.organiser_id
               AND u.id IN (s.user_id, s.deputy_id) AND s.ended_at IS NULL)
    OR EXISTS (SELECT 1 FROM notices n WHERE n.organiser_id = u.organiser_id
               AND n.user_id = u.id AND n.state = 'pending'
               -- A message about their order is for a colleague by now.
               AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.organiser_id = n.organiser_id
                               AND o.id = n.order_id AND o.placed_by = u.id))
    OR EXISTS (SELECT 1 FROM proposals p WHERE p.organiser_id = u.organiser_id
               AND p.approved_by = u.id AND p.closed_at IS NULL));

CREATE OR REPLACE VIEW inv_28_secrets_are_kept_as_hashes AS
SELECT organiser_id, 'sessions' AS id FROM sessions
WHERE octet_length(token_hash) <> 32 OR octet_length(link_hash) <> 32
   OR octet_length(former_hash) <> 32
UNION ALL SELECT organiser_id, 'signin_links' FROM signin_links WHERE octet_length(token_hash) <> 32
UNION ALL SELECT organiser_id, 'api_tokens' FROM api_tokens WHERE octet_length(token_hash) <> 32
UNION ALL SELECT organiser_id, 'links' FROM links
WHERE octet_length(token_hash) <> 32 OR octet_length(phone_hash) <> 32
UNION ALL SELECT organiser_id, 'client_links' FROM client_links
WHERE octet_length(token_hash) <> 32 OR octet_length(phone_hash) <> 32
UNION ALL SELECT organiser_id, 'client_unlocks' FROM client_unlocks
WHERE octet_length(session_hash) <> 32
UNION ALL SELECT organiser_id, 'invitations' FROM invitations WHERE octet_length(token_hash) <> 32
UNION ALL SELECT organiser_id, 'coaches' FROM coaches WHERE octet_length(feed_hash) <> 32;
