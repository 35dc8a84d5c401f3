-- Benefits open in a talk that is written down first: who talked, how and when. Nobody changes that.

CREATE TABLE benefit_talks (
    organiser_id bigint NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    client_id uuid NOT NULL,
    how text NOT NULL,
    at timestamptz NOT NULL,
    until timestamptz NOT NULL,
    session_hash bytea NOT NULL,
    CONSTRAINT benefit_talks_pkey PRIMARY KEY (organiser_id, id),
    CONSTRAINT benefit_talks_organiser_id_user_id_fkey
        FOREIGN KEY (organiser_id, user_id) REFERENCES users (organiser_id, id),
    CONSTRAINT benefit_talks_organiser_id_client_id_fkey
        FOREIGN KEY (organiser_id, client_id) REFERENCES clients (organiser_id, id),
    CONSTRAINT talk_how_is_known CHECK (how IN ('face_to_face', 'phone')),
    CONSTRAINT talk_is_short CHECK (at < until AND until <= at + interval '15 minutes')
);
CREATE INDEX benefit_talk_by_user ON benefit_talks (organiser_id, user_id, client_id);
CREATE INDEX benefit_talk_by_client ON benefit_talks (organiser_id, client_id);

CREATE TRIGGER benefit_talk_stays BEFORE UPDATE OR DELETE ON benefit_talks
    FOR EACH ROW EXECUTE FUNCTION history_stays();
CREATE TRIGGER benefit_talk_not_emptied BEFORE TRUNCATE ON benefit_talks
    FOR EACH STATEMENT EXECUTE FUNCTION history_stays();
