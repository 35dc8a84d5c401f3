-- A coach's photo for the people whom they meet; it goes with their account here, whoever ends it.

CREATE TABLE coach_photos (
    organiser_id bigint NOT NULL,
    id uuid NOT NULL,
    coach_id uuid NOT NULL,
    jpeg bytea NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    given_at timestamptz NOT NULL,
    given_by uuid NOT NULL,
    CONSTRAINT coach_photos_pkey PRIMARY KEY (organiser_id, id),
    CONSTRAINT coach_photos_organiser_id_coach_id_key UNIQUE (organiser_id, coach_id),
    CONSTRAINT coach_photo_is_small CHECK (octet_length(jpeg) BETWEEN 1 AND 1000000),
    CONSTRAINT coach_photos_organiser_id_coach_id_fkey
        FOREIGN KEY (organiser_id, coach_id) REFERENCES coaches (organiser_id, id),
    CONSTRAINT coach_photos_organiser_id_given_by_fkey
        FOREIGN KEY (organiser_id, given_by) REFERENCES users (organiser_id, id)
);
SELECT raise_organiser_wall('coach_photos'::regclass, 'organiser_id');

CREATE FUNCTION coach_photo_goes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'users' THEN
        DELETE FROM coach_photos WHERE organiser_id = OLD.organiser_id AND given_by = OLD.id;
    ELSE
        DELETE FROM coach_photos WHERE organiser_id = OLD.organiser_id AND coach_id = OLD.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER coach_photo_goes AFTER UPDATE OF active, user_id ON coaches FOR EACH ROW
    WHEN (NOT NEW.active OR NEW.user_id IS DISTINCT FROM OLD.user_id)
    EXECUTE FUNCTION coach_photo_goes();
CREATE TRIGGER coach_photo_goes AFTER UPDATE OF disabled_at ON users FOR EACH ROW
    WHEN (NEW.disabled_at IS NOT NULL) EXECUTE FUNCTION coach_photo_goes();
