"""Names of members in other letters."""

from __future__ import annotations

import pytest

from interlock.errors import BodyRejected
from interlock.protocols.member_names import CONTENT, MESSAGE, TOOL, require_spelling
from interlock.reasons import Reason


@pytest.mark.parametrize(
    ("name", "names"),
    [("Tools", MESSAGE), ("\u017ftream", MESSAGE), ("MCP_servers", MESSAGE), ("Type", TOOL), ("image_URL", CONTENT)],
)
def test_other_letters_are_refused(name: str, names: frozenset[str]) -> None:
    """Some servers read them as the member."""
    with pytest.raises(BodyRejected) as error:
        require_spelling({"model": "m", name: None}, names)

    assert error.value.reason is Reason.BODY_AMBIGUOUS


@pytest.mark.parametrize("name", ["tools", "Toolset", "providerOptions", "maxTokens", ""])
def test_the_apis_letters_and_other_names_pass(name: str) -> None:
    """Nothing is said about members that are not judged."""
    require_spelling({name: None}, MESSAGE)
