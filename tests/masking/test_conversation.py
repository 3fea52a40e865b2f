"""Conversations: masked block by block, with the result of masking them whole, and none searched twice."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.masking import Literal, Masker, MaskRule, Vault, conversation, masker
from interlock.masking.memo import Memo
from interlock.masking.replacer import Replacer
from interlock.model import Secret
from interlock.paths import compile_path

KEY = b"k" * 32
RULES = [
    MaskRule("mails", "hash", detect=("email", "credit-card", "private-key")),
    MaskRule("names", "drop", fields=frozenset({"ssn"})),
    MaskRule("paths", "nullify", paths=(compile_path("$..secret"), compile_path("$.messages[*].x[0]"))),
]

texts = st.sampled_from(
    [
        "",
        "plain",
        "erika@example.com",
        'quoted "erika@example.com"\n',
        "4111 1111 1111 1111",
        "-----BEGIN PRIVATE KEY-----",
    ]
)
values = st.recursive(
    texts | st.sampled_from([1, 4111111111111111, None, True]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "x", "ssn", "secret", "erika@example.com"]), inner, max_size=3)
    ),
    max_leaves=6,
)
documents = st.fixed_dictionaries(
    {"messages": st.lists(values, max_size=5), "model": texts},
    optional={"system": st.lists(values, max_size=2) | texts, "other": values, "tools": values},
)


def _whole(document: object, body: bytes, rules: list[MaskRule], protected=None) -> masker.Masked:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(masker, "LARGE", 1 << 30)
        return Masker(rules, KEY).json(body, document, protected=protected)


@given(document=documents, spaced=st.booleans())
@settings(max_examples=100, deadline=None)
def test_by_block_is_the_same_as_whole(document, spaced):
    """Bytes and findings, with detectors, names and paths, whatever stands where; and again from the memo."""
    body = json.dumps(document, indent=1 if spaced else None).encode()

    def protected(location):
        return location[-1:] == ("a",) and location[:1] == ("messages",)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(masker, "LARGE", 0)
        blockwise = Masker(RULES, KEY)
        for guard in (None, protected):
            expected = _whole(document, body, RULES, guard)
            for _ in range(2):
                found = blockwise.json(body, document, protected=guard)
                assert found.body == expected.body
                assert sorted(found.findings, key=str) == sorted(expected.findings, key=str)


def _turns(count: int) -> list[bytes]:
    messages: list[object] = []
    bodies = []
    for number in range(count):
        text = f"Row {number}: erika{number % 7}@example.com, and text " + "that goes on " * 30
        messages += [
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": f"t{number}", "content": text}]},
            {"role": "assistant", "content": [{"type": "text", "text": f"Seen {number}."}]},
        ]
        bodies.append(json.dumps({"model": "m", "messages": messages}).encode())
    return bodies


def test_a_conversation_has_the_same_prefix_every_turn_and_on_every_gateway():
    """200 turns: the masked bytes of what was said before never change, so a provider's prompt cache holds."""
    one, other = Masker(RULES, KEY), Masker(RULES, KEY)
    before = b""
    for number, body in enumerate(_turns(200)):
        masked = one.json(body).body
        assert b"@example.com" not in masked
        assert masked.startswith(before)
        before = masked.removesuffix(b"]}")
        if number % 50 == 49:
            assert other.json(body).body == masked


def test_a_block_is_searched_once(monkeypatch):
    """Turn after turn only what is new is searched, and what was masked is not rewritten."""
    monkeypatch.setattr(conversation, "MEMO", Memo(8 << 20))
    subject, searched = Masker(RULES[:1], KEY), list[bytes]()
    search = Masker._found_in_text

    def counted(self, body, document):
        searched.append(body)
        return search(self, body, document)

    monkeypatch.setattr(Masker, "_found_in_text", counted)
    bodies = _turns(40)
    for body in bodies[20:]:
        subject.json(body)
    blocks = [body for body in searched if body.startswith(b'{"role"')]
    assert len(blocks) == len(set(blocks)) == 80


def test_what_one_masker_learnt_is_never_another_ones(monkeypatch):
    """Other rules, another key and another secret see the same blocks with their own eyes."""
    monkeypatch.setattr(masker, "LARGE", 0)
    body = json.dumps({"messages": [{"text": "erika@example.com s3cr3t-token"}]}).encode()
    first = Masker(RULES[:1], KEY)
    bodies = {
        subject.json(body).body
        for subject in (
            first,
            Masker(RULES[:1], b"o" * 32),
            first.with_literals([Literal(Secret("s3cr3t-token"))]),
            Masker([MaskRule("mails", "redact", detect=("email",))], KEY),
            Masker([MaskRule("mails", "redact", detect=("credit-card",))], KEY),
        )
    }
    assert len(bodies) == 5


def test_what_was_learnt_is_void_when_the_vault_says_so(monkeypatch):
    """Tokens that could not be kept turn into redactions, in blocks that are known too."""
    monkeypatch.setattr(masker, "LARGE", 0)
    vault = Vault(KEY)
    subject = Masker(
        [MaskRule("mails", "token", detect=("email",))], KEY, (), Replacer(KEY, vault=vault, origin="agent")
    )
    body = json.dumps({"messages": [{"text": "erika@example.com"}]}).encode()
    first = subject.json(body).body
    assert b"<email:" in first
    assert subject.json(body).body == first
    vault.fail(())
    vault._entries.clear()
    assert b"[redacted:email]" in subject.json(body).body


def test_the_same_secrets_are_the_same_scope():
    """A masker that is made anew for every exchange knows what the one before learnt."""
    assert conversation.scope_with(b"s" * 32, ["ab", "c"]) == conversation.scope_with(b"s" * 32, ["ab", "c"])
    others = [(b"s" * 32, ["a", "bc"]), (b"t" * 32, ["ab", "c"]), (b"s" * 32, ["ab"]), (b"s" * 32, [])]
    assert len({conversation.scope_with(*other) for other in others}) == 4


def test_a_name_that_is_a_finding_is_not_kept(monkeypatch):
    """Its place would tell it."""
    memo = Memo(8 << 20)
    monkeypatch.setattr(conversation, "MEMO", memo)
    monkeypatch.setattr(masker, "LARGE", 0)
    body = json.dumps({"messages": [{"erika@example.com": 1}, {"a": "b"}]}).encode()
    assert b"erika" not in Masker(RULES[:1], KEY).json(body).body
    assert len(memo) == 1
