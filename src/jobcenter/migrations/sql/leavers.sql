-- Whoever no longer orders for a party holds no way to its orders: the links mailed to them end.

CREATE FUNCTION orderer_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE links l SET revoked_at = now()
    FROM orders o
    WHERE l.organiser_id = OLD.organiser_id AND l.revoked_at IS NULL AND l.gig_id IS NULL
      AND o.organiser_id = l.organiser_id AND o.id = l.order_id AND o.party_id = OLD.party_id
      AND (o.placed_by = OLD.user_id OR EXISTS (
          SELECT FROM notices n
          WHERE n.organiser_id = o.organiser_id AND n.order_id = o.id AND n.user_id = OLD.user_id));
    RETURN NULL;
END $$;
CREATE TRIGGER orderer_left AFTER DELETE ON grants FOR EACH ROW
    WHEN (OLD.party_id IS NOT NULL) EXECUTE FUNCTION orderer_left();
