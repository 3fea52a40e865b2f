"""Code in a tool's arguments that an interpreter would run."""

from __future__ import annotations

import pytest

from interlock.commands import analyse
from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.protocols.perhaps_code import perhaps_code

RM = "import os; os.system('rm -rf src')"
NODE = "require('child_process').execSync('rm -rf src')"


@pytest.mark.parametrize(
    ("tool", "members", "place"),
    [
        ("exec", {"language": "python", "code": RM}, "/code"),
        ("run_python", {"code": RM}, "/code"),
        ("jupyter_execute_cell", {"source": RM}, "/source"),
        ("sandbox", {"cell": {"lang": "py", "code": RM}}, "/cell/code"),
        ("run_code", {"code": RM}, "/code"),
        ("run_code", {"language": "js", "code": NODE}, "/code"),
        ("code_interpreter", {"input": NODE}, "/input"),
        ("eval", {"runtime": "ruby", "snippet": "system('rm -rf src')"}, "/snippet"),
        ("x", {"Language": "Python3", "Source_Code": RM}, "/Source_Code"),
    ],
)
def test_harm_in_code_is_found(tool: str, members: dict[str, JSON], place: str) -> None:
    """In the language that a member or the tool's name tells."""
    found = perhaps_code(tool, members, (), analyse)

    assert [operation.place for operation in found] == [place]


@pytest.mark.parametrize(
    ("tool", "members"),
    [
        ("run_python", {"code": "print(sum(range(10)))"}),
        ("run_python", {"code": "import pandas as pd\nprint(pd.read_csv('x.csv').describe())"}),
        ("run_code", {"language": "js", "code": "console.log([1, 2].map(x => x * 2))"}),
        ("search_code", {"query": RM}),
        ("review", {"code": RM}),
        ("translate", {"language": "german", "source": "rm -rf src"}),
        ("run_python", {"code": "this is no code ("}),
        ("run_python", {"code": 7, "source": [RM]}),
    ],
)
def test_other_code_is_none_of_it(tool: str, members: dict[str, JSON]) -> None:
    """What computes, what nobody can read, what nobody would run."""
    assert perhaps_code(tool, members, (), analyse) == ()


def test_more_texts_than_anybody_means_are_refused() -> None:
    """None of them stays unread."""
    members: dict[str, JSON] = {f"c{number}": {"code": "print(1)"} for number in range(21)}

    with pytest.raises(BodyRejected, match="more code than can be read"):
        perhaps_code("run_python", members, (), analyse)
