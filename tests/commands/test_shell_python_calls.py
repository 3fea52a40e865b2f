"""Calls of Python that are judged as the shell command that does the same."""

from __future__ import annotations

import shlex

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "command", "words"),
    [
        ("import os; os.remove('a')", "rm", ["a"]), ("import shutil as s; s.rmtree('a')", "rm", ["-r", "a"]),
        ("from pathlib import Path; Path('a').unlink()", "rm", ["a"]), ("open('a', 'w')", "touch", ["a"]),
        ("from pathlib import Path; p = Path.home() / '.bashrc'; p.write_text('x')", "touch", ["~/.bashrc"]),
        ("import os; d = 'x'; os.makedirs(os.path.join(d, 'y'))", "mkdir", ["-p", "x/y"]),
        ("import os; os.chmod('a', 0o4755)", "chmod", ["4755", "a"]),
        ("import os; os.rename('a', 'b')", "mv", ["a", "b"]),
        ("import subprocess; subprocess.run(['git', 'push', '-f'])", "git", ["push", "-f"]),
        ("import subprocess, sys; subprocess.run([sys.executable, '-m', 'pytest'])", "python3", ["-m", "pytest"]),
        ("import subprocess; subprocess.run('git push -f'.split())", "git", ["push", "-f"]),
        ("import subprocess\nfor c in ['ls', 'rm -r a']:\n    subprocess.run(c, shell=True)", "rm", ["-r", "a"]),
    ],
)  # fmt: skip
def test_the_same_command_is_nested(text: str, command: str, words: list[str]) -> None:
    """With the words that are constant in the text."""
    found = [one for top in analyse(f"python3 -c {shlex.quote(text)}", "shell") for one in top.walk()]

    assert (command, words) in [(one.arguments["command"], one.arguments["words"]) for one in found]


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("import os, glob\nfor f in glob.glob('*.tmp'): os.remove(f)", "write"),
        ("import os, glob\nfor f in glob.glob('*'): os.remove(f)", "destroy"),
        ("import os\nfor r, d, fs in os.walk('.'):\n    for f in fs: os.remove(os.path.join(r, f))", "destroy"),
        ("import subprocess; subprocess.run(x, shell=True)", "unknown"),
        ("import subprocess; subprocess.run(*a)", "unknown"),
        ("import subprocess; subprocess.run(['ls'], executable='/bin/rm')", "unknown"), ("open('a', mode)", "write"),
        ("open('a', opener=f)", "unknown"), ("getattr(x, 'unlink')()", "unknown"), ("x.execute(q)", "unknown"),
    ],
)  # fmt: skip
def test_what_is_done_to_any_files_is_worse(text: str, action: str) -> None:
    """A loop over everything, and what only the run decides."""
    assert analyse(f"python3 -c {shlex.quote(text)}", "shell")[0].action == action
