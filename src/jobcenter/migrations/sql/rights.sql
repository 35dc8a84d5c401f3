-- Who may what: rights are rows, a user who is out is out at once, an emergency is written down.

SELECT raise_organiser_wall('emergencies', 'organiser_id');
SELECT raise_organiser_wall('right_events', 'organiser_id');
REVOKE ALL ON emergencies, right_events FROM jobcenter_read, jobcenter_act;
GRANT SELECT ON emergencies, right_events TO jobcenter_read, jobcenter_act;
GRANT INSERT ON emergencies, right_events TO jobcenter_act;
CREATE TRIGGER emergency_stays BEFORE UPDATE OR DELETE ON emergencies
    FOR EACH ROW EXECUTE FUNCTION history_stays();
CREATE TRIGGER emergency_not_emptied BEFORE TRUNCATE ON emergencies
    FOR EACH STATEMENT EXECUTE FUNCTION history_stays();
CREATE TRIGGER right_event_stays BEFORE UPDATE OR DELETE ON right_events
    FOR EACH ROW EXECUTE FUNCTION history_stays();
CREATE TRIGGER right_event_not_emptied BEFORE TRUNCATE ON right_events
    FOR EACH STATEMENT EXECUTE FUNCTION history_stays();

-- I27: with the user go their sessions, links, tokens, feeds, messages, and what is done in their name.
CREATE FUNCTION user_is_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sessions SET ended_at = NEW.disabled_at
    WHERE organiser_id = NEW.organiser_id AND user_id = NEW.id AND ended_at IS NULL;
    UPDATE signin_links SET expires_at = LEAST(expires_at, NEW.disabled_at)
    WHERE organiser_id = NEW.organiser_id AND user_id = NEW.id AND used_at IS NULL;
    UPDATE api_tokens SET revoked_at = NEW.disabled_at
    WHERE organiser_id = NEW.organiser_id AND user_id = NEW.id AND revoked_at IS NULL;
    UPDATE coaches SET feed_hash = NULL
    WHERE organiser_id = NEW.organiser_id AND user_id = NEW.id AND feed_hash IS NOT NULL;
    UPDATE notices SET state = 'dropped', problem = 'the user is out'
    WHERE organiser_id = NEW.organiser_id AND user_id = NEW.id AND state = 'pending';
    -- A list that they approved is asked no further in their name; somebody else may approve it.
    UPDATE proposals SET approved_by = NULL, approved_at = NULL
    WHERE organiser_id = NEW.organiser_id AND approved_by = NEW.id AND closed_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER user_out AFTER UPDATE OF disabled_at ON users FOR EACH ROW
    WHEN (NEW.disabled_at IS NOT NULL AND OLD.disabled_at IS NULL)
    EXECUTE FUNCTION user_is_out();

-- Nothing new begins for somebody who is out. The row is locked, so that of a sign-in and a disabling
-- at the same moment one waits for the other.
CREATE FUNCTION user_is_in() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    out_since timestamptz;
BEGIN
    IF NEW.user_id IS NOT NULL THEN
        SELECT disabled_at INTO out_since FROM users
        WHERE organiser_id = NEW.organiser_id AND id = NEW.user_id FOR SHARE;
        IF out_since IS NOT NULL THEN
            PERFORM broken_promise('user_is_not_out', 'this user is disabled');
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER session_user_is_in BEFORE INSERT ON sessions
    FOR EACH ROW EXECUTE FUNCTION user_is_in();
CREATE TRIGGER link_user_is_in BEFORE INSERT ON signin_links
    FOR EACH ROW EXECUTE FUNCTION user_is_in();
CREATE TRIGGER token_user_is_in BEFORE INSERT ON api_tokens
    FOR EACH ROW EXECUTE FUNCTION user_is_in();

CREATE VIEW inv_27_disabled_means_out AS
SELECT u.organiser_id, u.id FROM users u
WHERE u.disabled_at IS NOT NULL AND (
    EXISTS (SELECT 1 FROM sessions s WHERE s.organiser_id = u.organiser_id AND s.user_id = u.id
            AND s.ended_at IS NULL)
    OR EXISTS (SELECT 1 FROM signin_links l WHERE l.organiser_id = u.organiser_id
               AND l.user_id = u.id AND l.used_at IS NULL AND l.expires_at > u.disabled_at)
    OR EXISTS (SELECT 1 FROM api_tokens t WHERE t.organiser_id = u.organiser_id
               AND t.user_id = u.id AND t.revoked_at IS NULL)
    OR EXISTS (SELECT 1 FROM coaches c WHERE c.organiser_id = u.organiser_id
               AND c.user_id = u.id AND c.feed_hash IS NOT NULL)
    OR EXISTS (SELECT 1 FROM notices n WHERE n.organiser_id = u.organiser_id
               AND n.user_id = u.id AND n.state = 'pending')
    OR EXISTS (SELECT 1 FROM proposals p WHERE p.organiser_id = u.organiser_id
               AND p.approved_by = u.id AND p.closed_at IS NULL));

-- I28, as far as a table can tell: what is kept of a secret has the length of a hash.
CREATE VIEW inv_28_secrets_are_kept_as_hashes AS
SELECT organiser_id, 'sessions' AS id FROM sessions
WHERE octet_length(token_hash) <> 32 OR octet_length(link_hash) <> 32
   OR octet_length(former_hash) <> 32
UNION ALL SELECT organiser_id, 'signin_links' FROM signin_links WHERE octet_length(token_hash) <> 32
UNION ALL SELECT organiser_id, 'api_tokens' FROM api_tokens WHERE octet_length(token_hash) <> 32
UNION ALL SELECT organiser_id, 'links' FROM links WHERE octet_length(token_hash) <> 32
UNION ALL SELECT organiser_id, 'coaches' FROM coaches WHERE octet_length(feed_hash) <> 32;

GRANT SELECT ON inv_27_disabled_means_out, inv_28_secrets_are_kept_as_hashes
    TO jobcenter_read, jobcenter_act;

-- The roles and limits of those cities that are there already.
INSERT INTO roles (organiser_id, code, name, rights)
SELECT id, 'data_protection_officer', 'Tietosuojavastaava', ARRAY['read_log'] FROM organisers
ON CONFLICT DO NOTHING;
INSERT INTO figures (organiser_id, id, kind, key, amount, valid_from, source, standing)
SELECT o.id, gen_random_uuid(), 'looks_an_hour', l.key, l.amount, DATE '2026-01-01',
       'assumed until the data-protection officer sets it', 'assumed'
FROM organisers o, (VALUES ('people', 80), ('strangers', 5)) AS l (key, amount);
