"""Edits that only a start applies are named; all others are not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.mitm.harness import Running, until
from tests.mitm.test_reload import edit

from interlock.engine.rules import Rules
from interlock.mitm import services
from interlock.mitm.restart import needs_start
from interlock.settings import AnchorSpec, Keeping, Listen, Recording, Retain

MB = 1 << 20


@pytest.fixture
def rules(gateway: Running) -> Rules:
    """The rules of the tests."""
    return gateway.services.rules


def test_who_signs_and_where_heads_go_is_settled_at_the_start(rules) -> None:
    """A tree is signed by one key while its gateway runs."""
    now = replace(rules, recording=Recording(signing_key="env:OTHER", anchors=(AnchorSpec("store"),)))
    assert needs_start(rules, now) == ("recording.signing_key", "recording.anchors")


def test_what_recordings_are_encrypted_with_is_settled_at_the_start(rules) -> None:
    """How long they are kept and where they are shipped to is not: the keeper goes by the rules in force."""
    keeping = Keeping(("env:KEY",), retain=(Retain("month", 30 * 86400.0),))
    assert needs_start(rules, replace(rules, recording=Recording(keeping=keeping))) == ("recording.encrypt",)


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"forward": Listen("127.0.0.1", 9)}, "forward"),
        ({"reverse": None}, "reverse"),
        ({"recordings": Path("elsewhere")}, "recordings"),
        ({"durability": "power"}, "durability"),
        ({"trust": Path("other.pem")}, "trust"),
        ({"certificate": Path("own.pem")}, "certificate"),
        ({"client_certificates": True}, "client_certificates"),
        ({"route": "host"}, ""),
        ({"observe_until": 4e9}, ""),
    ],
)
def test_what_was_bound_at_the_start_is_named(rules, members, named) -> None:
    """By the words of the rules."""
    assert needs_start(rules, replace(rules, gateway=replace(rules.gateway, **members))) == ((named,) if named else ())


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"body": 65 * MB}, "limits.body"),
        ({"body": 11 * MB}, ""),
        ({"body": 1}, ""),
        ({"response": 65 * MB}, "limits.response"),
        ({"response": 1}, ""),
        ({"sessions": 3}, "limits.sessions"),
        ({"refusal_log": 5 * MB}, "limits.refusal_log"),
        ({"recording_queue": 3}, "limits.recording_queue"),
        ({"connections": 3}, ""),
    ],
)
def test_limits_that_something_else_holds_too_are_named(rules, members, named) -> None:
    """A larger body than mitmproxy was told of is refused by it; a smaller one is our own business."""
    limits = replace(rules.gateway.limits, **members)
    changed = replace(rules, gateway=replace(rules.gateway, limits=limits))

    assert needs_start(rules, changed) == ((named,) if named else ())
    assert needs_start(changed, changed) == ()


async def test_a_reload_says_so(gateway, url, caplog, monkeypatch) -> None:
    """Loudly, and again with every reload until the start; what can be applied is."""
    monkeypatch.setattr(services, "_RELOAD_SECONDS", 0.01)
    edit(gateway, "limits: {body: 10MiB}", "limits: {body: 80MiB}")
    await until(lambda: "started anew" in caplog.text)
    first = caplog.text
    caplog.clear()
    edit(gateway, '"http.get /open/**"', '"http.get /later/**"')
    await until(lambda: "started anew" in caplog.text)
    async with gateway.forward(gateway.token()) as client:
        later = await client.get(url("docs", "/later/x"))

    assert "count: limits.body" in first
    assert "count: limits.body" in caplog.text
    assert later.status_code == 200


async def test_observing_ends_with_the_rules_that_said_so(gateway, url, monkeypatch) -> None:
    """Whoever takes `observe_until` out expects to be protected from then on."""
    monkeypatch.setattr(services, "_RELOAD_SECONDS", 0.01)
    edit(gateway, "gateway:\n", "gateway:\n  observe_until: 2199-01-01\n")
    await until(gateway.services.observing)
    async with gateway.forward(gateway.token()) as client:
        during = await client.get(url("docs", "/anything"))
        edit(gateway, "  observe_until: 2199-01-01\n", "")
        await until(lambda: not gateway.services.observing())
        after = await client.get(url("docs", "/anything"))

    assert (during.status_code, after.status_code) == (200, 403)
