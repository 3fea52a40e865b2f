"""Programs under other names."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    "text",
    [
        "cp /bin/rm ./tool && ./tool -rf src",
        "ln -s /usr/bin/rm x; ./x -rf src",
        "cp $(which rm) x; ./x -r src",
        "cp /bin/rm a; cp a b; ./b -r src",
        "PATH=/tmp:$PATH; cp /bin/rm /tmp/x; x -rf src",
        'cp "$(command -v find)" f && ./f . -delete',
        "install -m755 /bin/rm /tmp/ls && PATH=/tmp:$PATH ls -rf src",
        "hash -p /bin/rm ok; ok -rf src",
        "echo 'rm -rf src' > bin/git; PATH=$PWD/bin:$PATH git status",
    ],
)
def test_a_program_keeps_what_it_does_under_another_name(text: str) -> None:
    """The last operation deletes a folder, itself or in what it carries."""
    last = analyse(text, "shell")[-1]

    assert any("recursive-delete" in one.arguments["flags"] for one in last.walk())


@pytest.mark.parametrize(
    "text",
    ["cp dist/app bin/app && ./bin/app -rf src", "echo 'rm -rf src' > bin/git; git status", "hash -r; ok -f src",
     "cp /bin/ls l; ls -R src", "PATH=$PATH:/opt/x/bin; x status"],
)  # fmt: skip
def test_other_names_mean_nothing(text: str) -> None:
    """A copy of the project's own file, a file that no search path leads to."""
    last = analyse(text, "shell")[-1]

    assert not any("recursive-delete" in one.arguments["flags"] for one in last.walk())
