"""What is put in the place of a value: keys, budget and vault together."""

from __future__ import annotations

import pytest

from interlock.masking import AGENT, Masker, MaskRule, Replacer, Vault
from interlock.masking.actions import Span

KEY, STABLE = b"k" * 32, b"s" * 32
MAIL = "erika@example.com"


def _span(action: str, rule: str = "r", **given: object) -> Span:
    return Span(0, len(MAIL), action, rule, "email", "email", **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("action", ["hash", "fake"])
def test_scope_connection_outlives_the_session(action: str) -> None:
    """The rules it names use the stable key, the others the session's."""
    one, other = (Replacer(key, stable=STABLE, lasting=["stays"]) for key in (KEY, b"o" * 32))

    assert one(_span(action, "stays"), MAIL)[0] == other(_span(action, "stays"), MAIL)[0]
    assert one(_span(action), MAIL)[0] != other(_span(action), MAIL)[0]


@pytest.mark.parametrize("action", ["hash", "fake", "token"])
def test_beyond_the_budget_everything_is_redacted(action: str) -> None:
    """And the finding says what was really done."""
    replacer = Replacer(KEY, vault=Vault(KEY, budget=1), origin="crm")
    first, again, second = (replacer(_span(action), text) for text in (MAIL, MAIL, "max@example.com"))

    assert first == again
    assert (second[0], second[1].action) == ("[redacted:email]", "redact")
    assert first[1].action == action


def test_tokens_without_a_vault_keep_equality_alone() -> None:
    """As `interlock mask` gives them: nothing could turn them back."""
    masked = Masker([MaskRule("r", detect=("email",), action="token")], KEY).text(f"{MAIL} {MAIL} max@example.com").text

    assert len(set(masked.split())) == 2
    assert MAIL not in masked


def test_nothing_is_told_of_what_was_cut_off() -> None:
    """An open span is redacted, whatever its rule says."""
    vault = Vault(KEY)
    shown, finding = Replacer(KEY, vault=vault, origin=AGENT)(_span("token", open=True), MAIL)

    assert (shown, finding.action, finding.digest, len(vault)) == ("[redacted:email]", "redact", "", 0)


def test_containers_truth_values_and_null_have_no_token() -> None:
    """A path may choose anything; what is no text or number is redacted."""
    masker = Masker([MaskRule("r", fields=frozenset({"a"}), action="token")], KEY)

    for body in (b'{"a": {"b": 1}}', b'{"a": [1]}', b'{"a": true}', b'{"a": null}'):
        assert masker.json(body).body == b'{"a": "[redacted:r]"}'
    assert masker.json(b'{"a": 12345}').body.startswith(b'{"a": "<r:')
