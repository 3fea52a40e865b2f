"""What names of a Python text hold one of."""

from __future__ import annotations

import shlex

import pytest

from interlock.commands import analyse


def _runs(program: str) -> set[str]:
    found = [inner for one in analyse(f"python3 -c {shlex.quote(program)}", "shell") for inner in one.walk()]
    return {" ".join([one.resource, *map(str, one.arguments.get("words", ()))]) for one in found} | {
        "?" for one in found if one.action == "unknown"
    }


@pytest.mark.parametrize(
    ("program", "started"),
    [
        ("import subprocess\ndef run(cmd):\n    subprocess.run(cmd, shell=True)\nrun('ls a')\nrun('wc b')", {"ls a",
         "wc b"}),
        ("import subprocess\ndef git(*args):\n    subprocess.run(['git', *args])\ngit('log', '-1')\ngit('diff')",
         {"git log -1", "git diff"}),
        ("import subprocess\nfor c in [['ls', 'a'], ['wc', 'b']]:\n    subprocess.run(c)", {"ls a", "wc b"}),
        ("import subprocess\nfor n, c in [('x', 'ls a'), ('y', 'wc b')]:\n    subprocess.run(c, shell=True)",
         {"ls a", "wc b"}),
        ("import subprocess\nfor n, c in {'x': 'ls a'}.items():\n    subprocess.run(c.split())", {"ls a"}),
        ("import os\nfor d in ('a', 'b'):\n    os.system(f'ls {d}')", {"ls a", "ls b"}),
        ("import os\ndef run(cmd, quiet=False):\n    os.system(cmd)\nfor d in ('a', 'b'):\n    run('ls ' + d)",
         {"ls a", "ls b"}),
        ("import os\nos.system(' '.join(['rm', '-rf', '/srv']))", {"rm -rf /srv"}),
    ],
)  # fmt: skip
def test_each_value_is_run(program: str, started: set[str]) -> None:
    """Loops over what is written out, and functions that the text calls itself."""
    found = _runs(program)

    assert started <= found
    assert "?" not in found


@pytest.mark.parametrize(
    "program",
    [
        "import os\ndef run(cmd):\n    os.system(cmd)\nlist(map(run, open('f')))\nrun('ls')",
        "import os\ndef run(cmd):\n    cmd = input()\n    os.system(cmd)\nrun('ls')",
        "import os\nclass A:\n    def run(s, c):\n  os.system(c)\nrun = print\nrun(1, 'ls')\nA().run(input())",
        "import os\ndef run(cmd):\n    os.system(cmd)\nrun(*open('f'))", "import os\ndef run(cmd):\n    os.system(cmd)",
        "import os\nfor c in ['ls']:\n    pass\nmatch input():\n    case c:\n        os.system(c)",
        "import os\nfor c in ['ls', input()]:\n    os.system(c)",
        "import os\nfor c in ['ls',*open('f')]:\n    os.system(c)",
        "import os\ndef run(cmd):\n    os.system(cmd)\nrun('ls')\nf = run\nf(input())",
    ],
)  # fmt: skip
def test_what_is_not_certain_is_not_guessed(program: str) -> None:
    """A function that is handed on, a name that is given something else, a value from elsewhere."""
    assert "?" in _runs(program)
