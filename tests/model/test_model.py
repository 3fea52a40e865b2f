"""The core types: what they say about themselves, and that their defaults deny."""

from __future__ import annotations

import copy
import pickle

import pytest

from interlock.model import (
    Access,
    BodyState,
    Decision,
    Effect,
    Exchange,
    Operation,
    Origin,
    Principal,
    Refusal,
    Secret,
    Side,
    worst,
)


@pytest.mark.parametrize("show", [repr, str, "{}".format, "{!r}".format, "{:>40}".format, "%s".__mod__])
def test_secret_is_not_shown(show: object) -> None:
    """No way of turning a secret into text shows it, the empty format among them."""
    secret = Secret("hunter2-hunter2")
    assert callable(show)
    assert "hunter2" not in show(secret)
    assert "hunter2" not in repr([secret, {"key": secret}])


def test_secret_has_one_way_out() -> None:
    """Only `reveal` gives it back; it is neither pickled nor copied away."""
    secret = Secret("hunter2-hunter2")
    assert secret.reveal() == "hunter2-hunter2"
    for way_out in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            way_out(secret)
    assert not hasattr(secret, "__dict__")


def test_secrets_are_compared_by_value() -> None:
    """Equal ones meet in a set; a plain text is never equal to one; an empty one is false."""
    assert Secret("ä") == Secret("ä")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
    assert not Secret("")


def test_the_zero_value_denies() -> None:
    """A decision nobody made forbids, and says that no rule permits."""
    decision = Decision()
    assert decision.effect is Effect.FORBID
    assert Effect(0) is Effect.FORBID
    assert not decision.permits
    assert decision.reason == "no-rule"
    assert not Decision(Effect.REVIEW).permits


def test_what_is_not_understood_is_the_most_dangerous() -> None:
    """An operation without an access, and the worst of none, count as unknown."""
    assert Operation("sql", "read").access is Access.UNKNOWN
    assert worst([]) is Access.UNKNOWN
    assert worst([Access.READ, Access.DDL, Access.WRITE]) is Access.DDL
    assert max(Access) is Access.UNKNOWN


def test_an_exchange_is_unreadable_until_somebody_read_it() -> None:
    """The default state of a body is not the complete one."""
    exchange = Exchange(Side.REQUEST, "a", "GET", Origin("https", "a.example.com", 443), "/x?y=1?z")
    assert exchange.state is BodyState.UNREADABLE
    assert (exchange.path, exchange.query) == ("/x", "y=1?z")


def test_the_first_header_of_a_name_counts() -> None:
    """And an absent one is empty."""
    origin = Origin("https", "a.example.com", 443)
    exchange = Exchange(Side.REQUEST, "a", "GET", origin, "/", headers=(("x-a", "1"), ("x-a", "2")))
    assert exchange.header("x-a") == "1"
    assert exchange.header("x-b") == ""


@pytest.mark.parametrize(
    ("origin", "shown", "authority"),
    [
        (Origin("https", "a.example.com", 443), "https://a.example.com", "a.example.com"),
        (Origin("https", "a.example.com", 8443), "https://a.example.com:8443", "a.example.com:8443"),
        (Origin("http", "a.example.com", 443), "http://a.example.com:443", "a.example.com:443"),
        (Origin("http", "2001:db8::1", 80), "http://[2001:db8::1]", "[2001:db8::1]"),
    ],
)
def test_origin_is_spelt_in_one_way(origin: Origin, shown: str, authority: str) -> None:
    """The default port is left out, IPv6 stands in brackets."""
    assert str(origin) == shown
    assert origin.authority == authority


def test_operations_are_walked_without_recursion() -> None:
    """Outermost first, siblings in order, and ten thousand levels deep."""
    leaf = Operation("sql", "read", resource="leaf")
    tree = Operation("http", "post", nested=(Operation("shell", "read", nested=(leaf,)), Operation("sql", "ddl")))
    assert [operation.name for operation in tree.walk()] == ["http.post", "shell.read", "sql.read", "sql.ddl"]
    deep = leaf
    for _ in range(10_000):
        deep = Operation("shell", "read", nested=(deep,))
    assert len(deep.walk()) == 10_001


def test_refusal_says_what_why_and_what_instead() -> None:
    """One sentence after the other, the reference last; what is not known is left out."""
    refusal = Refusal("no-rule", "no rule permits it", "Ask a person.", "01M8/2", "sql.write")
    assert refusal.sentence() == (
        "Interlock stopped sql.write: no rule permits it (no-rule). Ask a person. Reference: 01M8/2."
    )
    assert Refusal("no-rule", "no", "ask somebody").sentence().endswith(" Ask somebody.")
    assert Refusal("no-rule", "no").sentence() == "Interlock stopped this request: no (no-rule)."


def test_reprs_keep_to_themselves_what_traffic_said() -> None:
    """Bodies, commands and claims are in no repr, which ends up in logs."""
    origin = Origin("https", "a.example.com", 443)
    exchange = Exchange(Side.REQUEST, "a", "POST", origin, "/", body=b"canary-body")
    operation = Operation("sql", "read", text="canary-text")
    principal = Principal("corp", "iss", "erika", claims={"note": "canary-claim"})
    assert "canary" not in repr((exchange, operation, principal))


def test_values_are_frozen() -> None:
    """Nobody changes what was decided."""
    with pytest.raises(AttributeError):
        Decision().effect = Effect.PERMIT  # type: ignore[misc]
