-- Answers by text message, delivery reports, and the question on the day before.

CREATE TABLE replies (
    organiser_id bigint NOT NULL,
    id uuid NOT NULL,
    message_id text NOT NULL,
    client_id uuid,
    gig_id uuid,
    question text,
    meaning text NOT NULL,
    step text NOT NULL,
    closed_text bytea,
    heard_at timestamptz NOT NULL,
    settled_at timestamptz,
    CONSTRAINT replies_pkey PRIMARY KEY (organiser_id, id),
    CONSTRAINT reply_heard_once UNIQUE (organiser_id, message_id),
    CONSTRAINT reply_meaning_is_known
        CHECK (meaning IN ('yes', 'no', 'stop', 'start', 'other')),
    CONSTRAINT reply_step_is_known
        CHECK (step IN ('answer', 'which', 'too_late', 'known', 'call', 'stop', 'start', 'stranger')),
    CONSTRAINT reply_is_somebodys CHECK (closed_text IS NULL OR client_id IS NOT NULL),
    CONSTRAINT replies_organiser_id_client_id_fkey
        FOREIGN KEY (organiser_id, client_id) REFERENCES clients (organiser_id, id),
    CONSTRAINT replies_organiser_id_gig_id_fkey
        FOREIGN KEY (organiser_id, gig_id) REFERENCES gigs (organiser_id, id)
);
CREATE INDEX reply_by_client ON replies (organiser_id, client_id);

ALTER TABLE client_contacts ADD COLUMN texts_stopped_at timestamptz;

ALTER TABLE notices ADD COLUMN reported text;
ALTER TABLE notices ADD CONSTRAINT notice_report_is_known
    CHECK (reported IN ('delivered', 'failed'));

ALTER TABLE gigs
    ADD COLUMN still_fine_asked_at timestamptz,
    ADD COLUMN still_fine_at timestamptz,
    ADD COLUMN still_fine_via text,
    ADD COLUMN still_fine_by uuid,
    ADD CONSTRAINT gigs_organiser_id_still_fine_by_fkey
        FOREIGN KEY (organiser_id, still_fine_by) REFERENCES users (organiser_id, id),
    ADD CONSTRAINT gig_still_fine_is_recorded CHECK (
        still_fine_at IS NULL AND still_fine_via IS NULL AND still_fine_by IS NULL
        OR still_fine_via IN ('link', 'sms') AND still_fine_by IS NULL AND still_fine_at IS NOT NULL
        OR still_fine_via IN ('phone', 'face_to_face') AND still_fine_by IS NOT NULL
           AND still_fine_at IS NOT NULL),
    DROP CONSTRAINT gig_answer_is_recorded,
    ADD CONSTRAINT gig_answer_is_recorded CHECK (
        status NOT IN ('confirmed', 'in_progress', 'done', 'approved', 'invoiced', 'declined')
        OR (answered_via IN ('link', 'sms') AND answered_by IS NULL)
        OR (answered_via IN ('phone', 'face_to_face') AND answered_by IS NOT NULL));

INSERT INTO figures (organiser_id, id, kind, key, amount, valid_from, source, standing)
SELECT id, gen_random_uuid(), 'retention', 'reply', 90, '2020-01-01',
       'GDPR 5(1)(e): no longer than the purpose needs', 'assumed'
FROM organisers
ON CONFLICT DO NOTHING;
