"""Serving: pages answer, a database that is away is waited for, a stop is quick."""

import signal
import time
from pathlib import Path

from tests.commands.verbs import a_free_port, answers, ask, environment, running, without_owner
from tests.conftest import Fresh

NOWHERE = "postgresql://nobody:nothing@127.0.0.1:1/nothing"


async def test_it_serves_and_stops_when_told(fresh: Fresh, tmp_path: Path) -> None:
    port = a_free_port()
    env = without_owner(environment(fresh))
    with running(env, tmp_path / "log", "serve", "--port", str(port)) as process:
        assert answers(f"http://127.0.0.1:{port}/health/ready").status_code == 200
        assert ask(f"http://127.0.0.1:{port}/signin").status_code == 200
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
        assert time.monotonic() - asked < 5


async def test_f8_a_database_that_is_away_is_waited_for(fresh: Fresh, tmp_path: Path) -> None:
    port = a_free_port()
    env = environment(fresh, DATABASE_URL=NOWHERE)
    with running(env, tmp_path / "log", "serve", "--port", str(port)) as process:
        base = f"http://127.0.0.1:{port}"
        assert answers(f"{base}/health/live").status_code == 200
        for _ in range(3):
            assert ask(f"{base}/health/ready").status_code == 503
            assert ask(f"{base}/signin/a-link").status_code == 503
        assert ask(f"{base}/health/live").status_code == 200
        assert process.poll() is None
    assert await fresh.breaches() == {}
