"""Close every client's key under a new master key, and end the one before.

After it, the keys in older backups cannot be opened any more: take `client_keys` and
`coach_calendars` from the newest backup when you restore an older one.
"""

import argparse
import asyncio

from jobcenter import masterkeys, schema
from jobcenter.oidc_keys import OwnKeys
from jobcenter.settings import Settings
from jobcenter.start import Owned, owned


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter rotate-keys", description=__doc__)
    parser.add_argument(
        "--directory",
        action="store_true",
        help="instead renew the keys by which the employer's directory knows us",
    )
    if parser.parse_args(arguments).directory:
        return _of_the_directory()
    with owned() as here, masterkeys.alone(here.settings.home):
        # Looked at before anything is renewed: what nobody here can open would stay behind.
        masterkeys.refuse_unknown(here.ring, asyncio.run(schema.masters(here.owner_dsn)))
        count = _under_the_given(here) if here.settings.master_key else _under_a_new_one(here)
    print(f"{count} keys are closed under the newest master key.")
    return 0


def _of_the_directory() -> int:
    settings = Settings()
    with masterkeys.alone(settings.home):
        OwnKeys(settings.home).renew()
    print(f"The directory finds the new keys at {settings.base_url}/signin/directory/keys.")
    return 0


def _under_a_new_one(here: Owned) -> int:
    home = here.settings.home
    masterkeys.renew_secret(home, masterkeys.MASTER)
    count = _closed_again(here)
    masterkeys.forget_former(home, masterkeys.MASTER)
    return count


def _under_the_given(here: Owned) -> int:
    if not here.ring.has_former:
        raise masterkeys.KeyTrouble(
            "Give the new key as JOBCENTER_MASTER_KEY and the one before it as"
            " JOBCENTER_FORMER_MASTER_KEY: without two different keys nothing is changed."
        )
    count = _closed_again(here)
    print("JOBCENTER_FORMER_MASTER_KEY may go now.")
    return count


def _closed_again(here: Owned) -> int:
    """Close the keys again; the former may go only when the database itself says that none is left.

    :raises KeyTrouble: when a key is still closed under another master key
    """
    count = asyncio.run(schema.rewrap(here.owner_dsn, here.ring))
    left = asyncio.run(schema.masters(here.owner_dsn))
    here.ring.look()
    left = [name for name in left if name != here.ring.current]
    if left:
        raise masterkeys.KeyTrouble(
            f"Keys are still closed under the master key {left[0]}: a process works with it yet."
            " The former key was kept; end that process and run this again."
        )
    return count
