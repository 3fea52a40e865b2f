"""The agent's process: signals reach it, and its exit status is ours."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence

from interlock.errors import InterlockError

__all__ = ["NOT_EXECUTABLE", "NOT_FOUND", "CannotStart", "run_child"]

NOT_FOUND = 127
NOT_EXECUTABLE = 126
_FORWARDED = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)
_FROM_TERMINAL = (signal.SIGINT, signal.SIGQUIT)


class CannotStart(InterlockError):
    """The command cannot be started; `status` is what a shell would return."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


async def run_child(command: Sequence[str], env: Mapping[str, str]) -> int:
    """Run a command to its end with our own standard streams; its status, or 128 + N when signal N ended it.

    Returns 127 for a command that does not exist and 126 for one that cannot be executed, as shells do.
    """
    loop = asyncio.get_running_loop()
    pending: list[int] = []
    child: asyncio.subprocess.Process | None = None

    def forward(number: int) -> None:
        if child is None:
            pending.append(number)
        elif not (number in _FROM_TERMINAL and _terminal_told_it()):
            with contextlib.suppress(ProcessLookupError):
                child.send_signal(number)

    for number in _FORWARDED:
        loop.add_signal_handler(number, forward, number)
    try:
        child = await _start(command, env)
        for earlier in pending:
            forward(earlier)
        status = await child.wait()
    finally:
        for number in _FORWARDED:
            loop.remove_signal_handler(number)
        if child is not None and child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.terminate()
    return 128 - status if status < 0 else status


async def _start(command: Sequence[str], env: Mapping[str, str]) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(*command, env=dict(env))
    except FileNotFoundError:
        raise CannotStart(f"{command[0]}: there is no such command", NOT_FOUND) from None
    except OSError as error:
        raise CannotStart(f"{command[0]}: cannot be executed ({error.strerror})", NOT_EXECUTABLE) from None


def _terminal_told_it() -> bool:
    """Whether a terminal sends Ctrl-C to the whole foreground group, and so to the child as well."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
