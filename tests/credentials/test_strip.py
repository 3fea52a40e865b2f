"""Every place in which an agent could put a credential, or speak for another hop, is emptied."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.credentials.places import CREDENTIALS, MEMBERS, STEERING
from interlock.credentials.strip import (
    check_duplicates,
    fold_member,
    is_credential_header,
    is_credential_member,
    strip_headers,
    strip_query,
    strip_reply_headers,
)
from interlock.errors import Refused

PLAIN = [("host", "a.example"), ("Content-Type", "application/json"), ("accept", "*/*"), ("x-trace-id", "7")]


@pytest.mark.parametrize("name", sorted(CREDENTIALS))
def test_credential_headers_are_emptied(name: str) -> None:
    """Each goes in any spelling: case and underscores hide nothing."""
    for spelling in (name, name.upper(), name.replace("-", "_"), name.title()):
        assert strip_headers([*PLAIN, (spelling, "mine")]) == PLAIN
        assert is_credential_header(spelling)


MORE = ("X-Forwarded-Host", "x_original_url", "X-Rewrite-Anything", "X-Envoy-Original-Path")


@pytest.mark.parametrize("name", [*sorted(STEERING), *MORE])
def test_steering_headers_are_dropped(name: str) -> None:
    """What tells a server behind proxies who calls, where to, or with what method, is dropped."""
    assert strip_headers([*PLAIN, (name, "x")]) == PLAIN


@pytest.mark.parametrize(
    "name",
    [
        "Proxy-Authorization",
        "proxy_authorization",
        "Proxy-Connection",
        "Proxy-Anything",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Upgrade",
        "HTTP2-Settings",
        "Via",
        "X-Interlock-Run",
        "x_interlock_run",
        "Sec-WebSocket-Key",
        "Range",
        "If-Range",
    ],
)
def test_one_hop_headers_are_dropped(name: str) -> None:
    """Headers for one hop, Interlock's own and ranges never go on by default."""
    assert strip_headers([*PLAIN, (name, "x")]) == PLAIN
    assert strip_headers([*PLAIN, (name, "x")], passthrough=True) == PLAIN


def test_what_connection_names_is_dropped() -> None:
    """A header that Connection declares to be for one hop ends here, and so does Connection."""
    headers = [*PLAIN, ("Connection", "close, X-Trace-Id"), ("connection", "X_Other"), ("x-other", "1")]

    assert strip_headers(headers) == PLAIN[:3]


@pytest.mark.parametrize("name", ["Host", "content-length", "Content_Type", "transfer-encoding", "content-encoding"])
def test_connection_cannot_name_what_judging_rests_on(name: str) -> None:
    """Dropping a framing header would make the server read what nobody judged: refused."""
    with pytest.raises(Refused) as caught:
        check_duplicates([*PLAIN, ("connection", f"keep-alive, {name}")])

    assert caught.value.reason == "malformed-request"


@pytest.mark.parametrize(
    "name",
    ["host", "authorization", "content-length", "content-type", "content-encoding", "transfer-encoding", "x-api-key",
     "proxy-authorization", "range", "upgrade"],
)  # fmt: skip
def test_duplicate_security_headers_are_refused(name: str) -> None:
    """Twice is refused, even with one value and another spelling."""
    check_duplicates([(name, "x")])
    for other in (name, name.upper(), name.replace("-", "_")):
        with pytest.raises(Refused) as caught:
            check_duplicates([(name, "x"), ("accept", "*/*"), (other, "x")])

        assert caught.value.reason in ("duplicate-header", "malformed-request")


def test_underscored_framing_is_refused_alone_too() -> None:
    """`content_length` means the same as the real one to some servers, so it cannot pass even alone."""
    with pytest.raises(Refused) as caught:
        check_duplicates([("Transfer_Encoding", "chunked")])

    assert caught.value.reason == "malformed-request"


def test_harmless_repeats_pass() -> None:
    """Lists that HTTP allows to be split are no duplicates."""
    check_duplicates([("accept", "a"), ("accept", "b"), ("cookie", "a=1"), ("cookie", "b=2"), ("connection", "close")])


def test_the_operator_can_allow_headers() -> None:
    """A header the connection allows stays; nothing can allow those of one hop or Interlock's."""
    headers = [("x-forwarded-for", "1"), ("Cookie", "a=1"), ("x-interlock-run", "r"), ("proxy-authorization", "p")]

    assert strip_headers(headers, allow={"x-forwarded-for", "cookie"}) == headers[:2]
    assert strip_headers(headers, allow={"x-interlock-run", "proxy-authorization"}) == []


def test_passthrough_keeps_the_agents_credential_only() -> None:
    """With passthrough credentials stay; forwarding headers and proxy credentials still go."""
    headers = [("Authorization", "Bearer x"), ("x-forwarded-for", "1"), ("proxy-authorization", "p")]

    assert strip_headers(headers, passthrough=True) == headers[:1]


def test_websocket_upgrades_stay_where_allowed() -> None:
    """An upgrade to WebSocket passes on a connection that allows it; any other upgrade is dropped."""
    upgrade = [("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Key", "k")]

    kept = dict(strip_headers(upgrade, websocket=True))
    assert kept == {"connection": "Upgrade", "upgrade": "websocket", "Sec-WebSocket-Key": "k"}
    assert strip_headers(upgrade) == []
    assert strip_headers([("Upgrade", "h2c"), ("Connection", "Upgrade")], websocket=True) == []


def test_ranges_stay_only_when_told() -> None:
    """Range goes on where neither mask nor credential applies."""
    assert strip_headers([("Range", "bytes=0-1")], ranges=True) == [("Range", "bytes=0-1")]


@pytest.mark.parametrize("name", ["Request-Range", "A-IM", "If-None-Match", "If-Modified-Since", "Destination"])
def test_nobody_asks_for_parts_changes_or_guesses(name: str) -> None:
    """Older names of the same, and questions that an answer's length or status would tell right from wrong."""
    assert strip_headers([(name, '"c0ffee"')]) == []


def test_a_write_that_must_not_overwrite_stays_one() -> None:
    """Without its condition it would."""
    kept = [("If-None-Match", "*"), ("If-Match", '"c0ffee"')]
    assert strip_headers(kept) == kept


def test_very_long_names_are_judged_like_short_ones() -> None:
    """Length is no way around, and long names are not remembered."""
    assert strip_headers([("X-Forwarded-" + "a" * 5000, "x")]) == []


@pytest.mark.parametrize("name", sorted(MEMBERS))
def test_credential_members_leave_the_query(name: str) -> None:
    """Each goes in any spelling that a server might decode to it."""
    spellings = (name, name.upper(), name.replace("-", "_"), "".join(f"%{ord(char):02x}" for char in name), name + "[]")
    for spelling in spellings:
        assert strip_query(f"/p?a=1&{spelling}=x&b=2") == "/p?a=1&b=2"
        assert is_credential_member(spelling)


QUERIES = [
    ("/p", "/p"),
    ("/p?", "/p?"),
    ("/p?a=%7e&B=+&&c", "/p?a=%7e&B=+&&c"),
    ("/p?key=1", "/p"),
    ("/p?key", "/p"),
    ("/p?key=1&a=2", "/p?a=2"),
    ("/p?a=2&key=1", "/p?a=2"),
    ("/p?a=2;api_key=1;b=3", "/p?a=2;b=3"),
    ("/p?a=2&token=1&token=2&b", "/p?a=2&b"),
    ("/p?a=?key=1", "/p?a=?key=1"),
    ("/p?monkey=1&keys=2&tokenize=3", "/p?monkey=1&keys=2&tokenize=3"),
    ("/p?_method=DELETE&method=fast", "/p?method=fast"),
    ("/p?%5fmethod=DELETE", "/p"),
    ("/p?+key=1&%00key=2&k%65y=3", "/p"),
    ("/p?a=key=1", "/p?a=key=1"),
]


@pytest.mark.parametrize(("target", "expected"), QUERIES)
def test_the_rest_of_the_query_stays_byte_for_byte(target: str, expected: str) -> None:
    """Only whole members go, with one separator each."""
    assert strip_query(target) == expected


@settings(max_examples=100)
@given(st.lists(st.tuples(st.sampled_from("&;"), st.text("akey_=%5F+", max_size=6)), max_size=6))
def test_stripping_a_query_ends(members: list[tuple[str, str]]) -> None:
    """What is stripped holds no credential member, and stripping it again changes nothing."""
    target = "/p?" + "".join(separator + member for separator, member in members)
    stripped = strip_query(target)

    assert strip_query(stripped) == stripped
    for piece in stripped.partition("?")[2].replace(";", "&").split("&"):
        assert fold_member(piece.partition("=")[0]) not in MEMBERS


def test_replies_lose_what_belongs_to_the_hop_or_the_credential() -> None:
    """Hop headers always go, validators with a mask, cookies with a credential."""
    headers = [("Content-Type", "x"), ("ETag", "e"), ("Set-Cookie", "c"), ("Connection", "X-A"), ("x-a", "1")]

    assert strip_reply_headers(headers, masked=False, credential=False) == headers[:3]
    assert strip_reply_headers(headers, masked=True, credential=True) == headers[:1]
    assert (
        strip_reply_headers([("Connection", "content-type"), *headers[:1]], masked=True, credential=True) == headers[:1]
    )
    upgrade = [("Connection", "Upgrade"), ("Upgrade", "websocket")]
    assert strip_reply_headers(upgrade, masked=False, credential=False, websocket=True) == upgrade
