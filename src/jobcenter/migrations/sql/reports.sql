-- What people tell of a gig: something that happened or nearly did, and how it went.

CREATE TABLE incidents (
    organiser_id bigint NOT NULL,
    id uuid NOT NULL,
    gig_id uuid NOT NULL,
    client_id uuid NOT NULL,
    told_from text NOT NULL,
    for_client boolean NOT NULL GENERATED ALWAYS AS (told_from = 'client') STORED,
    nearly boolean NOT NULL,
    hurt text NOT NULL,
    happened_at timestamptz NOT NULL,
    closed_words bytea NOT NULL,
    closed_told bytea,
    told_by uuid,
    told_at timestamptz NOT NULL,
    handled_at timestamptz,
    handled_by uuid,
    closed_outcome bytea,
    CONSTRAINT incidents_pkey PRIMARY KEY (organiser_id, id),
    CONSTRAINT incident_voice_is_known
        CHECK (told_from IN ('client', 'coach', 'orderer', 'unit')),
    CONSTRAINT incident_hurt_is_known CHECK (hurt IN ('nobody', 'a_little', 'badly')),
    CONSTRAINT near_miss_hurts_nobody CHECK (NOT (nearly AND hurt <> 'nobody')),
    CONSTRAINT incident_handled_says_how
        CHECK ((handled_at IS NULL) = (closed_outcome IS NULL)),
    CONSTRAINT incidents_organiser_id_gig_id_fkey
        FOREIGN KEY (organiser_id, gig_id) REFERENCES gigs (organiser_id, id),
    CONSTRAINT incidents_organiser_id_client_id_fkey
        FOREIGN KEY (organiser_id, client_id) REFERENCES clients (organiser_id, id),
    CONSTRAINT incidents_organiser_id_told_by_fkey
        FOREIGN KEY (organiser_id, told_by) REFERENCES users (organiser_id, id),
    CONSTRAINT incidents_organiser_id_handled_by_fkey
        FOREIGN KEY (organiser_id, handled_by) REFERENCES users (organiser_id, id)
);
CREATE INDEX incident_by_gig ON incidents (organiser_id, gig_id, told_at);
CREATE INDEX incident_by_client ON incidents (organiser_id, client_id);

-- What was told stays as it was told; only that it was seen to is added, once.
CREATE FUNCTION incident_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- A generated column is worked out after this trigger.
    seen_to constant text[] :=
        ARRAY['handled_at', 'handled_by', 'closed_outcome', 'for_client'];
BEGIN
    IF OLD.handled_at IS NOT NULL OR to_jsonb(NEW) - seen_to <> to_jsonb(OLD) - seen_to THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'incidents is append-only';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incident_stays BEFORE UPDATE ON incidents
    FOR EACH ROW EXECUTE FUNCTION incident_stays();

CREATE TABLE feedbacks (
    organiser_id bigint NOT NULL,
    gig_id uuid NOT NULL,
    told_from text NOT NULL,
    client_id uuid NOT NULL,
    party_id uuid,
    face smallint NOT NULL,
    strength text,
    closed_words bytea,
    told_at timestamptz NOT NULL,
    told_by uuid,
    read_at timestamptz,
    read_by uuid,
    passed_at timestamptz,
    passed_by uuid,
    for_client boolean NOT NULL
        GENERATED ALWAYS AS (told_from = 'client' OR passed_at IS NOT NULL) STORED,
    CONSTRAINT feedbacks_pkey PRIMARY KEY (organiser_id, gig_id, told_from),
    CONSTRAINT feedback_voice_is_known CHECK (told_from IN ('client', 'orderer')),
    CONSTRAINT feedback_face_is_known CHECK (face BETWEEN 1 AND 3),
    CONSTRAINT feedback_of_a_party CHECK ((told_from = 'orderer') = (party_id IS NOT NULL)),
    CONSTRAINT feedback_is_read_before_it_is_passed_on
        CHECK (passed_at IS NULL OR read_at IS NOT NULL),
    CONSTRAINT feedbacks_organiser_id_gig_id_fkey
        FOREIGN KEY (organiser_id, gig_id) REFERENCES gigs (organiser_id, id),
    CONSTRAINT feedbacks_organiser_id_client_id_fkey
        FOREIGN KEY (organiser_id, client_id) REFERENCES clients (organiser_id, id),
    CONSTRAINT feedbacks_organiser_id_party_id_fkey
        FOREIGN KEY (organiser_id, party_id) REFERENCES parties (organiser_id, id),
    CONSTRAINT feedbacks_organiser_id_told_by_fkey
        FOREIGN KEY (organiser_id, told_by) REFERENCES users (organiser_id, id),
    CONSTRAINT feedbacks_organiser_id_read_by_fkey
        FOREIGN KEY (organiser_id, read_by) REFERENCES users (organiser_id, id),
    CONSTRAINT feedbacks_organiser_id_passed_by_fkey
        FOREIGN KEY (organiser_id, passed_by) REFERENCES users (organiser_id, id)
);
CREATE INDEX feedback_by_client ON feedbacks (organiser_id, client_id, told_at);

-- Organisers that are there already get the assumed years; later ones get them with the rest.
INSERT INTO figures (organiser_id, id, kind, key, amount, valid_from, source, standing)
SELECT o.id, gen_random_uuid(), 'retention', c.code, c.days, '2020-01-01', c.law, 'assumed'
FROM organisers o, (VALUES
    ('feedback', 730, 'GDPR 5(1)(e): no longer than the purpose needs'),
    ('incident', 3650, 'Act 459/2015 on accidents at work: claims within 5 years, kept 10')
) AS c (code, days, law)
ON CONFLICT DO NOTHING;
