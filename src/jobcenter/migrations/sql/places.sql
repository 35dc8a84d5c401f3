-- What it is like to come to a place of work: told once, confirmed by a coach who was there.

CREATE TABLE place_passports (
    organiser_id bigint NOT NULL,
    site_id uuid NOT NULL,
    version integer NOT NULL,
    stairs text NOT NULL DEFAULT '',
    toilet_where text NOT NULL DEFAULT '',
    lockers text NOT NULL DEFAULT '',
    wear text NOT NULL DEFAULT '',
    breaks text NOT NULL DEFAULT '',
    light text NOT NULL DEFAULT '',
    noise smallint NOT NULL DEFAULT 1,
    contact_name text NOT NULL DEFAULT '',
    contact_phone text NOT NULL DEFAULT '',
    reserve_name text NOT NULL DEFAULT '',
    reserve_phone text NOT NULL DEFAULT '',
    written_at timestamptz NOT NULL,
    written_by uuid,
    confirmed_version integer,
    confirmed_at timestamptz,
    confirmed_by uuid,
    remark text NOT NULL DEFAULT '',
    CONSTRAINT place_passports_pkey PRIMARY KEY (organiser_id, site_id),
    CONSTRAINT passport_noise_is_a_level CHECK (noise BETWEEN 0 AND 3),
    CONSTRAINT passport_confirmed_whole
        CHECK (num_nonnulls(confirmed_version, confirmed_at) IN (0, 2)),
    CONSTRAINT passport_confirmed_as_written CHECK (confirmed_version <= version),
    CONSTRAINT place_passports_organiser_id_site_id_fkey
        FOREIGN KEY (organiser_id, site_id) REFERENCES sites (organiser_id, id),
    CONSTRAINT place_passports_organiser_id_written_by_fkey
        FOREIGN KEY (organiser_id, written_by) REFERENCES users (organiser_id, id),
    CONSTRAINT place_passports_organiser_id_confirmed_by_fkey
        FOREIGN KEY (organiser_id, confirmed_by) REFERENCES users (organiser_id, id)
);

CREATE TABLE place_photos (
    organiser_id bigint NOT NULL,
    id uuid NOT NULL,
    site_id uuid NOT NULL,
    caption text NOT NULL,
    jpeg bytea NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    added_at timestamptz NOT NULL,
    added_by uuid,
    CONSTRAINT place_photos_pkey PRIMARY KEY (organiser_id, id),
    CONSTRAINT photo_is_small CHECK (octet_length(jpeg) BETWEEN 1 AND 1000000),
    CONSTRAINT place_photos_organiser_id_site_id_fkey
        FOREIGN KEY (organiser_id, site_id) REFERENCES sites (organiser_id, id),
    CONSTRAINT place_photos_organiser_id_added_by_fkey
        FOREIGN KEY (organiser_id, added_by) REFERENCES users (organiser_id, id)
);
CREATE INDEX photo_by_site ON place_photos (organiser_id, site_id, added_at);
