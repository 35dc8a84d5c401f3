-- Who changed what in the organiser's lists, and what waits for its day.

CREATE TABLE list_changes (
    organiser_id bigint NOT NULL,
    id uuid NOT NULL,
    list text NOT NULL,
    entry text NOT NULL,
    key jsonb NOT NULL,
    kind text NOT NULL,
    holds_from date NOT NULL,
    before jsonb,
    after jsonb,
    at timestamptz NOT NULL,
    actor uuid,
    applied_at timestamptz,
    undone_at timestamptz,
    CONSTRAINT list_changes_pkey PRIMARY KEY (organiser_id, id),
    CONSTRAINT list_change_kind_is_known CHECK (kind IN ('begun', 'changed', 'ended', 'undone'))
);
CREATE INDEX list_change_by_entry ON list_changes (organiser_id, list, entry, id);
CREATE INDEX list_change_waiting ON list_changes (organiser_id, holds_from)
    WHERE applied_at IS NULL AND undone_at IS NULL;
