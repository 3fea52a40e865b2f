"""The masking section: what it accepts, what it refuses, and which rules apply where."""

from __future__ import annotations

import pytest

from interlock.errors import RulesInvalid
from interlock.masking import PLACES, MaskRule, applicable, read_masking
from interlock.masking.kinds import with_kin
from interlock.masking.rules import fold
from interlock.schema import Reader
from interlock.source import read_yaml_text


def read(text: str) -> tuple[MaskRule, ...]:
    reader = Reader()
    rules = read_masking(read_yaml_text(text, "rules/masking.yaml"), reader)
    reader.finish()
    return rules


def test_reads_each_kind_of_rule():
    """Paths, detectors and field names, with everything that narrows them."""
    cards, pii, names = read(
        """
        - {id: cards, path: $..card.number, with: last4}
        - id: pii
          detect: [email, iban]
          min_confidence: high
          with: hash
          apply: when-named
          where: [responses]
          on: [crm]
        - {id: names, fields: [SSN, Date-of_Birth]}
        """
    )
    assert (cards.id, cards.action, [path.text for path in cards.paths]) == ("cards", "last4", ["$..card.number"])
    assert pii == MaskRule(
        "pii", "hash", detect=with_kin(["email", "iban"]), min_confidence="high", apply="when-named",
        where=frozenset({"responses"}), on=frozenset({"crm"}),
    )  # fmt: skip
    assert names.fields == {"ssn", "dateofbirth"}
    assert (names.action, names.where, names.apply, names.on) == ("redact", frozenset(PLACES), "always", frozenset())


def test_reads_where_tokens_become_values_again():
    """One place, or several."""
    one, several = read(
        """
        - id: pii
          detect: [email, phone]
          with: token
          restore: {to: [mail], at: ["$.to[*]", $.cc], kinds: [email], from: [crm, agent]}
        - id: names
          fields: [name]
          with: token
          restore:
            - {to: [mail], at: $.name, kinds: [names], from: [crm]}
            - {to: [hr], at: $.name, kinds: [names], from: [crm]}
        """
    )
    (restore,) = one.restore
    assert [path.text for path in restore.at] == ["$.to[*]", "$.cc"]
    assert (restore.to, restore.kinds, restore.origins) == ({"mail"}, {"email"}, {"crm", "agent"})
    assert [entry.to for entry in several.restore] == [{"mail"}, {"hr"}]
    assert (one.scope, one.action) == ("session", "token")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {id: a, path: $.x, with: tokenise}", "did you mean 'token'?"),
        ("- {id: a, path: $.x, with: redact, scope: connection}", "scope says nothing of redact"),
        ("- {id: a, path: $.x, with: hash, scope: gateway}", "scope cannot be"),
        (
            "- {id: a, path: $.x, with: hash, restore: {to: [m], at: $.to, kinds: [a], from: [c]}}",
            "nothing restores hash",
        ),
        ("- {id: a, path: $.x, with: token, restore: {to: [m], at: $.to, kinds: [a]}}", "needs 'from'"),
        ("- {id: a, path: $.x, with: token, restore: {to: [m], at: $.to, kinds: [b], from: [c]}}", "kind 'b'"),
        (
            "- {id: a, path: $.x, with: token, restore: {to: [], at: $.to, kinds: [a], from: [c]}}",
            "would match nothing",
        ),
        ("- {id: a, path: $.x, with: token, restore: {to: [m], at: to, kinds: [a], from: [c]}}", "$"),
        ("- {id: a, path: $.x, with: redcat}", "did you mean 'redact'?"),
        ("- {id: a, detect: [emial]}", "did you mean 'email'?"),
        ("- {id: a, detect: []}", "would match nothing"),
        ("- {id: a}", "exactly one of path, detect, fields, pattern and prose"),
        ("- {id: a, path: $.x, detect: [email]}", "exactly one of path, detect, fields, pattern and prose"),
        ("- {path: $.x}", "needs 'id'"),
        ("- {id: a, path: $.x}\n- {id: a, path: $.y}", "stands twice"),
        ("- {id: a, fields: ['--']}", "no letter or digit"),
        ("- {id: a, path: $.x, where: [request]}", "place 'request' does not exist"),
        ("- {id: a, path: $.x, apply: sometimes}", "apply cannot be"),
        ("- {id: a, path: $.x, min_confidence: total}", "min_confidence cannot be"),
        ("- {id: a, text: 'x+'}", "no member 'text'"),
        ("- {id: A B, path: $.x}", "kebab-case"),
        ("a: b", "must be a list"),
        ("- text", "must be a mapping"),
    ],
    ids=range(23),
)
def test_refuses_what_would_mask_something_else(text, message):
    """Every mistake is an error with a place and a way out; none is a rule that matches nothing."""
    with pytest.raises(RulesInvalid) as caught:
        read(text)
    assert message in str(caught.value)
    assert "rules/masking.yaml:" in str(caught.value)


def test_where_on_and_naming_choose_the_rules():
    """A rule holds on its connections and directions; when-named only if a decision obliges it."""
    rules = (
        MaskRule("all"),
        MaskRule("crm", on=frozenset({"crm"})),
        MaskRule("asked", apply="when-named"),
        MaskRule("stored", where=frozenset({"recordings"})),
    )

    def ids(*arguments: str, **options: object) -> list[str]:
        return [rule.id for rule in applicable(rules, *arguments, **options)]

    assert ids("mail", "responses") == ["all"]
    assert ids("crm", "responses") == ["all", "crm"]
    assert ids("mail", "recordings") == ["all", "stored"]
    assert ids("mail", "responses", named=["asked"]) == ["all", "asked"]
    assert ids("mail", "responses", unmask=["all"]) == []
    assert ids("mail", "responses", unmask=["all"], named=["all"]) == ["all"]


def test_names_are_folded():
    """Case, separators and blanks do not tell names apart."""
    assert fold("Credit-Card_No.") == fold("creditCardNo") == "creditcardno"
    assert fold("STRAẞE") == fold("strasse")


@pytest.mark.parametrize(
    ("sure", "asked", "accepted"), [("high", "high", True), ("medium", "high", False), ("medium", "low", True)]
)
def test_confidence_is_a_threshold(sure, asked, accepted):
    """A rule accepts what is at least as sure as it asks for."""
    assert MaskRule("r", min_confidence=asked).accepts(sure) is accepted
