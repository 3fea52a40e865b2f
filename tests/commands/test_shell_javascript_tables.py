"""The tables of JavaScript."""

from __future__ import annotations

from interlock.commands.shell_javascript_tables import BANNED, DELETES, MODULES, NETWORK, READS, REFUSED, WRITES


def test_no_name_is_in_two_places() -> None:
    """A module is harmless, of the network or refused; what deletes is banned wherever it is not told apart."""
    assert not MODULES & NETWORK
    assert not (MODULES | NETWORK) & REFUSED
    assert DELETES <= BANNED
    assert not BANNED & (WRITES | READS)
