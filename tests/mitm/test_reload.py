"""Rules that are edited while the gateway runs: taken over as a whole when good, and not at all when not."""

from __future__ import annotations

import logging

import pytest
from tests.mitm.harness import Running, until
from tests.mitm.upstream import PERSON

from interlock.mitm import services


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the folder often."""
    monkeypatch.setattr(services, "_RELOAD_SECONDS", 0.01)


def edit(gateway: Running, old: str, new: str) -> None:
    """Change the rules file as an editor does: a new file in its place."""
    file = gateway.services.rules.folder / "world.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    fresh = file.with_suffix(".new")
    fresh.write_text(text.replace(old, new), encoding="utf-8")
    fresh.replace(file)


async def ask(gateway: Running, url: str) -> int:
    """The status of a call with a good token."""
    async with gateway.forward(gateway.token()) as client:
        return (await client.get(url)).status_code


async def test_a_good_edit_is_taken_over(gateway, url) -> None:
    """What it permits is permitted, what it no longer permits is not; the evidence names the new rules."""
    before = gateway.services.rules.digest
    assert await ask(gateway, url("docs", "/later/x")) == 403
    edit(gateway, '"http.get /open/**"', '"http.get /later/**"')
    await until(lambda: gateway.services.rules.digest != before)
    statuses = [await ask(gateway, url("docs", "/later/x")), await ask(gateway, url("docs", "/open/x"))]

    assert statuses == [200, 403]
    assert gateway.services.recordings.rules_digest == gateway.services.rules.digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("permit: [sql.read]", "permitt: [sql.read]"),
        ("version: 1", "version: 2"),
        ("connections:", "connections: ["),
        ("from: env:MITM_CREDENTIAL", "from: nowhere:MITM_CREDENTIAL"),
        ("detect: [email]", "detect: [no-such-detector]"),
    ],
)
async def test_a_bad_edit_keeps_the_last_good_rules(gateway, upstream, url, caplog, old, new) -> None:
    """And says so, loudly, with file and line; a good edit afterwards is taken over."""
    before = gateway.services.rules
    edit(gateway, old, new)
    await until(lambda: "keeps the last good rules" in caplog.text)
    statuses = [await ask(gateway, url("docs")), await ask(gateway, url("docs", "/closed"))]
    assert gateway.services.rules is before
    edit(gateway, new, old + "\n" if old == "version: 1" else old)
    edit(gateway, '"http.get /open/**"', '"http.get /later/**"')
    await until(lambda: gateway.services.rules is not before)

    assert statuses == [200, 403]
    assert any(record.levelno == logging.ERROR and "keeps the last" in record.getMessage() for record in caplog.records)
    assert await ask(gateway, url("docs", "/later/x")) == 200


async def test_deleting_all_rules_keeps_the_last_good_ones(gateway, url, caplog) -> None:
    """An emptied folder is an error, not an empty policy and not an open one."""
    (gateway.services.rules.folder / "world.yaml").unlink()
    await until(lambda: "keeps the last good rules" in caplog.text)

    assert [await ask(gateway, url("docs")), await ask(gateway, url("docs", "/closed"))] == [200, 403]


async def test_a_failure_nobody_thought_of_keeps_them_too(gateway, url, caplog, monkeypatch) -> None:
    """Its text is not logged: it could hold what stands in the rules."""

    def fail(_: object) -> None:
        raise ValueError("canary")

    monkeypatch.setattr(services, "load_rules", fail)
    edit(gateway, '"http.get /open/**"', '"http.get /later/**"')
    await until(lambda: "keeps the last good rules" in caplog.text)

    assert "canary" not in caplog.text
    assert await ask(gateway, url("docs")) == 200


async def test_masks_change_with_the_rules(gateway, url) -> None:
    """A mask that was added holds from the next answer on."""
    before = gateway.services.rules
    edit(gateway, "detect: [email]", "detect: [phone]")
    await until(lambda: gateway.services.rules is not before)
    async with gateway.forward(gateway.token()) as client:
        shown = await client.get(url("docs"))
        middle = gateway.services.rules
        edit(gateway, "detect: [phone]", "detect: [email]")
        await until(lambda: gateway.services.rules is not middle)
        hidden = await client.get(url("docs"))

    assert PERSON in shown.text
    assert PERSON not in hidden.text


async def test_a_tunnel_ends_when_its_issuer_goes(gateway, url) -> None:
    """Identity is judged again on every request, by the rules in force."""
    async with gateway.forward(gateway.token()) as client:
        first = await client.get(url("tls"))
        before = gateway.services.rules
        edit(gateway, "name: demo", "name: other")
        edit(gateway, "from: demo", "from: other")
        await until(lambda: gateway.services.rules is not before)
        second = await client.get(url("tls"))

    assert (first.status_code, second.status_code) == (200, 403)


async def test_a_demo_issuer_does_not_join_a_gateway_that_others_can_reach(gateway, url, caplog) -> None:
    """Anyone who reads its key is anyone: such a gateway starts anew, on loopback."""
    gateway.pipeline.loopback_only = False
    identities = gateway.services.rules.identities
    object.__setattr__(identities[0], "demo", False)
    before = gateway.services.rules
    edit(gateway, '"http.get /open/**"', '"http.get /later/**"')
    await until(lambda: "keeps the last good rules" in caplog.text or gateway.services.rules is not before)

    assert gateway.services.rules is before
    assert "demo" in caplog.text
