-- Nobody is matched to an order of somebody whom no person has looked at: whoever orders first, or
-- lures somebody, is verified before. Checked at the end, because one review does both; the party
-- is locked meanwhile, so that two who change both at once cannot pass each other.

CREATE FUNCTION orders_party_is_verified() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'open' AND EXISTS (
        SELECT FROM orders o
        WHERE o.organiser_id = NEW.organiser_id AND o.id = NEW.id AND o.status = 'open')
    THEN
        PERFORM FROM parties p
        WHERE p.organiser_id = NEW.organiser_id AND p.id = NEW.party_id
          AND p.verified_at IS NOT NULL
        FOR SHARE;
        IF NOT FOUND THEN
            PERFORM broken_promise('order_of_a_verified_party', 'open, but nobody knows who orders');
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER order_of_a_verified_party
    AFTER INSERT OR UPDATE OF status, party_id ON orders
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.status = 'open') EXECUTE FUNCTION orders_party_is_verified();

CREATE FUNCTION partys_orders_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM parties p
               WHERE p.organiser_id = NEW.organiser_id AND p.id = NEW.id AND p.verified_at IS NULL)
       AND EXISTS (SELECT FROM orders o
                   WHERE o.organiser_id = NEW.organiser_id AND o.party_id = NEW.id
                     AND o.status = 'open') THEN
        PERFORM broken_promise('order_of_a_verified_party', 'has open orders');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER order_of_a_verified_party
    AFTER UPDATE OF verified_at ON parties
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.verified_at IS NULL) EXECUTE FUNCTION partys_orders_wait();
