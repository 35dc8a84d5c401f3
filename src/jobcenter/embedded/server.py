"""Starts the embedded PostgreSQL, and stops it with the last process that uses it.

It listens on a socket only and asks for a password. A kill -9 of any process leaves nothing behind
that the next start does not put right.
"""

import fcntl
import os
import secrets
import shlex
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from jobcenter.embedded.account import Account, CannotStart, account_for
from jobcenter.embedded.places import copied, enterable, find_programs, major_of, sockets_of

BUILTIN_LOCALE_SINCE = 17
OWNER = "jobcenter"
PASSWORD = "postgres.password"
ACCESS = "local all all scram-sha-256\nlocal replication all scram-sha-256\n"
SOCKET = ".s.PGSQL.5432"
LARGEST_LOG_BYTES = 5_000_000
PATIENCE_SECONDS = 20.0
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
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CannotStart(
            f"{path.parent} cannot be written ({error.strerror}): does it belong to another user?"
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


def _prepare(home: Path) -> Server:
    programs = find_programs()
    major = major_of(programs)
    data = home / f"postgres-{major}"
    account = account_for(data)
    place = data.resolve().parent if data.exists() else enterable(home, account)
    if not account.can("-x", programs / "postgres"):
        programs = copied(programs, place, account)
    if not data.exists():
        _create(data, place, programs, account)
        (home / PASSWORD).unlink(missing_ok=True)
    return Server(account, programs, data.resolve(), sockets_of(data.resolve(), account))


def _create(data: Path, place: Path, programs: Path, account: Account) -> None:
    """Make it beside its final name, so that a half-made cluster is never taken for a whole one."""
    for old in place.glob("new-*"):
        shutil.rmtree(old)
    new = Path(tempfile.mkdtemp(prefix="new-", dir=place))
    account.take(new)
    # Code point order is the same on every machine; before 17 the C library has to provide it.
    builtin = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    locale = builtin if major_of(programs) >= BUILTIN_LOCALE_SINCE else ("--locale=C.UTF-8",)
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
