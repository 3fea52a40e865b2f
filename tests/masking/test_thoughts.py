"""Thoughts of a model: passed byte for byte, or left out whole; never rewritten."""

from __future__ import annotations

import base64
import json

import pytest

from interlock.masking import Literal, Masker, MaskRule
from interlock.masking.thoughts import NOTE, SEALED_NOTE, Watch, mask_document
from interlock.model import Secret
from interlock.paths import compile_path
from interlock.protocols.protected import protected
from interlock.protocols.protected_gemini import protected_gemini
from interlock.protocols.protected_mcp import protected as protected_mcp
from interlock.protocols.protected_openai import protected_openai

KEY = b"k" * 32
MAIL = "erika.mustermann@example.com"
TEXT = {"type": "text", "text": f"Mail {MAIL}"}
RECORD = MaskRule("mails", detect=("email",))
DROP = MaskRule("mails", detect=("email",), thinking="drop")
SEALED = MaskRule("mails", detect=("email",), sealed="drop")
LEFT_OUT = {"type": "text", "text": NOTE}
SEALED_OUT = {"type": "text", "text": SEALED_NOTE}


def _thought(text: str = f"They are {MAIL}.") -> dict[str, object]:
    return {"type": "thinking", "thinking": text, "signature": "c2lnbmF0dXJl"}


def _request(*blocks: object, size: int = 0) -> dict[str, object]:
    history = [{"role": "user", "content": "x" * size}, {"role": "assistant", "content": list(blocks)}]
    return {"model": "m", "thinking": {"type": "enabled"}, "messages": history}


def _masked(rules, document, protect=protected, literals=()):
    body = json.dumps(document, indent=1).encode()
    found = mask_document(Masker(rules, KEY, literals), body, document, protect)
    return body, found


def _content(found) -> list[object]:
    document = json.loads(found.body)
    return document["messages"][-1]["content"] if "messages" in document else document["content"]


SIZES = pytest.mark.parametrize("size", [0, 20_000], ids=["small", "by-block"])


@SIZES
def test_a_signed_thought_passes_and_what_it_holds_is_recorded(size):
    """Not a byte of it changes, the text beside it is masked, and the evidence names rule and place."""
    _, found = _masked([RECORD], _request(_thought(), TEXT, size=size))
    assert _content(found) == [_thought(), {"type": "text", "text": "Mail [redacted:email]"}]
    assert json.dumps(_thought()["thinking"]).encode() in found.body
    place = "/messages/1/content/0/thinking"
    assert [(one.rule, one.detector, one.place, one.action) for one in found.findings] == [
        ("mails", "email", "/messages/1/content/1/text", "redact"), ("mails", "email", place, "kept"),
    ]  # fmt: skip


@SIZES
def test_a_thought_is_left_out_whole_where_a_rule_says_so(size):
    """A note stands in its place; thoughts in which nothing is found keep their bytes."""
    _, found = _masked([DROP], _request(_thought(), _thought("Nothing here."), TEXT, size=size))
    assert _content(found) == [LEFT_OUT, _thought("Nothing here."), {"type": "text", "text": "Mail [redacted:email]"}]
    assert sorted(one.action for one in found.findings) == ["drop", "redact"]
    assert b"mustermann" not in found.body


def test_a_reply_is_treated_like_a_request():
    """As plain JSON; its text is masked beside."""
    document = {"type": "message", "role": "assistant", "content": [_thought(), TEXT]}
    assert _content(_masked([RECORD], document)[1])[0] == _thought()
    assert _content(_masked([DROP], document)[1])[0] == LEFT_OUT


def test_a_rule_that_leaves_out_is_heard_behind_a_stronger_one():
    """Where two rules find the same, the one that would only record does not decide."""
    weak = MaskRule("weak", "token", detect=("email",), thinking="drop")
    strong = MaskRule("strong", "redact", detect=("email",))
    assert _content(_masked([strong, weak], _request(_thought()))[1]) == [LEFT_OUT]


@pytest.mark.parametrize("choose", [{"paths": (compile_path("$..thinking"),)}, {"fields": frozenset({"thinking"})}])
def test_places_choose_thoughts_as_well(choose):
    """A rule that names the member finds something in every thought; it rewrites none."""
    assert _content(_masked([MaskRule("all", **choose)], _request(_thought("x")))[1]) == [_thought("x")]
    assert _content(_masked([MaskRule("all", thinking="drop", **choose)], _request(_thought("x")))[1]) == [LEFT_OUT]


def test_a_known_secret_is_never_shown_in_a_thought():
    """Whatever the rules say: the credential that the gateway supplies does not come back."""
    secret = "sk-canary-0123456789abcdefghij"
    _, found = _masked([], _request(_thought(f"It is {secret}.")), literals=[Literal(Secret(secret))])
    assert _content(found) == [LEFT_OUT]


@pytest.mark.parametrize("place", ["id", "name", "data"])
def test_a_known_secret_is_hidden_even_where_nothing_is_rewritten(place):
    """In names and in pictures, in clear and in base64; what rules find there stays."""
    secret = "sk-canary-0123456789abcdefghij"
    coded = base64.b64encode(f"xx{secret}yy".encode()).decode()
    source = {"type": "base64", "media_type": "image/png", "data": coded if place == "data" else MAIL}
    block = {"type": "image", "id": secret if place == "id" else MAIL, "name": secret if place == "name" else MAIL}
    _, found = _masked([RECORD], _request({**block, "source": source}), literals=[Literal(Secret(secret))])
    assert secret.encode() not in found.body
    assert base64.b64encode(secret.encode())[4:-4] not in found.body
    assert found.body.count(MAIL.encode()) == 2


def test_what_only_looks_like_a_thought_is_masked_like_any_text():
    """A tool's input is the agent's own document."""
    block = {"type": "tool_use", "id": "t", "name": "Write", "input": _thought()}
    content = _content(_masked([DROP], _request(block))[1])
    assert content[0]["input"] == _thought("They are [redacted:email].")


SEALS = [
    ({"type": "redacted_thinking", "data": "AAAA"}, SEALED_OUT),
    (_thought(""), SEALED_OUT),
    (_thought("Nothing here."), _thought("Nothing here.")),
    ({"type": "tool_use", "id": "t", "name": "W", "input": {"type": "redacted_thinking", "data": "A"}}, None),
]


@pytest.mark.parametrize(("block", "left"), SEALS)
def test_what_nobody_can_read_goes_only_where_a_rule_says_so(block, left):
    """By default it passes: who reads nothing has found nothing, and says so."""
    assert _content(_masked([DROP], _request(block))[1]) == [block]
    assert _content(_masked([SEALED], _request(block))[1]) == [left or block]


def test_encrypted_reasoning_goes_from_requests_and_answers():
    """In a request the item goes, in an answer its content; the summary was masked all the time."""
    item = {
        "type": "reasoning",
        "id": "r",
        "summary": [{"type": "summary_text", "text": MAIL}],
        "encrypted_content": "A",
    }
    request = {"model": "m", "input": [{"role": "user", "content": MAIL}, item, {"role": "user", "content": "b"}]}
    passed = json.loads(_masked([RECORD], request, protected_openai)[1].body)["input"][1]
    assert passed == {**item, "summary": [{"type": "summary_text", "text": "[redacted:email]"}]}
    kept = json.loads(_masked([SEALED], request, protected_openai)[1].body)["input"]
    assert kept == [{"role": "user", "content": "[redacted:email]"}, {"role": "user", "content": "b"}]
    answer = {"id": "a", "output": [item]}
    shown = json.loads(_masked([SEALED], answer, protected_openai)[1].body)["output"][0]
    assert (shown["encrypted_content"], shown["summary"][0]["text"]) == (None, "[redacted:email]")


def test_signatures_of_gemini_go_and_the_parts_stay():
    """The call that a signature belonged to is the agent's."""
    part = {"functionCall": {"name": "f", "args": {"thoughtSignature": "mine"}}, "thoughtSignature": "A"}
    document = {"contents": [{"role": "model", "parts": [part]}]}
    assert json.loads(_masked([RECORD], document, protected_gemini)[1].body) == document
    left = json.loads(_masked([SEALED], document, protected_gemini)[1].body)["contents"][0]["parts"]
    assert left == [{"functionCall": part["functionCall"]}]


def test_the_same_bytes_come_every_turn():
    """A note is as stable as any mask: the provider's prompt cache stays warm."""
    document = _request(_thought(), TEXT, size=20_000)
    masker, body = Masker([DROP], KEY), json.dumps(document).encode()
    first, second = (mask_document(masker, body, document, protected) for _ in range(2))
    assert first.body == second.body
    assert first.findings == second.findings


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_a_watched_thought_is_found_out_however_it_is_cut(size):
    """Findings and verdict are those of the whole."""
    text = f"They are {MAIL}. " + "and more " * 4000
    for rule, note in ((RECORD, ""), (DROP, NOTE)):
        watch = Watch(Masker([rule], KEY))
        for at in range(0, len(text), size):
            watch.feed(text[at : at + size])
        assert watch.close() == note
        assert [(one.detector, one.action) for one in watch.findings] == [("email", "drop" if note else "kept")]
        assert watch.holds == bool(note)


def test_a_watched_thought_waits_only_for_what_could_be_a_secret():
    """Without rules that leave thoughts out, everything else may go on at once; the secret never."""
    secret = "sk-canary-0123456789abcdefghij"
    watch = Watch(Masker([RECORD], KEY, [Literal(Secret(secret))]))
    assert watch.feed("Nothing yet, sk") < 15
    assert watch.feed("etch of it.") == 26
    assert watch.feed(f" {secret} ") == -1
    assert watch.close() == NOTE


TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJlcmlrYSJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ"


@pytest.mark.parametrize("name", ["requestState", "nextCursor"])
def test_what_a_server_gets_back_is_never_rewritten(name):
    """It passes and is recorded, or is left out; the same name inside of what a tool says is text like any other."""
    record, drop = (MaskRule("keys", detect=("jwt",), thinking=thinking) for thinking in ("record", "drop"))
    said = {"structuredContent": {name: TOKEN}}
    message = {"jsonrpc": "2.0", "id": 1, "result": {**said, name: TOKEN}}
    masked = {"structuredContent": {name: "[redacted:jwt]"}}
    _, found = _masked([record], message, protected_mcp)
    assert json.loads(found.body)["result"] == {**masked, name: TOKEN}
    assert [(one.place, one.action) for one in found.findings][-1] == (f"/result/{name}", "kept")
    assert json.loads(_masked([drop], message, protected_mcp)[1].body)["result"] == masked
    secret = [Literal(Secret(TOKEN))]
    assert TOKEN.encode() not in _masked([record], message, protected_mcp, secret)[1].body
