"""Ends a process when the one that started it is gone, however that one ended.

The starter keeps the writing end of a pipe; the system closes it with the starter, even on kill -9.
"""

import os
import signal
import threading

VARIABLE = "JOBCENTER_LIFELINE"
# A process that does not stop by itself is ended after this long.
PATIENCE_SECONDS = 6.0


def hold_on() -> None:
    """Watch the pipe named in the environment, if there is one."""
    number = os.environ.pop(VARIABLE, "")
    if number:
        threading.Thread(target=_watch, args=(int(number),), daemon=True).start()


def _watch(reading: int) -> None:
    while os.read(reading, 1):
        pass
    threading.Timer(PATIENCE_SECONDS, os._exit, args=(1,)).start()
    os.kill(os.getpid(), signal.SIGTERM)
