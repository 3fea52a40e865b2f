"""A terminal signs people in through their browser, by a port of its own that closes at once."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import httpx
import pytest
from tests.console.serving import PEOPLE, RULES

from interlock.clocks import SystemClock
from interlock.console import loopback
from interlock.console.oidc import Issuer
from interlock.demo.sign_in import CLIENT, SignInIssuer
from interlock.engine.rules import load_rules
from interlock.errors import InterlockError
from interlock.identity.fetch import HttpFetch


@pytest.fixture(autouse=True)
def browsers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test opens anybody's browser."""
    monkeypatch.setenv("BROWSER", "true")


def _issuer(folder: Path, served: SignInIssuer) -> Issuer:
    (folder / "rules").mkdir()
    text = RULES.format(issuer=served.url, port=1, client=CLIENT, people=1)
    (folder / "rules" / "rules.yaml").write_text(text, encoding="utf-8")
    return Issuer(load_rules(folder / "rules"), HttpFetch(), SystemClock())


async def test_who_signs_in_is_at_the_terminal(tmp_path: Path) -> None:
    """Strangers who find the port get nothing, and do not end the waiting."""
    with SignInIssuer(PEOPLE) as served:
        said: asyncio.Queue[str] = asyncio.Queue()
        waiting = asyncio.create_task(loopback.sign_in(_issuer(tmp_path, served), 300, said.put_nowait))
        address = (await said.get()).split()[-1]
        async with httpx.AsyncClient(follow_redirects=True) as browser:
            page = await browser.get(address)
            fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
            back = fields["redirect_uri"]
            assert (await browser.get(back.replace("signed-in", "other"))).status_code == 404
            for made_up in ("", "?code=a", "?code=a&state=", "?code=a&state=" + "x" * 43):
                assert (await browser.get(back + made_up)).status_code == 404
            done = await browser.post(f"{served.url}/authorize", data={**fields, "person": "dba-one"})
        found = await waiting

    assert "Go back to the terminal" in done.text
    assert found.principal.subject == "dba-one"


async def test_nobody_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends, and says so."""
    monkeypatch.setattr(loopback, "_PATIENCE", 0.05)
    with SignInIssuer(PEOPLE) as served, pytest.raises(InterlockError, match="nobody signed in"):
        await loopback.sign_in(_issuer(tmp_path, served), 300, lambda text: None)
