"""What the tests of conditions share: a compiled condition, asked about one moment."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from interlock.model import JSON, Effect, Principal
from interlock.policy import Context
from interlock.policy.condition import all_of, read_tests
from interlock.policy.context import Test
from interlock.schema import Reader
from interlock.source import read_yaml_text


def compile_test(section: str, text: str, effect: Effect = Effect.PERMIT) -> Test:
    """The test that a `to:` or `when:` compiles to. Raises RulesInvalid."""
    node = read_yaml_text(text, "policy.yaml")
    reader = Reader()
    members = node.value if isinstance(node.value, dict) else {}
    test = all_of(read_tests(section, members, effect, reader))
    reader.finish()
    if test is None:
        raise LookupError(f"nothing was compiled from {text}")
    return test


def context_of(
    *,
    who: Principal | None = None,
    method: str = "POST",
    path: str = "/v1/query",
    document: JSON = None,
    now: float = 0.0,
    readable: bool = True,
) -> Context:
    """One moment of one principal."""
    return Context(who or Principal("corp", "i", "erika"), "warehouse", method, path, document, now, False, readable)


@pytest.fixture
def condition() -> Callable[..., Test]:
    """Compiles a condition."""
    return compile_test


@pytest.fixture
def moment() -> Callable[..., Context]:
    """Makes a context."""
    return context_of
