"""The invented customers hold what detectors look for."""

from __future__ import annotations

from interlock.demo.people import COLUMNS, CUSTOMERS, PERSONAL


def test_everybody_is_invented_and_complete() -> None:
    """Reserved domains, a value in each column, and every personal value listed."""
    emails = [str(row[COLUMNS.index("email")]) for row in CUSTOMERS]

    assert all(email.rpartition("@")[2] in ("example.com", "example.org", "example.net") for email in emails)
    assert all(len(row) == len(COLUMNS) for row in CUSTOMERS)
    assert len(PERSONAL) == 4 * len(CUSTOMERS)
    assert set(emails) <= set(PERSONAL)
