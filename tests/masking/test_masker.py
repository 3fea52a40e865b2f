"""JSON bodies: what is masked, how, and that nothing else changes."""

from __future__ import annotations

import json
import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import BodyRejected
from interlock.masking import Literal, Masker, MaskRule, known_detectors
from interlock.model import Secret
from interlock.paths import compile_path
from interlock.reasons import Reason

KEY = b"k" * 32
CARD = "4111 1111 1111 1111"


def by_path(path: str, action: str = "redact", identity: str = "rule") -> MaskRule:
    return MaskRule(identity, action=action, paths=(compile_path(path),))


def by_detector(*names: str, action: str = "redact", identity: str = "found") -> MaskRule:
    return MaskRule(identity, action=action, detect=names)


def masked(body: str, *rules: MaskRule, **options: object) -> str:
    return Masker(rules, KEY).json(body.encode(), **options).body.decode()


def test_nothing_found_gives_back_the_very_same_bytes():
    """A clean body is passed on as the object it came as."""
    body = b'{"a": "plain", "n": 12, "list": [1, null, true]}'
    result = Masker([by_detector("email", "credit-card"), by_path("$.card")], KEY).json(body)
    assert result.body is body
    assert result.findings == ()


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("redact", '{"a" : 1, "card":"[redacted:rule]" ,"b":2}'),
        ("last4", '{"a" : 1, "card":"****1111" ,"b":2}'),
        ("nullify", '{"a" : 1, "card":null ,"b":2}'),
        ("drop", '{"a" : 1, "b":2}'),
    ],
)
def test_each_action_changes_the_value_alone(action, expected):
    """The blanks around a masked value stay as they were."""
    assert masked(f'{{"a" : 1, "card":"{CARD}" ,"b":2}}', by_path("$.card", action)) == expected


def test_hash_is_keyed_stable_and_named():
    """One value has one hash under one key, and another under another."""
    body = b'{"a":"erika@example.com","b":"to erika@example.com!"}'
    rule = by_detector("email", action="hash")
    one = json.loads(Masker([rule], KEY).json(body).body)
    other = json.loads(Masker([rule], b"x" * 32).json(body).body)
    assert one["b"] == f"to {one['a']}!"
    assert one["a"].startswith("<email:")
    assert len(one["a"]) == len("<email:>") + 16
    assert one != other


def test_drop_splices_the_comma_wherever_the_member_stands():
    """First, middle, last, several and all members go without leaving a broken object."""
    rule = MaskRule("r", action="drop", paths=(compile_path("$..x"), compile_path("$..[?@=='x']")))
    for before, after in {
        '{"x":1,"a":2}': '{"a":2}',
        '{"a":2,"x":1}': '{"a":2}',
        '{"a":2, "x":1 , "b":3}': '{"a":2, "b":3}',
        '{ "x":1 }': "{  }",
        '["x","x",1,"x","x"]': "[1]",
        '["x", "x"]': "[]",
        '[1,"x","x"]': "[1]",
        '{"a":{"x":1,"b":["x",{"x":2}]},"x":3}': '{"a":{"b":[{}]}}',
    }.items():
        assert masked(before, rule) == after


def test_drop_of_the_document_leaves_null():
    """A body cannot be nothing, so the root becomes null."""
    assert masked('{"a":1}', by_path("$", "drop")) == "null"


def test_a_container_is_replaced_as_a_whole():
    """A path that selects an object or array hides all of it; last4 of one would show its end, so it redacts."""
    assert masked('{"p":{"n":"x","l":[1,2]},"q":1}', by_path("$.p")) == '{"p":"[redacted:rule]","q":1}'
    assert masked('{"p":["a"]}', by_path("$.p", "last4")) == '{"p":"[redacted:rule]"}'
    assert masked('{"p":["a"]}', by_path("$.p", "hash")).startswith('{"p":"<rule:')


def test_every_kind_of_value_is_masked():
    """Null, truth values, numbers and the empty string are values too."""
    body = '{"a":{"v":null},"b":{"v":true},"c":{"v":1.50},"d":{"v":""},"e":{"v":-7}}'
    expected = json.loads(masked(body, by_path("$..v")))
    assert {member["v"] for member in expected.values()} == {"[redacted:rule]"}
    assert masked(body, by_path("$..v", "nullify")).count("null") == 5


def test_a_string_keeps_what_is_not_sensitive():
    """Only the found part of a string is replaced; its escapes stay valid."""
    body = json.dumps({"t": 'He said "mail\nerika@example.com" \\ ü \u2028'})
    shown = json.loads(masked(body, by_detector("email")))
    assert shown["t"] == 'He said "mail\n[redacted:email]" \\ ü \u2028'


@pytest.mark.parametrize(
    "written",
    [
        r'"erika\u0040example.com"',
        r'"\u0065rika@example.com"',
        r'"mail\nerika@example.com"',
        r'"mail\terika@example.com"',
        r'"\"erika@example.com\""',
        r'"a\/erika@example.com"',
    ],
)
def test_escapes_do_not_hide_a_value(written):
    """A value is found however JSON writes its characters."""
    assert "erika" not in masked(f'{{"t":{written}}}', by_detector("email"))


def test_escapes_in_names_do_not_hide_a_member():
    """Paths and fields choose by the decoded name."""
    body = r'{"\u0073sn":"1","b":2}'
    assert masked(body, by_path("$.ssn")) == r'{"\u0073sn":"[redacted:rule]","b":2}'
    assert "[redacted:f]" in masked(body, MaskRule("f", fields=frozenset({"ssn"})))


def test_numbers_are_searched_and_become_strings():
    """A card written as a number is found; what replaces it is a string."""
    assert masked('{"n":4111111111111111}', by_detector("credit-card", action="last4")) == '{"n":"****1111"}'
    assert masked('{"n":[4111111111111111.0]}', by_detector("credit-card")) == '{"n":["[redacted:credit-card]"]}'
    assert masked("4111111111111111", by_detector("credit-card")) == '"[redacted:credit-card]"'


def test_names_of_members_are_masked_and_stay_distinct():
    """A sensitive name is replaced; two of them do not become one."""
    body = '{"a@example.com":1,"b@example.com":{"x":"c@example.com"}}'
    result = Masker([by_detector("email")], KEY).json(body.encode())
    assert list(json.loads(result.body)) == ["[redacted:email]", "[redacted:email] 2"]
    assert "example.com" not in repr(result.findings)
    assert "/[redacted:email] 2/x" in [finding.place for finding in result.findings]


def test_a_name_and_its_value_are_masked_together():
    """A member whose name is sensitive and whose value a path chooses loses both; dropped, it is gone."""
    body = '{"a@example.com":"v","b":1}'
    rules = [by_detector("email"), by_path("$['a@example.com']")]
    assert masked(body, *rules) == '{"[redacted:email]":"[redacted:rule]","b":1}'
    assert masked(body, rules[0], by_path("$['a@example.com']", "drop")) == '{"b":1}'


def test_fields_fold_case_and_separators_at_any_depth():
    """Names are compared without case, blanks, hyphens and underscores."""
    rule = MaskRule("f", fields=frozenset({"creditcardno"}))
    body = '{"a":[{"Credit-Card_No":"1"},{"creditCardNo":{"x":2}}],"creditcard":3}'
    shown = json.loads(masked(body, rule))
    assert shown == {"a": [{"Credit-Card_No": "[redacted:f]"}, {"creditCardNo": "[redacted:f]"}], "creditcard": 3}


def test_the_stronger_action_wins_where_several_overlap():
    """drop beats nullify beats redact beats hash beats last4, for paths and detectors alike."""
    body = f'{{"c":"{CARD}"}}'
    order = ["drop", "nullify", "redact", "hash", "last4"]
    for at, strong in enumerate(order):
        for weak in order[at + 1 :]:
            for rules in (
                [by_path("$.c", weak, "weak"), by_path("$.c", strong, "strong")],
                [by_path("$.c", weak, "weak"), by_detector("credit-card", action=strong, identity="strong")],
                [by_path("$.c", strong, "strong"), by_detector("credit-card", action=weak, identity="weak")],
            ):
                result = Masker(rules, KEY).json(body.encode())
                assert {finding.action for finding in result.findings} == {strong}, (strong, weak)
                assert {finding.rule for finding in result.findings} == {"strong"}


def test_a_detector_under_drop_or_nullify_takes_only_the_part_it_found():
    """The rest of a longer string stays; a string that is nothing else goes as a member would."""
    body = '{"a":"mail erika@example.com now","b":"erika@example.com"}'
    assert masked(body, by_detector("email", action="drop")) == '{"a":"mail  now"}'
    assert masked(body, by_detector("email", action="nullify")) == '{"a":"mail [redacted:email] now","b":null}'


def test_min_confidence_keeps_unsure_findings_out():
    """A rule that asks for high confidence ignores what is only likely."""
    body = '{"a":"030 901820","b":"+49 30 901820"}'
    shown = json.loads(masked(body, MaskRule("p", detect=("phone",), min_confidence="high")))
    assert shown == {"a": "030 901820", "b": "[redacted:phone]"}


def test_protected_places_are_never_rewritten():
    """A signed block stays byte for byte, with all it holds, under every kind of rule."""
    body = '{"signed":{"t":"erika@example.com","ssn":"1"},"free":{"t":"erika@example.com","ssn":"1"}}'
    rules = [by_detector("email"), by_path("$..ssn"), MaskRule("f", fields=frozenset({"t"}))]
    shown = masked(body, *rules, protected=lambda location: location == ("signed",))
    assert shown.startswith('{"signed":{"t":"erika@example.com","ssn":"1"},')
    assert "erika" not in shown.partition('"free"')[2]
    assert '"1"' not in shown.partition('"free"')[2]


def test_a_given_document_is_not_read_again():
    """The engine's own parse is used; the result is the same."""
    body = f'{{"c":"{CARD}"}}'.encode()
    masker = Masker([by_path("$.c")], KEY)
    assert masker.json(body, document=msgspec.json.decode(body)) == masker.json(body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.BODY_UNPARSABLE),
        (b"{", Reason.BODY_UNPARSABLE),
        (b'{"a":NaN}', Reason.BODY_UNPARSABLE),
        (b'\xef\xbb\xbf{"a":1}', Reason.BODY_UNPARSABLE),
        (b'{"a":"\xff"}', Reason.BODY_UNPARSABLE),
        (b"[" * 100_000, Reason.BODY_UNPARSABLE),
        (b'{"c":1,"c":2}', Reason.BODY_AMBIGUOUS),
        (b'{"a":{"c":1,"\\u0063":2}}', Reason.BODY_AMBIGUOUS),
    ],
    ids=range(8),
)
def test_what_cannot_be_read_is_rejected(body, reason):
    """A body that has to be masked and cannot be read in one way does not pass."""
    with pytest.raises(BodyRejected) as caught:
        Masker([by_path("$.c")], KEY).json(body)
    assert caught.value.reason is reason


def test_a_document_that_is_not_the_bodys_is_rejected():
    """A wrong document must not let the body pass."""
    masker = Masker([by_path("$.a.c")], KEY)
    with pytest.raises(BodyRejected):
        masker.json(b'{"c":{"a":1}}', document={"a": {"c": 1}})
    with pytest.raises(BodyRejected) as caught:
        masker.json(b'{"a":{"c":1,"c":2}}', document={"a": {"c": 2}})
    assert caught.value.reason is Reason.BODY_AMBIGUOUS


def test_no_rules_and_no_literals_is_empty():
    """An empty masker touches nothing, not even to read it."""
    masker = Masker([], KEY)
    assert masker.empty
    assert masker.json(b"not json").body == b"not json"
    assert masker.text("erika@example.com").text == "erika@example.com"
    assert not masker.with_literals([Literal(Secret("s3cret-token"))]).empty


def test_findings_tell_nothing():
    """A finding holds rule, detector, place and a keyed digest; reprs hold no text."""
    masker = Masker([by_detector("email")], KEY)
    result = masker.json(b'{"a":["x","erika@example.com"]}')
    (finding,) = result.findings
    assert (finding.rule, finding.detector, finding.place) == ("found", "email", "/a/1")
    assert len(finding.digest) == 16
    assert finding.digest != Masker([by_detector("email")], b"y" * 32).json(b'["erika@example.com"]').findings[0].digest
    assert "erika" not in repr(result) + repr(masker) + repr(masker.text("erika@example.com"))


keys = st.sampled_from(["a", "ssn", "Card", 'ü"\\', "m@example.com", ""])
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12), st.sampled_from(["erika@example.com", CARD, 4111111111111111, "x\n123-45-6789"]),
)  # fmt: skip
documents = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4))
actions = st.sampled_from(["redact", "last4", "hash", "nullify"])


@given(document=documents, action=actions, indent=st.sampled_from([None, 1]))
@settings(max_examples=100, deadline=None)
def test_bytes_outside_masked_values_stay(document, action, indent):
    """The result reads as the document with those values replaced, and what surrounds them is byte-equal."""
    body = json.dumps(document, ensure_ascii=False, indent=indent).encode("utf-8", "surrogatepass")
    rules = [by_path("$..ssn", action), by_detector("email", "credit-card", "us-ssn", action=action)]
    try:
        result = Masker(rules, KEY).json(body)
    except BodyRejected:
        with pytest.raises((msgspec.DecodeError, UnicodeError)):
            msgspec.json.decode(body)
        return
    assert b"erika@" not in result.body
    assert b"4111 1111 1111" not in result.body
    assert b"4111111111111111" not in result.body
    shape = json.loads(result.body)
    if action == "redact":
        position = 0
        for piece in re.split(rb'"?\[redacted:[a-z-]+\](?: \d+)?"?', result.body):
            found = body.find(piece.strip(b'"'), position)
            assert found >= 0
            position = found + len(piece.strip(b'"'))
    assert _size(shape) <= _size(document)
    if not result.findings:
        assert result.body is body


@given(document=documents, cut=st.sampled_from(["$..ssn", "$..Card", "$..[0]", "$[?@.a]", "$..['','a']"]))
@settings(max_examples=100, deadline=None)
def test_drop_equals_removal_from_the_document(document, cut):
    """The spliced body reads as the document without the dropped members, whatever its layout."""
    if any(ord(letter) in range(0xD800, 0xE000) for letter in json.dumps(document, ensure_ascii=False)):
        return
    path = compile_path(cut)
    gone = {place for place, _ in path.select(document)}
    for layout in ({"indent": 2}, {"separators": (",", ":")}, {}):
        body = json.dumps(document, **layout).encode()
        shown = json.loads(Masker([by_path(cut, "drop")], KEY).json(body).body)
        assert shown == _without(document, gone)


def _without(node, gone, at=()):
    if at in gone and at:
        raise AssertionError
    if isinstance(node, dict):
        return {key: _without(value, gone, (*at, key)) for key, value in node.items() if (*at, key) not in gone}
    if isinstance(node, list):
        pairs = list(enumerate(node))
        return [_without(value, gone, (*at, index)) for index, value in pairs if (*at, index) not in gone]
    return node


def _size(node) -> int:
    if isinstance(node, dict):
        return 1 + sum(map(_size, node.values()))
    return 1 + sum(map(_size, node)) if isinstance(node, list) else 1


def test_a_key_in_one_string_does_not_hide_one_in_the_next():
    """A block that never ends ends with its string."""
    begin = "-----BEGIN " + "PRIVATE KEY-----"
    body = json.dumps({"a": f"{begin}\nMII", "b": "plain", "c": [f"x {begin}\nMII", "y"]})
    shown = json.loads(masked(body, by_detector("private-key")))
    assert shown == {"a": "[redacted:private-key]", "b": "plain", "c": ["x [redacted:private-key]", "y"]}


def test_every_example_is_found_in_every_string_of_a_body():
    """Searching all strings joined finds what searching each string finds."""
    for part in known_detectors().values():
        texts = [text.replace("«", "").replace("»", "") for text in (*part.hits, *part.misses)]
        masker = Masker([MaskRule("r", detect=(part.name,), min_confidence="low")], KEY)
        body = json.dumps([*texts, {"deep": texts}], ensure_ascii=False).encode()
        shown = json.loads(masker.json(body).body)
        assert shown[:-1] == shown[-1]["deep"] == [masker.text(text).text for text in texts], part.name


def test_a_rejection_tells_nothing_of_the_body():
    """Neither the error nor what caused it holds the body."""
    with pytest.raises(BodyRejected) as caught:
        Masker([by_path("$.c")], KEY).json(b'{"card": "4111 1111 1111 1111", nonsense')
    assert "4111" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_long_complete_text_is_masked_exactly():
    """Limits on holding are for streams: a complete text is masked where its values are, and nowhere else."""
    text = "1 " * 20_000 + "\nerika@example.com " + "2 " * 20_000
    assert Masker([by_detector("email", "credit-card")], KEY).text(text).text == text.replace(
        "erika@example.com", "[redacted:email]"
    )
