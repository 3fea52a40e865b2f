"""Text whose parts have names."""

from __future__ import annotations

import pytest

from interlock.masking import Masker, MaskRule
from interlock.mitm.named_parts import Briefs, mask_text, mask_url

MASKER = Masker(
    [MaskRule("names", "redact", fields=frozenset({"ssn"})), MaskRule("mails", "redact", detect=("email",))], b"k" * 32
)


@pytest.mark.parametrize(
    ("text", "kind", "masked"),
    [
        ("ssn,a\n1,2", "text/csv", "ssn,a\n[redacted:names],2"),
        ("ssn\ta\n1\t2", "text/tab-separated-values", "ssn\ta\n[redacted:names]\t2"),
        ("ssn=1&a=2", "application/x-www-form-urlencoded", "ssn=[redacted:names]&a=2"),
        ("ssn=1&a=erika@example.com", "text/plain", "ssn=1&a=[redacted:email]"),
    ],
)
def test_the_media_type_says_whether_parts_have_names(text, kind, masked):
    """Tables and forms; anything else is text."""
    assert mask_text(MASKER, text, kind).text == masked


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("/a/erika@example.com?ssn=1&b=2#c", "/a/[redacted:email]?ssn=[redacted:names]&b=2#c"),
        ("https://example.com/?q=erika%40example.com", "https://example.com/?q=[redacted:email]"),
        ("/ssn=1", "/ssn=1"),
    ],
)
def test_the_query_of_a_url_has_names(url, masked):
    """The rest of it is text."""
    found = mask_url(MASKER, url)
    assert found.text == masked
    assert bool(found.findings) == (url != masked)


def test_short_texts_are_remembered_by_their_masker() -> None:
    """Another masker never gets what one has shown."""
    briefs, nothing = Briefs(), Masker((), b"k" * 32)
    for _ in range(2):
        assert briefs.of(MASKER, "/a/erika@example.com?ssn=1") == "/a/[redacted:email]?ssn=[redacted:names]"
        assert briefs.of(nothing, "/a/erika@example.com?ssn=1") == "/a/erika@example.com?ssn=1"
