"""As whom the embedded PostgreSQL runs, because it refuses to run as root."""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from jobcenter.errors import Unreachable

NAMESPACE = ("unshare", "--user", "--map-user=65534", "--map-group=65534", "--")


class CannotStart(Unreachable):
    """PostgreSQL could not be started."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user to run commands as: ourselves, unless told otherwise."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def call(self, *command: str | Path, given: str = "") -> str:
        """Run a command as this account and give back what it printed."""
        # The daemon inherits this output: a pipe would stay open as long as the server lives.
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as given_file:
            given_file.write(given.encode())
            given_file.seek(0)
            status = subprocess.run(
                [*self.prefix, *map(str, command)],
                stdin=given_file,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=_environment(),
                user=self.uid,
                group=self.gid,
                extra_groups=None if self.uid is None else [],
                check=False,
            ).returncode
            output.seek(0)
            text = output.read().decode(errors="replace").strip()
        if status:
            raise CannotStart(f"{Path(command[0]).name}: {text}")
        return text

    def can(self, test: str, path: Path) -> bool:
        """Whether this account passes the shell's `test -x path` or `test -r path`."""
        try:
            self.call("test", test, path)
        except (CannotStart, PermissionError):
            return False
        return True

    def take(self, path: Path) -> None:
        """Give what we made, with all that lies in it, to this account."""
        if self.uid is None or self.gid is None:
            return
        for each in (path, *path.rglob("*")):
            os.chown(each, self.uid, self.gid, follow_symlinks=False)


def account_for(data: Path) -> Account:
    """Ourselves; for root the owner of the data, or a user namespace, or nobody."""
    is_root = os.geteuid() == 0
    if not is_root and _has_name(os.geteuid()):
        return Account()
    owner = data.stat() if data.exists() else None
    if is_root and owner and owner.st_uid != 0:
        return Account(uid=owner.st_uid, gid=owner.st_gid)
    namespaced = Account(prefix=NAMESPACE)
    if shutil.which(NAMESPACE[0]) and namespaced.can("-x", data.parent):
        return namespaced
    if not is_root:
        raise CannotStart("PostgreSQL needs a user with a name: run as one, or set DATABASE_URL.")
    nobody = pwd.getpwnam("nobody")
    dropped = Account(uid=nobody.pw_uid, gid=nobody.pw_gid)
    if owner:
        # The data was made in a user namespace, and this machine no longer allows one.
        dropped.take(data.resolve())
    return dropped


def _has_name(uid: int) -> bool:
    """PostgreSQL refuses a bare number, as some containers are started with."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _environment() -> dict[str, str]:
    """Ours, without what would lead PostgreSQL elsewhere or into a locale that is not there."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return {**kept, "LC_ALL": "C"}
