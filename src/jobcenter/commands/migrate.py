"""Bring the database up to the newest migration and give the logins their passwords.

Needs a DATABASE_URL that may create roles and extensions; without one the embedded server is used.
"""

import argparse

from jobcenter import schema
from jobcenter.start import owned


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter migrate", description=__doc__)
    parser.parse_args(arguments)
    with owned() as here:
        schema.prepare(here.owner_dsn, here.settings.home, here.ring)
    print("The database is up to date.")
    return 0
