"""An employer with a directory: the provider's process, its people, and what they do there."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.servers import ROOT


@dataclass(frozen=True)
class Provider:
    """A running provider: where it is, and its people."""

    issuer: str
    process: subprocess.Popen[str]

    def employ(self, subject: str, **claims: object) -> None:
        """Tell it what is true of somebody."""
        httpx.put(f"{self.issuer}/users/{subject}", json=claims, timeout=30).raise_for_status()

    async def agree(self, where: str, subject: str) -> str:
        """Do what a person does there: say who they are; return where the browser is sent."""
        async with httpx.AsyncClient(timeout=30) as browser:
            answer = await browser.post(where, data={"sub": subject})
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def stop(self) -> None:
        """Take it down."""
        self.process.kill()
        self.process.wait()


@contextmanager
def providing(*, seconds: int = 3600, keys: Path | None = None) -> Iterator[Provider]:
    """Run a provider until the end of the block; with a program's keys, one of the network."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "tests.provider",
            str(seconds),
            *([str(keys)] if keys else []),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        # Between two processes of one machine no TLS is needed.
        env={**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"},
    )
    assert process.stdout
    port = process.stdout.readline().strip()
    running = Provider(f"http://127.0.0.1:{port}", process)
    try:
        yield running
    finally:
        running.stop()
        process.stdout.close()
