"""Where a command certainly stands."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


def _deletes(text: str) -> list[str]:
    found = [inner for one in analyse(text, "shell") for inner in one.walk()]
    return [str(path) for one in found if one.resource == "rm" for path in one.arguments["paths"]]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("cd /tmp && rm -rf demo && mkdir demo", "/tmp/demo"), ("cd /tmp; rm -rf demo", "/tmp/demo"),
        ("cd /tmp || exit 1\nrm -rf a", "/tmp/a"), ("mkdir -p /tmp/e2e && cd /tmp/e2e\nrm -rf repo", "/tmp/e2e/repo"),
        ("set -e\ncd /tmp/x\nrm -rf y", "/tmp/x/y"), ("cd /tmp && mkdir d && cd d && rm -rf y", "/tmp/d/y"),
        ("cd /tmp/x && make && rm -rf out2", "/tmp/x/out2"), ("(cd /tmp && rm -rf y)", "/tmp/y"),
    ],
)  # fmt: skip
def test_behind_a_change_of_folder_paths_lie_in_it(text: str, path: str) -> None:
    """Where it has worked, or whatever follows it has not run."""
    assert _deletes(text) == [path]


@pytest.mark.parametrize(
    "text",
    [
        "cd /tmp/x; rm -rf y", "cd /tmp/x && ls; rm -rf y", "cd /tmp/x || cd ~; rm -rf y", "(cd /tmp); rm -rf y",
        "cd /tmp && cd / && rm -rf y", "cd /tmp; cd -; rm -rf y", "cd /tmp && cd .. && rm -rf y",
        "cd /tmp | true; rm -rf y",
        "cd /tmp; for d in a b; do rm -rf y; cd /srv; done", "cd /tmp; f() { rm -rf y; }; cd /srv; f",
        "cd /tmp; f() { cd /srv; }; f; rm -rf y", "cd /tmp && popd && rm -rf y", "cd /tmp && ls || rm -rf y",
        "cd /tmp/x & rm -rf y", "if cd /tmp; then ls; fi; rm -rf y", 'cd /tmp; eval "$x"; rm -rf y',
        "cd /srv && rm -rf y",
        "cd /tmp; . ./env; rm -rf y",
    ],
)  # fmt: skip
def test_where_it_may_have_gone_elsewhere_they_do_not(text: str) -> None:
    """A change that failed, has not run, was another's or was followed by another counts for nothing."""
    assert "y" in _deletes(text)
