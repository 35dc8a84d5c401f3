-- Seals say when they were made, and cover what was disclosed, opened in an emergency or in a talk, and
-- every change of rights. Those from before are held to the formula that they were made with.

ALTER TABLE seals ADD COLUMN formula smallint NOT NULL DEFAULT 1;
-- An old worker's seal would leave out what is stamped below: it fails until the worker is replaced.
ALTER TABLE seals ALTER COLUMN formula DROP DEFAULT;

-- What is there already is stamped with this transaction: the next seal takes it.
ALTER TABLE disclosures
    ADD COLUMN xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint;
ALTER TABLE right_events
    ADD COLUMN xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint;
ALTER TABLE benefit_talks
    ADD COLUMN xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint;
ALTER TABLE emergencies
    ADD COLUMN xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    ADD COLUMN reason_salt bytea DEFAULT uuid_send(gen_random_uuid()),
    ADD COLUMN reason_hash bytea NOT NULL DEFAULT '';
ALTER TABLE emergencies
    ALTER COLUMN reason_hash TYPE bytea
        USING sha256(reason_salt || convert_to(reason, 'UTF8')),
    ALTER COLUMN reason_salt TYPE bytea
        USING CASE WHEN reason = 'erased text' THEN NULL ELSE reason_salt END;

CREATE INDEX disclosure_by_xid ON disclosures (organiser_id, xid);
CREATE INDEX right_event_by_xid ON right_events (organiser_id, xid);
CREATE INDEX benefit_talk_by_xid ON benefit_talks (organiser_id, xid);
CREATE INDEX emergency_by_xid ON emergencies (organiser_id, xid);

CREATE TRIGGER disclosure_stamped BEFORE INSERT ON disclosures
    FOR EACH ROW EXECUTE FUNCTION look_is_stamped();
CREATE TRIGGER right_event_stamped BEFORE INSERT ON right_events
    FOR EACH ROW EXECUTE FUNCTION look_is_stamped();
CREATE TRIGGER benefit_talk_stamped BEFORE INSERT ON benefit_talks
    FOR EACH ROW EXECUTE FUNCTION look_is_stamped();

-- The reason goes with the person, so a seal holds a hash of it: without the salt, which goes too,
-- nobody can try reasons out.
CREATE FUNCTION emergency_is_stamped() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.xid := pg_current_xact_id()::text::bigint;
    NEW.reason_salt := uuid_send(gen_random_uuid());
    NEW.reason_hash := sha256(NEW.reason_salt || convert_to(NEW.reason, 'UTF8'));
    RETURN NEW;
END $$;
CREATE TRIGGER emergency_stamped BEFORE INSERT ON emergencies
    FOR EACH ROW EXECUTE FUNCTION emergency_is_stamped();

CREATE OR REPLACE FUNCTION emergency_words_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.reason = 'erased text'
       AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason'
       AND EXISTS (SELECT FROM clients c WHERE c.organiser_id = NEW.organiser_id
                     AND c.id = NEW.client_id AND c.erased_at IS NOT NULL) THEN
        NEW.reason_salt := NULL;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'emergencies is append-only';
END $$;

-- I9: each seal follows the one before, covers as many rows as there are, and hashes to what it says.
-- Row by row it is checked by `jobcenter verify-audit`.
CREATE OR REPLACE VIEW inv_09_history_is_only_appended AS
SELECT organiser_id, number AS id FROM (
    SELECT s.*,
           lag(hash, 1, decode(repeat('00', 32), 'hex')) OVER chain AS hash_before,
           lag(to_xid, 1, 0::bigint) OVER chain AS ended_before,
           lag(number, 1, 0::bigint) OVER chain AS number_before,
           lag(formula, 1, 1::smallint) OVER chain AS formula_before
    FROM seals s WINDOW chain AS (PARTITION BY organiser_id ORDER BY number)) AS linked
WHERE hash <> sha256(hash_before || root || int8send(count::bigint) || int8send(to_xid)
          || CASE WHEN formula > 1 THEN convert_to(
                 to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'), 'UTF8')
                 || int2send(formula) ELSE '' END)
   OR formula < formula_before
   OR from_xid <> ended_before
   OR number <> number_before + 1
   OR octet_length(leaves) <> count * CASE WHEN formula > 1 THEN 49 ELSE 48 END
   OR count <> (SELECT count(*) FROM looks l WHERE l.organiser_id = linked.organiser_id
                AND l.xid >= linked.from_xid AND l.xid < linked.to_xid)
        + CASE WHEN formula > 1 THEN
              (SELECT count(*) FROM disclosures l WHERE l.organiser_id = linked.organiser_id
               AND l.xid >= linked.from_xid AND l.xid < linked.to_xid)
            + (SELECT count(*) FROM emergencies l WHERE l.organiser_id = linked.organiser_id
               AND l.xid >= linked.from_xid AND l.xid < linked.to_xid)
            + (SELECT count(*) FROM right_events l WHERE l.organiser_id = linked.organiser_id
               AND l.xid >= linked.from_xid AND l.xid < linked.to_xid)
            + (SELECT count(*) FROM benefit_talks l WHERE l.organiser_id = linked.organiser_id
               AND l.xid >= linked.from_xid AND l.xid < linked.to_xid)
          ELSE 0 END;
