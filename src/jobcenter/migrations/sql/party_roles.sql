-- Who manages a party's people and costs, beside ordering for it. Whoever ordered until now could do
-- all of it, and still can.
INSERT INTO roles (organiser_id, code, name, rights)
SELECT id, 'party_manager', 'Tilaajan pääkäyttäjä', ARRAY['manage_party'] FROM organisers
ON CONFLICT DO NOTHING;
INSERT INTO grants (organiser_id, id, user_id, role, party_id)
SELECT organiser_id, gen_random_uuid(), user_id, 'party_manager', party_id FROM grants
WHERE role = 'orderer' AND party_id IS NOT NULL
ON CONFLICT DO NOTHING;

ALTER TABLE invitations ADD COLUMN manages boolean NOT NULL DEFAULT false;

-- Whoever no longer has any part in a party holds no way to its orders: the links mailed to them end.
-- With their last part here go sessions, sign-in links and tokens, too.
CREATE OR REPLACE FUNCTION orderer_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM grants g WHERE g.organiser_id = OLD.organiser_id
               AND g.user_id = OLD.user_id AND g.party_id = OLD.party_id) THEN
        RETURN NULL;
    END IF;
    UPDATE links l SET revoked_at = now()
    FROM orders o
    WHERE l.organiser_id = OLD.organiser_id AND l.revoked_at IS NULL AND l.gig_id IS NULL
      AND o.organiser_id = l.organiser_id AND o.id = l.order_id AND o.party_id = OLD.party_id
      AND (o.placed_by = OLD.user_id OR EXISTS (
          SELECT FROM notices n
          WHERE n.organiser_id = o.organiser_id AND n.order_id = o.id AND n.user_id = OLD.user_id));
    IF NOT EXISTS (SELECT FROM grants g
                   WHERE g.organiser_id = OLD.organiser_id AND g.user_id = OLD.user_id) THEN
        UPDATE sessions SET ended_at = now()
        WHERE organiser_id = OLD.organiser_id AND user_id = OLD.user_id AND ended_at IS NULL;
        UPDATE signin_links SET expires_at = LEAST(expires_at, now())
        WHERE organiser_id = OLD.organiser_id AND user_id = OLD.user_id AND used_at IS NULL;
        UPDATE api_tokens SET revoked_at = now()
        WHERE organiser_id = OLD.organiser_id AND user_id = OLD.user_id AND revoked_at IS NULL;
    END IF;
    RETURN NULL;
END $$;
