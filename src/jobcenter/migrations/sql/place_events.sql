-- Who wrote, confirmed or took away what at a place of work, with what stood there before.

CREATE TABLE place_events (
    organiser_id bigint NOT NULL,
    id uuid NOT NULL,
    site_id uuid NOT NULL,
    kind text NOT NULL,
    actor uuid,
    at timestamptz NOT NULL,
    details jsonb NOT NULL,
    CONSTRAINT place_events_pkey PRIMARY KEY (organiser_id, id),
    CONSTRAINT place_events_organiser_id_site_id_fkey
        FOREIGN KEY (organiser_id, site_id) REFERENCES sites (organiser_id, id),
    CONSTRAINT place_events_organiser_id_actor_fkey
        FOREIGN KEY (organiser_id, actor) REFERENCES users (organiser_id, id)
);
CREATE INDEX place_event_by_site ON place_events (organiser_id, site_id, at);
