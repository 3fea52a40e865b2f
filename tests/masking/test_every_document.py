"""However a document is searched, what is found is what every detector finds in every text of it, one by one."""

from __future__ import annotations

import json
import random

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from interlock.masking import Masker, MaskRule, known_detectors
from interlock.masking.actions import Span, merge, strongest
from interlock.masking.detector import encode
from interlock.masking.edits import joined, tree_of
from interlock.masking.keyed import name_of
from interlock.masking.leaves import Leaf, has_text, number_text
from interlock.masking.locator import Locator
from interlock.masking.rewrite import Rewrite
from interlock.paths import compile_path

PARTS = known_detectors()
MASKER = Masker([MaskRule("all", detect=tuple(PARTS), min_confidence="low")], b"k" * 32)
TEXTS = [text.replace("«", "").replace("»", "") for part in PARTS.values() for text in (*part.hits, *part.misses)]
NAMES = sorted({word for part in PARTS.values() for word in part.words})
PLAIN = ["a", "created", "note", "2026-03-01T10:00:00Z", "order-000123", "x::y", "1.2.3", "", "http://example.com/a"]
NUMBERS = [
    0,
    12,
    -1.5,
    True,
    None,
    1763801400,
    1763801400123,
    4111111111111111,
    4.5e15,
    123456782,
    10**30,
    -5555555555554444,
]


def _leaves(node, location=()):
    """Every text of a document by itself, names of members among them."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield Leaf((*location, name), name, True)
            yield from _leaves(value, (*location, name))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _leaves(value, (*location, index))
    elif has_text(node):
        yield Leaf(location, node if isinstance(node, str) else number_text(node))


def _one_by_one(masker, body, document):
    """All detectors in each text, by what it is called."""
    scanner, found = masker._scanner, []
    for leaf in _leaves(document):
        spans = merge(masker._spans(scanner.hits(encode(leaf.text), scanner.probes, name_of(leaf))))
        if spans:
            found.append(Leaf(leaf.location, leaf.text, leaf.is_key, tuple(spans)))
    return masker._rewrite(body, document, {}, found)


def _same(document, **spelling):
    body = json.dumps(document, **spelling).encode()
    read = msgspec.json.decode(body)
    masked, wanted = MASKER.json(body, read), _one_by_one(MASKER, body, read)
    assert masked.body == wanted.body
    assert sorted(map(repr, masked.findings)) == sorted(map(repr, wanted.findings))


_names = st.sampled_from([*NAMES, *PLAIN]) | st.sampled_from(TEXTS) | st.text(max_size=8)
_values = st.sampled_from([*TEXTS, *PLAIN, *NUMBERS]) | st.text(alphabet='0123456789 .-:@ab"\\\n\0', max_size=40)
_documents = st.recursive(
    _values,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_names, inner, max_size=4),
    max_leaves=12,
)


@given(_documents, st.booleans(), st.sampled_from([None, (",", ":"), (" ,  ", "  : "), (",\n", "\t:\t\n")]))
@settings(max_examples=100, deadline=None)
@example([["\0"], {"address line": "000"}], False, None)
@example([4.111111111111111e15, 4111111111111111.0, 4111111111111111], False, None)
@example("erika@example.com", False, None)
@example({"password": "s3cret.Pa55word9"}, False, (",", ":     "))
@example(4111111111111111, False, None)
def test_a_document_is_masked_as_its_texts_are(document, escaped, separators):
    """Names, strings and numbers, with escapes and without, however the JSON is spelled."""
    _same(document, ensure_ascii=escaped, separators=separators)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("escapes", [False, True])
def test_a_large_document_is_masked_as_its_texts_are(seed, escapes):
    """Many rows, few of which hold something: what is looked for in all of them at once is found in each."""
    chance = random.Random(seed)
    rows = [
        {
            chance.choice([*PLAIN, *NAMES]): chance.choice([*PLAIN, *NUMBERS, {"value": chance.choice(PLAIN)}])
            for _ in range(5)
        }
        for _ in range(60)
    ]
    for _ in range(12):
        chance.choice(rows)[chance.choice([*NAMES, "note"])] = chance.choice(TEXTS)
    document = {"rows": rows, "tail": "one\ntwo" if escapes else "one"}
    _same(document, ensure_ascii=False)


PATHS = (
    "$.a",
    "$.note",
    "$.rows[0].a",
    "$.rows[-1].note",
    "$..a.note",
    "$..a[1]",
    "$..['x::y']",
    "$..[?@.a=='x']",
    "$..b",
)
ACTIONS = ("redact", "drop", "nullify", "hash", "last4")
WAYS = [
    MaskRule(f"path-{number}", paths=(compile_path(text),), action=ACTIONS[number % len(ACTIONS)])
    for number, text in enumerate(PATHS)
]
BOTH = Masker([*WAYS, MaskRule("some", detect=("email", "credit-card", "in-pan", "us-ssn"))], b"k" * 32)

_few = st.sampled_from(["a", "note", "rows", "b", "x::y", "erika@example.com", "pan"])
_rows = st.recursive(
    st.sampled_from(["x", "erika@example.com", "to erika@example.org", "4111 1111 1111 1111", "", "ABCPK1234L", 7, 1.5,
                     True, None, 4111111111111111, "078-05-1120", "é erika@example.com", "one\ntwo"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_few, inner, max_size=4),
    max_leaves=14,
)  # fmt: skip


@given(_rows, st.booleans(), st.sampled_from([None, (",", ":"), (" ,  ", "  : ")]))
@settings(max_examples=100, deadline=None)
def test_whatever_is_quick_gives_what_is_plain(document, escaped, separators):
    """Paths one by one, detectors text by text, each edit looked for in the tokens: the same bytes and findings."""
    body = json.dumps(document, ensure_ascii=escaped, separators=separators).encode()
    read = msgspec.json.decode(body)
    whole = {}
    for rule in WAYS:
        for place, _ in rule.paths[0].select(read):
            span = Span(0, 0, rule.action, rule.id, rule.id, "path")
            whole[place] = strongest(whole[place], span) if place in whole else span
    scanner = BOTH._scanner
    found = []
    for leaf in _leaves(read):
        spans = merge(BOTH._spans(scanner.hits(encode(leaf.text), scanner.probes, name_of(leaf))))
        if spans:
            found.append(Leaf(leaf.location, leaf.text, leaf.is_key, tuple(spans)))
    rewrite = Rewrite(read, whole, BOTH._spell.told)
    for leaf in found:
        rewrite.leaf(leaf)
    for place, span in whole.items():
        rewrite.whole(place, span)
    root = tree_of(rewrite.edits)
    wanted = joined(body, Locator(body, root).run()) if rewrite.edits else body

    masked = BOTH.json(body, read)

    assert masked.body == wanted
    assert sorted(map(repr, masked.findings)) == sorted(map(repr, rewrite.findings()))
