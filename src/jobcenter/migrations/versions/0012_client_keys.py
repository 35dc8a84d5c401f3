"""Numbers, addresses and notes of clients are closed under a key of each client's own.

No release came before this one, so the open columns go at once.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import context, op

from jobcenter.envelopes import Keyring, PersonsKey

revision: str = "0012"
down_revision: str | Sequence[str] | None = "0011"

# A link is for one number: it is bound to what equal numbers have in common.
LINKS_FOLLOW = (
    "DROP TRIGGER links_follow_the_phone ON client_contacts",
    """
CREATE OR REPLACE FUNCTION links_follow_the_phone() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE links SET revoked_at = now()
    WHERE organiser_id = NEW.organiser_id AND client_id = NEW.client_id AND revoked_at IS NULL
      AND phone_hash IS DISTINCT FROM sha256(token_hash || NEW.phone_index);
    UPDATE client_links SET revoked_at = now()
    WHERE organiser_id = NEW.organiser_id AND client_id = NEW.client_id AND revoked_at IS NULL
      AND phone_hash IS DISTINCT FROM sha256(token_hash || NEW.phone_index);
    RETURN NULL;
END $$
""",
    """
CREATE TRIGGER links_follow_the_phone AFTER UPDATE ON client_contacts
FOR EACH ROW WHEN (OLD.phone_index IS DISTINCT FROM NEW.phone_index)
EXECUTE FUNCTION links_follow_the_phone()
""",
)

# What was sent to the number on file still opens.
REBOUND = """
SET phone_hash = CASE WHEN phone_hash = sha256(token_hash || convert_to(:phone, 'UTF8'))
                      THEN sha256(token_hash || :index) ELSE phone_hash END
"""
LINKS_STAY = ("UPDATE links" + REBOUND, "UPDATE client_links" + REBOUND)
# A column that is dropped lies in its rows until they are written anew.
WRITTEN_ANEW = (
    "CLUSTER client_contacts USING client_contacts_pkey",
    "CLUSTER client_need_notes USING client_need_notes_pkey",
)


def upgrade() -> None:
    # The window on names is made anew with the walls; it may not hold on to a column.
    op.execute("DROP VIEW IF EXISTS agreed_workers")
    op.create_table(
        "client_keys",
        sa.Column("organiser_id", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("master", sa.Text(), nullable=False),
        sa.Column("closed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organiser_id", "client_id"],
            ["clients.organiser_id", "clients.id"],
            name=op.f("client_keys_organiser_id_client_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("organiser_id", "client_id", name=op.f("client_keys_pkey")),
    )
    op.add_column("client_contacts", sa.Column("closed_phone", sa.LargeBinary()))
    op.add_column("client_contacts", sa.Column("closed_email", sa.LargeBinary()))
    op.add_column("client_contacts", sa.Column("phone_index", sa.LargeBinary()))
    op.add_column("client_need_notes", sa.Column("closed_note", sa.LargeBinary()))
    _close_all(op.get_bind())
    op.alter_column("client_contacts", "closed_phone", nullable=False)
    op.alter_column("client_contacts", "phone_index", nullable=False)
    op.alter_column("client_need_notes", "closed_note", nullable=False)
    for statement in LINKS_FOLLOW:
        op.execute(statement)
    op.drop_column("client_contacts", "phone")
    op.drop_column("client_contacts", "email")
    op.drop_column("client_need_notes", "note")
    for statement in WRITTEN_ANEW:
        op.execute(statement)
    op.create_index("contact_by_phone", "client_contacts", ["organiser_id", "phone_index"])
    op.execute("SELECT raise_organiser_wall('client_keys', 'organiser_id')")


def _close_all(connection: sa.Connection) -> None:
    clients = connection.execute(sa.text("SELECT organiser_id, id FROM clients")).all()
    if not clients:
        return
    ring = context.config.attributes.get("keyring")
    if not isinstance(ring, Keyring):
        raise TypeError("closing what clients told needs the master key")
    for organiser_id, client_id in clients:
        key, wrapped = ring.new_key(organiser_id, client_id)
        connection.execute(
            sa.text("INSERT INTO client_keys VALUES (:organiser, :client, :master, :closed)"),
            {"organiser": organiser_id, "client": client_id, "master": wrapped.master,
             "closed": wrapped.closed},
        )  # fmt: skip
        _close_one(connection, ring, key, {"organiser": organiser_id, "client": client_id})


def _close_one(
    connection: sa.Connection, ring: Keyring, key: PersonsKey, whose: dict[str, object]
) -> None:
    row = " WHERE organiser_id = :organiser AND client_id = :client"
    contacts = connection.execute(sa.text("SELECT phone, email FROM client_contacts" + row), whose)
    for phone, email in contacts.all():
        index = ring.index(int(str(whose["organiser"])), phone)
        connection.execute(
            sa.text(
                "UPDATE client_contacts SET closed_phone = :phone, closed_email = :email,"
                " phone_index = :index" + row
            ),
            whose
            | {
                "phone": key.close("phone", phone),
                "email": key.close("email", email) if email else None,
                "index": index,
            },
        )
        for links in LINKS_STAY:
            connection.execute(sa.text(links + row), whose | {"phone": phone, "index": index})
    notes = connection.execute(sa.text("SELECT code, note FROM client_need_notes" + row), whose)
    for code, note in notes.all():
        connection.execute(
            sa.text(
                "UPDATE client_need_notes SET closed_note = :note" + row + " AND code = :code"
            ),
            whose | {"code": code, "note": key.close(f"note:{code}", note)},
        )


def downgrade() -> None:
    raise NotImplementedError
