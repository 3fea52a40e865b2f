"""The lists of names themselves."""

from __future__ import annotations

from interlock.credentials import places
from interlock.credentials.strip import fold_header, fold_member


def test_names_are_written_as_they_are_compared() -> None:
    """A name that is not folded would never be met."""
    for name in places.__all__:
        if name == "MEMBERS":
            assert all(fold_member(entry) == entry for entry in places.MEMBERS)
        else:
            assert all(fold_header(entry) == entry for entry in getattr(places, name))
