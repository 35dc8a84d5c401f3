-- Who was asked to order for a party, until they answer.

CREATE TABLE invitations (
    organiser_id bigint NOT NULL,
    id uuid NOT NULL,
    party_id uuid NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    language text NOT NULL,
    token_hash bytea NOT NULL,
    invited_by uuid,
    expires_at timestamptz NOT NULL,
    CONSTRAINT invitations_pkey PRIMARY KEY (organiser_id, id),
    CONSTRAINT invited_once UNIQUE (organiser_id, party_id, email),
    CONSTRAINT invitations_organiser_id_party_id_fkey
        FOREIGN KEY (organiser_id, party_id) REFERENCES parties (organiser_id, id),
    CONSTRAINT invitations_organiser_id_invited_by_fkey
        FOREIGN KEY (organiser_id, invited_by) REFERENCES users (organiser_id, id)
);
CREATE UNIQUE INDEX invitation_by_token ON invitations (organiser_id, token_hash);
