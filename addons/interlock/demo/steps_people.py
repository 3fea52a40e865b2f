"""The demo's steps in which a person decides: a write waits, somebody signs in at a second terminal, it goes on."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import threading
import time
from collections.abc import Callable
from html import unescape

import httpx

from interlock.demo.processes import program
from interlock.demo.stage import Seen, Stage, Step

__all__ = ["PEOPLE_STEPS", "REVIEWER", "WRITE", "approve_from_a_terminal"]

WRITE = "UPDATE customers SET city = 'Bonn' WHERE id = 2"
REVIEWER = "reviewer-1"
_PATIENCE = 40.0
_ADDRESS = re.compile(r"http://\S+/authorize\?\S+")


def write_waits(stage: Stage) -> Seen:
    """Held inside the gateway until somebody who did not ask says yes; then it runs, once."""
    answers: list[httpx.Response] = []
    held = threading.Thread(
        target=lambda: answers.append(stage.query(stage.bookkeeper, WRITE, run="demo-bookkeeper")), daemon=True
    )
    held.start()
    said = approve_from_a_terminal(stage)
    held.join(_PATIENCE)
    answer = answers[0] if answers else None
    right = answer is not None and answer.status_code == 200 and stage.services.warehouse.ran.count(WRITE) == 1
    came = f"{answer.status_code} {answer.text[:80]}" if answer is not None else "no answer"
    return Seen(right, f"{came}; in the second terminal: {said}")


def approve_from_a_terminal(stage: Stage) -> str:
    """What `interlock approvals approve` prints; a stand-in for the browser signs in where it says."""
    waiting = _until(lambda: [*_terminal(stage, "list", "--json").stdout.splitlines()])
    found = json.loads(waiting[0])["id"]
    command = [program("interlock"), "approvals", "approve", found, "--yes", "--rules", str(stage.rules)]
    env = {**os.environ, "BROWSER": "true", "COLUMNS": "200"}
    with subprocess.Popen(  # noqa: S603 (a list, no shell)
        command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as terminal:
        for line in terminal.stderr or ():
            if address := _ADDRESS.search(line):
                _sign_in(address.group())
                break
        with contextlib.suppress(subprocess.TimeoutExpired):
            return terminal.communicate(timeout=_PATIENCE)[0].strip()
        terminal.kill()
    return "the terminal did not answer"


def _terminal(stage: Stage, *words: str) -> subprocess.CompletedProcess[str]:
    command = [program("interlock"), "approvals", *words, "--rules", str(stage.rules)]
    return subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)  # noqa: S603


def _sign_in(address: str) -> None:
    """What a person's browser does: the issuer's page, a click, and back to the terminal's own port."""
    with httpx.Client(trust_env=False, timeout=_PATIENCE, follow_redirects=True) as browser:
        page = browser.get(address)
        fields = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page.text)}
        browser.post(str(page.url.copy_with(query=None)), data={**fields, "person": REVIEWER})


def _until(holds: Callable[[], list[str]]) -> list[str]:
    end = time.monotonic() + _PATIENCE
    while not (found := holds()):
        if time.monotonic() > end:
            raise TimeoutError("nothing waits for a person")
        time.sleep(0.05)
    return found


PEOPLE_STEPS = (Step("a bookkeeper changes a row", "held until a reviewer says yes", write_waits),)
