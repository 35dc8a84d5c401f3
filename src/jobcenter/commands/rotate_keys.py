"""Close every client's key under a new master key, and end the one before.

After it, the keys in older backups cannot be opened any more: take `client_keys` from the newest
backup when you restore an older one.
"""

import argparse
import asyncio

from jobcenter import masterkeys, schema
from jobcenter.start import ground


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter rotate-keys", description=__doc__)
    parser.parse_args(arguments)
    with ground() as here:
        if here.settings.master_key is None:
            masterkeys.renew_secret(here.settings.home, masterkeys.MASTER)
        count = asyncio.run(schema.rewrap(here.owner_dsn, here.ring))
        if here.settings.master_key is None:
            masterkeys.forget_former(here.settings.home, masterkeys.MASTER)
        else:
            print("JOBCENTER_FORMER_MASTER_KEY may go now.")
    print(f"{count} keys are closed under the newest master key.")
    return 0
