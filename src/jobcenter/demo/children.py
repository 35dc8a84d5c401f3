"""The processes of the demo: started, watched, started again when they die, never left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from jobcenter import lifeline

# After a stop is asked for, a process has this long.
PATIENCE_SECONDS = 5.0
# A process that dies at once is not started again at once.
REST_SECONDS = 1.0
PORTS_TRIED = 20


@dataclass
class Child:
    """One verb of ours in a process of its own; what it says goes to a file."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    reading: int
    process: subprocess.Popen[bytes] = field(init=False)
    started: float = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.started = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jobcenter", *self.arguments],
                env={**self.environment, lifeline.VARIABLE: str(self.reading)},
                pass_fds=(self.reading,),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C is for the demo alone, which then stops them in order.
                start_new_session=True,
            )

    @property
    def is_dead(self) -> bool:
        return self.process.poll() is not None

    def stop(self) -> None:
        if not self.is_dead:
            self.process.send_signal(signal.SIGTERM)

    def wait(self, deadline: float) -> None:
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Children:
    """All of them; they end when this is left, and also when this process is killed."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self._home = home / "logs"
        self._environment = {**os.environ, **environment}
        self._children: list[Child] = []
        self._reading, self._writing = os.pipe()

    def __enter__(self) -> Self:
        self._home.mkdir(parents=True, exist_ok=True)
        return self

    def start(self, *arguments: str) -> Child:
        """Start a verb; its log is named after it."""
        log = self._home / f"{arguments[0]}.log"
        child = Child(arguments, self._environment, log, self._reading)
        self._children.append(child)
        return child

    def revive(self) -> list[str]:
        """Start again what has died and return the verbs."""
        dead = [
            child
            for child in self._children
            if child.is_dead and time.monotonic() - child.started > REST_SECONDS
        ]
        for child in dead:
            child.start()
        return [child.arguments[0] for child in dead]

    def __exit__(self, *_: object) -> None:
        for child in self._children:
            child.stop()
        deadline = time.monotonic() + PATIENCE_SECONDS
        for child in self._children:
            child.wait(deadline)
        self.let_go()
        os.close(self._reading)

    def let_go(self) -> None:
        """Close the lifeline, as the system does when this process is killed."""
        if self._writing >= 0:
            os.close(self._writing)
        self._writing = -1


def free_port(wanted: int, *, patience: float = 0.0) -> int:
    """Return that port, or the next that is free; an earlier demo's may need a moment to end."""
    deadline = time.monotonic() + patience
    while not _is_free(wanted) and time.monotonic() < deadline:
        time.sleep(0.1)
    for port in range(wanted, wanted + PORTS_TRIED):
        if _is_free(port):
            return port
    raise OSError(f"No port from {wanted} to {wanted + PORTS_TRIED - 1} is free.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
