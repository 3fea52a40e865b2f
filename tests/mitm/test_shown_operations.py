"""What the evidence keeps of operations: never what masks cover, in whichever shape it comes."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from interlock import commands
from interlock.masking import Literal, Masker, MaskRule
from interlock.mitm import shown_operations
from interlock.mitm.chosen_values import chosen_in
from interlock.mitm.shown_operations import ShownOperations
from interlock.model import JSON, Access, Operation, Secret
from interlock.paths import compile_path
from interlock.recording.packing import write

MAIL = "erika.mustermann@example.com"
KEY = b"k" * 32
EMAILS = MaskRule("people", "redact", detect=("email",))
CARDS = MaskRule("cards", "last4", paths=(compile_path("$..card"),))


def show(*rules: MaskRule, chosen: tuple[str, ...] | None = ()) -> ShownOperations:
    """What is shown under these rules."""
    return ShownOperations(Masker(rules, KEY), lambda masker, text: masker.text(text).text, lambda: chosen)


def bash(command: str) -> Operation:
    """The operation of one command."""
    (found,) = commands.analyse(command, "shell")
    return found


@pytest.mark.parametrize(
    "command",
    [f"mail -s hello {MAIL}", f"curl -d to={MAIL} https://x.example.com", f"curl 'https://x.example.com/?to={MAIL}'"],
)
def test_no_word_of_a_command_holds_what_is_masked(command: str) -> None:
    """Arguments are words and parts of words; names of tables, hosts and flags stay."""
    operation = bash(command)
    told = show(EMAILS).told(operation)
    assert told is not None
    assert MAIL not in json.dumps(told)
    assert told["command"] == operation.arguments["command"]


def test_nothing_found_is_nothing_changed() -> None:
    """The very same arguments, so that what is remembered of them counts."""
    operation = bash("ls -l /tmp")
    assert show(EMAILS).told(operation) is operation.arguments
    assert show().told(operation) is operation.arguments
    assert show().given(operation) is operation.arguments


def test_a_value_in_several_words_is_in_none_of_them() -> None:
    """A name without quotes becomes two words, each a part of what is masked."""
    operation = bash("mail -s blue giraffe boss")
    told = ShownOperations(
        Masker((EMAILS,), KEY, (Literal(Secret("blue giraffe")),)), lambda masker, text: masker.text(text).text, tuple
    ).told(operation)
    assert told is not None
    assert "boss" in json.dumps(told)
    for part in ("blue", "giraffe"):
        assert part not in json.dumps(told)


def test_a_command_in_a_masked_value_keeps_names_alone() -> None:
    """Where the whole statement is masked for where it stands, its words are not shown either."""
    operation = bash("deploy --to production")
    told = show(CARDS, chosen=(operation.text,)).told(operation)
    assert told is not None
    assert "words" not in told
    assert told["command"] == "deploy"


def test_arguments_of_a_call_are_masked_as_a_document() -> None:
    """By what they look like, by what they are called, and by where they stood in the body."""
    arguments: Mapping[str, JSON] = {"to": MAIL, "card": "4111 1111 1111 1234", "pin": 4711, "n": [1, True, None]}
    call = Operation("mcp", "call:pay", "pay", Access.WRITE, arguments)
    told = show(EMAILS, CARDS, chosen=("4711",)).given(call)
    assert told is not None
    assert told["n"] == [1, True, None]
    assert told["pin"] == "[masked]"
    for secret in (MAIL, "4111", "4711"):
        assert secret not in json.dumps(told)


def test_what_cannot_be_told_is_not_shown() -> None:
    """No masker, or places that cannot be found: nothing, which `pack` marks as cut."""
    operation = bash("ls")
    nothing = ShownOperations(None, lambda masker, text: text, tuple)
    assert (nothing.word("x"), nothing.told(operation), nothing.given(operation)) == ("", None, None)
    assert show(EMAILS, chosen=None).given(operation) is None


@pytest.mark.parametrize(
    "path", ["$.content[1].input.card", "$.content[*].input.card", "$.content[?@.type=='tool_use'].input.card"]
)
def test_a_place_in_an_answer_is_one_of_the_call_it_proposes(path: str) -> None:
    """Rules name it from the answer's top; the call's arguments, and what is nested in it, show nothing of it."""
    rule = MaskRule("cards", paths=(compile_path(path),))
    masker = Masker((rule,), KEY)
    (nested,) = commands.analyse("charge blue-giraffe-7 now", "shell")
    call = Operation("tool", "use:Pay", "Pay", Access.WRITE, {"card": "blue-giraffe-7", "sum": 3}, place="/content/1",
                     nested=(nested,), agent=True)  # fmt: skip
    chosen = chosen_in(masker, (call,))
    shown = show(rule, chosen=chosen)

    assert chosen == ("blue-giraffe-7",)
    assert shown.given(call) == {"card": "[masked]", "sum": 3}
    assert "giraffe" not in json.dumps(shown.told(nested))


def test_what_is_masked_for_where_it_stands_is_hidden_in_the_second_body_too() -> None:
    """A text that is remembered was shown before, in a body that chose nothing: it is not shown by that again."""
    (operation,) = commands.analyse("charge blue-giraffe-7 now", "shell")
    masker = Masker((CARDS,), KEY)
    first, second = (
        ShownOperations(masker, lambda masker, text: text, lambda chosen=chosen: chosen)
        for chosen in ((), ("blue-giraffe-7",))
    )
    assert b"giraffe" in bytes(write([operation], first))
    assert b"giraffe" not in bytes(write([operation], second))


def test_where_nothing_may_be_shown_nothing_is_that_was_shown_elsewhere() -> None:
    """No masker is not the same as one that has nothing to mask."""
    (operation,) = commands.analyse("charge yellow-giraffe now", "shell")
    assert b"giraffe" in bytes(write([operation], show()))
    assert b"giraffe" not in bytes(write([operation], ShownOperations(None, None, tuple)))


def test_a_masker_that_nobody_asks_for_again_is_not_kept() -> None:
    """It holds the secrets of one call."""
    masker = Masker((EMAILS,), KEY).with_literals((Literal(Secret("blue giraffe")),))
    before = shown_operations._remembered.cache_info().currsize
    shown = ShownOperations(masker, None, tuple)
    told = shown.told(bash("ls /some/place-of-its-own"))
    assert told is not None
    assert "place-of-its-own" in json.dumps(told)
    assert "giraffe" not in shown.word("/a/blue giraffe")
    assert shown_operations._remembered.cache_info().currsize == before
