"""What people are shown: whole, structured, masked; or nothing at all."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from interlock import commands
from interlock.engine.showing import runs_unseen, shown_call, shown_request
from interlock.errors import Refused
from interlock.masking import Masker, read_masking
from interlock.model import JSON, BodyState, Exchange, Operation, Origin, Side
from interlock.protocols.body import read_json
from interlock.schema import Reader
from interlock.source import read_yaml_text

RULES = "- {id: mail, detect: [email], with: redact}\n- {id: notes, path: $..note, with: redact}\n"


@pytest.fixture
def masker() -> Masker:
    """One that covers addresses and notes."""
    reader = Reader()
    rules = read_masking(read_yaml_text(RULES, "masking.yaml"), reader, Path())
    reader.finish()
    return Masker(rules, b"k" * 32)


def request(document: JSON, body: bytes | None = None) -> Exchange:
    raw = json.dumps(document).encode() if body is None else body
    origin = Origin("https", "a.example", 443)
    return Exchange(Side.REQUEST, "a", "POST", origin, "/x?to=erika@example.com", (), raw, BodyState.COMPLETE)


def bash(command: str) -> tuple[Operation, ...]:
    nested = commands.analyse(command, "shell", agent=True)
    return (Operation("tool", "use:Bash", "Bash", arguments={"command": command}, nested=nested, agent=True),)


def test_a_request_is_shown_whole(masker: Masker) -> None:
    """Where it goes, what it does, its body; what is masked as its kind and length."""
    document: JSON = {"to": "erika@example.com", "n": [1, None, {"x": True}], "rtl": "a\u202eb"}
    shown = shown_request(masker, request(document), document, ())
    assert shown["target"] == "/x?to=⟦email, 17 characters⟧"
    assert shown["body"] == {"to": "⟦email, 17 characters⟧", "n": [1, None, {"x": True}], "rtl": "a\\u{202e}b"}
    assert (shown["method"], shown["origin"]) == ("POST", "https://a.example")


@pytest.mark.parametrize(
    "digits", ["0.1000000000000000055", "1e5", "1.50", "-0.0", "9007199254740993.0", "1E-400", "12345678901234567890"]
)
def test_numbers_are_shown_as_they_were_sent(masker: Masker, digits: str) -> None:
    """Every digit: who reads more of them than we do does what was read here."""
    body = f'{{"amount": {digits}, "plain": 0.25}}'.encode()
    shown = shown_request(masker, request({}, body), read_json(body), ())
    assert shown["body"] == {"amount": shown["body"]["amount"], "plain": 0.25}  # type: ignore[index,call-overload]
    assert str(shown["body"]["amount"]) == digits  # type: ignore[index,call-overload]


def test_another_document_than_the_body_is_not_shown(masker: Masker) -> None:
    """What people read is what was sent, or nothing."""
    with pytest.raises(Refused, match="as they are written"):
        shown_request(masker, request({}, b'{"amount": 1.5}'), {"amount": 1.25}, ())


def test_the_headers_are_shown_that_tell_a_service_what_to_do(masker: Masker) -> None:
    """Whoever says yes to `POST /` with `{}` sees which action that is; credentials are no more than their length."""
    headers = (
        ("host", "a.example"), ("x-amz-target", "DynamoDB_20120810.DeleteTable"), ("depth", "infinity"),
        ("cookie", "a=1; b=2"), ("x-for", "erika@example.com"), ("x-two", "a"), ("x-two", "b"), ("x-odd", "a\u202eb"),
        ("traceparent", "00-1-2-01"),
    )  # fmt: skip
    shown = shown_request(masker, replace(request({}), headers=headers), {}, ())
    assert shown["headers"] == {
        "x-amz-target": "DynamoDB_20120810.DeleteTable",
        "depth": "infinity",
        "cookie": "⟦credential, 8 characters⟧",
        "x-for": "⟦email, 17 characters⟧",
        "x-two": ["a", "b"],
        "x-odd": "a\\u{202e}b",
    }


def test_a_call_is_shown_with_what_it_does(masker: Masker) -> None:
    """The tool, its input, and every operation with its command."""
    shown = shown_call(masker, bash("rm -r build && cat notes"))
    assert (shown["tool"], shown["input"]) == ("Bash", {"command": "rm -r build && cat notes"})
    names = [entry["name"] for entry in shown["operations"]]  # type: ignore[union-attr, index, call-overload]
    assert names[0] == "tool.use:Bash"
    assert len(names) == 3


@pytest.mark.parametrize(
    "document",
    [{"note": "drop table a; --"}, {"note": {"a": 1}}, {"deep": [{"note": ["a"]}]}, {"erika@example.com": 1}],
)
def test_what_a_mask_could_hide_is_not_shown(masker: Masker, document: JSON) -> None:
    """Structure under a mask could be anything."""
    with pytest.raises(Refused) as error:
        shown_request(masker, request(document), document, ())
    assert error.value.reason == "approval-hidden"


@pytest.mark.parametrize("body", [b"\xff\xfe", b"x" * (300 << 10)])
def test_what_nobody_can_read_is_not_shown(masker: Masker, body: bytes) -> None:
    """Bytes that are no text, and more than a person reads."""
    with pytest.raises(Refused) as error:
        shown_request(masker, request(None, body), None, ())
    assert error.value.reason == "approval-hidden"


def test_too_many_operations_are_not_shown(masker: Masker) -> None:
    """None is left out."""
    one = Operation("shell", "read", text="ls", agent=True)
    many = Operation("tool", "use:Bash", "Bash", nested=(one,) * 600, agent=True)
    with pytest.raises(Refused):
        shown_call(masker, (many,))


def test_content_by_reference_is_unseen() -> None:
    """Somebody has to say yes to what nobody has seen."""
    assert runs_unseen(bash("./deploy.sh"))
    assert not runs_unseen(bash("ls"))
