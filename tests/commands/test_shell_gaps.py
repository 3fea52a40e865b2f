"""What the grammar reads over is found."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    "text", ["make -f - <<EOF\nall:\nEOF", "cd src && make -f - <<EOF\nall:\nEOF", "true; make -f - <<'EOF'\nall:\nEOF"]
)
def test_a_lost_dash_is_given_back(text: str) -> None:
    """The grammar drops a lone dash before a here-document; the command has it all the same."""
    last = analyse(text, "shell")[-1]
    assert last.arguments["words"] == ["-f", "-"]


def test_everything_else_is_kept() -> None:
    """Nothing is added where nothing was lost."""
    assert analyse("cat -n <<EOF\na\nEOF", "shell")[0].arguments["words"] == ["-n"]
