"""Every setting, read once from the environment (prefix JOBCENTER_, and DATABASE_URL)."""

from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What differs between places where the service runs; each field is in deploy/README.md."""

    model_config = SettingsConfigDict(env_prefix="JOBCENTER_", frozen=True, extra="ignore")

    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    """The owner's address of a PostgreSQL of version 15 or newer, for `migrate`, `found`, `seed`
    and `rotate-keys`; without it, and without a place, the embedded one starts by itself."""

    database_place: str | None = None
    """Host, port and name of the database, without user and password: for everything else."""

    direct_database_url: str | None = None
    """The same server past a pooler, for LISTEN, advisory locks and the queue."""

    home: Path = Path("var")
    """Where the embedded database, secrets and logs lie."""

    secret: str | None = None
    """What signs forms; made once and kept under `home` when not given."""

    master_key: str | None = None
    """What closes the keys of clients' texts: 32 bytes as URL-safe base64; else under `home`."""

    former_master_key: str | None = None
    """The one before it, until `rotate-keys` has run."""

    index_key: str | None = None
    """What finds a client by the number they gave; it is never changed. Else under `home`."""

    host: str = "127.0.0.1"
    """The address that `serve` listens on."""

    port: int = 8000
    """The port that `serve` listens on."""

    base_url: str = "http://127.0.0.1:8000"
    """How people reach us; links in messages begin with it."""

    sms_url: str = "http://127.0.0.1:8000/inbox/sms"
    """The SMS gateway: takes our JSON by POST."""

    sms_token: str = ""
    """The bearer token that the SMS gateway asks for."""

    sms_per_minute: int = 0
    """How many text messages the gateway takes in a minute; 0 for any number."""

    sms_hook_secret: str = ""
    """What the gateway signs replies and delivery reports with; without it none are taken."""

    smtp_host: str = "127.0.0.1"
    """The mail server."""

    smtp_port: int = 8025
    """The mail server's port."""

    mail_from: str = "jobcenter@example.org"
    """The address our mail comes from."""

    phone: str = "09 310 00000"
    """The number that people call when they would rather talk."""

    organiser: int = 1
    """The organiser whose faces this process serves."""

    api_a_minute: int = 60
    """How many calls of the API each token has in a minute."""

    horizon_days: int = 14
    """How far ahead the matcher plans; later orders wait and say so."""

    pool_size: int = 5
    """Connections of each login that one process keeps."""

    wait_seconds: float = 2.0
    """How long a request waits for one of them to be free."""

    statement_seconds: float = 5.0
    """How long a request waits for one answer of the database."""

    round_seconds: float = 60.0
    """The longest that a whole round may think."""

    register_url: str = ""
    """Where the public register of companies answers; empty for none."""

    register_seconds: float = 4.0
    """How long it has for an answer."""

    calendar_loopback: bool = False
    """Whether a coach's calendar may be read from this machine itself, and over http; for tests."""

    signins_a_minute: int = 5
    """How often one name, or one address, may try to sign in; an office behind one address
    may need more."""

    oidc_issuer: str = ""
    """The directory that staff sign in through (OpenID Connect); empty for none."""

    oidc_client_id: str = ""
    """What the directory calls us."""

    oidc_client_secret: str = ""
    """What we show the directory, where it asks for a secret."""

    oidc_signs: bool = False
    """Whether it knows us by keys instead of a secret, as Suomi.fi and the trust network want: made
    under the home, shown at `/signin/directory/keys`."""

    oidc_name: str = ""
    """What the sign-in button calls the directory."""

    oidc_scopes: str = "openid profile email"
    """What we ask the directory for."""

    oidc_email_claim: str = "email"
    """Where it tells an e-mail address (Entra ID: `preferred_username` where there is no mail)."""

    oidc_name_claim: str = "name"
    """Where it tells a person's name."""

    oidc_roles_claim: str = "roles"
    """Where it tells roles or groups; a way into it is written with dots (`realm_access.roles`)."""

    oidc_roles: dict[str, str] = {}
    """Its roles or groups and ours, as JSON: `{"jc-kaneli": "coordinator@Keittiöpaja Kaneli"}`."""

    oidc_creates: bool = False
    """Whether somebody with such a role gets an account by coming in."""

    oidc_acr_values: str = ""
    """How strongly it must have seen who somebody is (`acr`), any of these words; empty for any."""

    oidc_ask: dict[str, str] = {}
    """What else it wants to be asked, as JSON: `{"kc_idp_hint": "suomi-fi"}` for a Keycloak."""

    @property
    def demo_address(self) -> Path:
        """Where a running demo writes its address, for other commands in the same home."""
        return self.home / "demo.url"

    def reached_at(self) -> str:
        """Return the address for links: as set, else a running demo's, else the default."""
        if "base_url" not in self.model_fields_set and self.demo_address.exists():
            return self.demo_address.read_text(encoding="utf-8").strip()
        return self.base_url

    @property
    def place(self) -> str | None:
        """Where the database is, without whose address told it; nothing where it is embedded."""
        told = self.database_place or self.database_url
        if not told:
            return None
        parts = urlsplit(told)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
