"""What could do harm has a flag, what only begins alike has none."""

from __future__ import annotations

import pytest

from interlock.commands.sql_functions import is_known
from interlock.commands.sql_warnings import warned


@pytest.mark.parametrize(
    ("name", "flag"),
    [
        ("pg_read_file", "files"), ("pg_file_write", "files"), ("lo_import", "files"), ("readfile", "files"),
        ("read_csv_auto", "files"), ("fsdir", "files"), ("dblink_exec", "network"), ("url", "network"),
        ("http_post", "network"), ("remotesecure", "network"), ("pg_sleep_for", "slow"), ("sleepeachrow", "slow"),
        ("pg_made_up_next_year", "session"), ("system$made_up", "session"), ("get_lock", "session"),
        ("query_to_xml", "dynamic"), ("ts_stat", "dynamic"), ("crosstab", "dynamic"), ("sp_executesql", "dynamic"),
    ],
)  # fmt: skip
def test_what_does_harm_has_a_flag(name: str, flag: str) -> None:
    """Files, connections, waiting, other sessions, hidden SQL: and whatever else the server has of its own."""
    assert flag in warned(name)
    assert not is_known(name, "postgres")


@pytest.mark.parametrize("name", ["airports", "edition", "network_name", "https_only", "urls", "mlops", "queryable"])
def test_names_that_only_begin_alike_have_none(name: str) -> None:
    """A function of the user's own is not taken for one of the server's."""
    assert warned(name) == []
