"""The PostgreSQL that starts by itself when no DATABASE_URL is given."""

from jobcenter.embedded.account import CannotStart
from jobcenter.embedded.server import postgres

__all__ = ["CannotStart", "postgres"]
