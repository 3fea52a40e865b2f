"""Which masks hold where, keyed by session and connection."""

from __future__ import annotations

import pytest
from tests.engine.conftest import BASE, Load

from interlock.engine import masks
from interlock.engine.masks import MaskerCache
from interlock.errors import Refused
from interlock.reasons import Reason

MASKING = """\
masking:
  - {id: pii, detect: [email], with: hash}
  - {id: cards, detect: [credit-card], with: redact, apply: when-named, where: [responses]}
  - {id: kept, detect: [iban], with: redact, where: [recordings]}
"""
BODY = b'{"mail": "erika@example.com", "card": "4111 1111 1111 1111"}'
NONE: frozenset[str] = frozenset()


def test_named_masks_hold_only_where_they_are_named(load: Load) -> None:
    """The obligation of a rule, and only it, switches such a mask on."""
    rules = load(MASKING)
    cache, connection = MaskerCache(rules, b"k" * 32), rules.connections[0].name
    without = cache.get(connection, "responses", NONE, "s").json(BODY)
    named = cache.get(connection, "responses", frozenset({"cards"}), "s").json(BODY)
    assert b"4111" in without.body
    assert b"4111" not in named.body
    assert b"erika@" not in without.body + named.body


def test_a_mask_that_does_not_exist_forbids(load: Load) -> None:
    """An obligation that cannot be met is not passed over."""
    rules = load(MASKING)
    with pytest.raises(Refused) as caught:
        MaskerCache(rules, b"k").get(rules.connections[0].name, "responses", frozenset({"gone"}), "s")
    assert caught.value.reason is Reason.OBLIGATION_MISSING


def test_hashes_differ_by_session_and_connection(load: Load) -> None:
    """No agent can compare guesses across sessions."""
    rules = load(MASKING)
    cache, (one, other) = MaskerCache(rules, b"k" * 32), [found.name for found in rules.connections]
    bodies = [
        cache.get(at, "responses", NONE, who).json(BODY).body for at, who in ((one, "a"), (one, "b"), (other, "a"))
    ]
    assert len(set(bodies)) == 3
    assert cache.get(one, "responses", NONE, "a").json(BODY).body == bodies[0]


def test_a_connection_may_be_exempted(load: Load) -> None:
    """With a written reason, and there alone."""
    base = BASE.replace("    protocol: anthropic\n", "    protocol: anthropic\n    unmask: {pii: support needs it}\n")
    rules = load(MASKING, base=base)
    cache, (one, other) = MaskerCache(rules, b"k" * 32), [found.name for found in rules.connections]
    assert b"erika@" not in cache.get(one, "responses", NONE, "s").json(BODY).body
    assert b"erika@" in cache.get(other, "responses", NONE, "s").json(BODY).body


def test_maskers_are_kept_and_the_oldest_goes_first(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled once while they are used; never more than the limit."""
    monkeypatch.setattr(masks, "_KEPT", 2)
    rules = load(MASKING)
    cache, connection = MaskerCache(rules, b"k" * 32), rules.connections[0].name
    first = cache.get(connection, "responses", NONE, "a")
    second = cache.get(connection, "responses", NONE, "b")
    assert cache.get(connection, "responses", NONE, "a") is first
    cache.get(connection, "responses", NONE, "c")
    assert cache.get(connection, "responses", NONE, "a") is first
    assert cache.get(connection, "responses", NONE, "b") is not second


def test_an_answers_masks_cover_a_recording_only_when_they_include_all_of_it(load: Load) -> None:
    """A mask for recordings alone has to run on its own."""
    rules = load(MASKING)
    cache = MaskerCache(rules, b"k")
    assert not cache.covers(rules.connections[0].name, NONE)
    fewer = load(MASKING.partition("  - {id: kept")[0], name="fewer")
    assert MaskerCache(fewer, b"k").covers(fewer.connections[0].name, NONE)
