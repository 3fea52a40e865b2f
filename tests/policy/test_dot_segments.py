"""What is written and what is meant, where these are two things."""

from __future__ import annotations

import pytest

from interlock.model import JSON
from interlock.policy.dot_segments import spellings


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("/tmp/../etc/passwd", "/etc/passwd"),
        ("/tmp/a/../../etc", "/etc"),
        ("/tmp/..", "/"),
        ("/../../etc", "/etc"),
        ("src/../../etc", "../etc"),
        ("../x", "../x"),
        ("C:\\\\tmp\\\\..\\\\Windows".replace("\\\\", "\\"), "C:\\Windows"),
        ("/tmp/./../etc//x", "/etc/x"),
        ("/tmp/%2e%2e/etc", "/etc"),
        ("/tmp/%2E%2e%2Fetc", "/etc"),
    ],
)
def test_a_path_that_leads_elsewhere_is_told_as_it_is_meant(value: str, meant: str) -> None:
    """Beside what is written: to permit, both have to fit; to forbid, one of them."""
    for wide in (False, True):
        found = spellings(value, wide)
        assert found[0] == value
        assert found[-1] == meant


@pytest.mark.parametrize(
    "value", ["/tmp/x", "src/a.py", "a..b/c", "/tmp/...", "", "prose, and so on ...", 7, None, True, {}]
)
def test_others_are_what_they_are(value: JSON) -> None:
    """Names with dots in them, prose, and what is no text."""
    assert spellings(value, False) == (value,)


@pytest.mark.parametrize(
    ("value", "meant"), [("/etc/./passwd", "/etc/passwd"), ("/etc//passwd", "/etc/passwd"), ("./x", "x")]
)
def test_what_leads_nowhere_else_matters_to_what_forbids(value: str, meant: str) -> None:
    """A permission is for what is written: `./x` is no way out of anything."""
    assert spellings(value, True) == (value, meant)
    assert spellings(value, False) == (value,)


def test_a_long_way_round_is_followed_to_its_end() -> None:
    """However many segments it has."""
    assert spellings("/tmp" + "/a/.." * 50_000 + "/../etc/passwd", False)[-1] == "/etc/passwd"
