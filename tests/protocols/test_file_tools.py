"""The client's own file tools and the paths that matter."""

from __future__ import annotations

import pytest

from interlock.commands import analyse
from interlock.model import JSON
from interlock.protocols.file_tools import file_operations

AT = ("content", 0, "input")


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("Read", {"file_path": "/home/erika/.ssh/id_rsa"}, "shell.read"),
        ("Read", {"file_path": ".env"}, "shell.read"),
        ("Grep", {"pattern": "x", "path": "/root/.ssh"}, "shell.read"),
        ("Write", {"file_path": ".git/hooks/pre-commit", "content": "x"}, "shell.admin"),
        ("Write", {"file_path": "/home/erika/.bashrc", "content": "x"}, "shell.admin"),
        ("Write", {"file_path": "/srv/app/.claude/settings.json", "content": "x"}, "shell.admin"),
        ("Edit", {"file_path": "/etc/passwd"}, "shell.admin"),
        ("MultiEdit", {"file_path": "a/../.git/config"}, "shell.admin"),
        ("NotebookEdit", {"notebook_path": "/etc/x.ipynb"}, "shell.admin"),
        ("str_replace_based_edit_tool", {"command": "create", "path": "/etc/cron.d/x"}, "shell.admin"),
        ("str_replace_based_edit_tool", {"command": "view", "path": "/etc/shadow"}, "shell.read"),
        ("Write", {"file_path": "-rf"}, ""),
        ("Read", {"file_path": "src/main.py"}, ""),
        ("Read", {"file_path": ".env.example"}, ""),
        ("Read", {"file_path": "/etc/hosts"}, ""),
        ("Write", {"file_path": "src/$(rm -rf x).py"}, ""),
        ("Glob", {"pattern": "**/.env"}, ""),
        ("Write", {"file_path": 7}, ""),
        ("mcp__fs__write_file", {"path": "/home/erika/.ssh/authorized_keys", "content": "x"}, "shell.admin"),
        ("mcp__fs__move_file", {"source": "a", "destination": "/etc/cron.d/a"}, "shell.admin"),
        ("mcp__fs__read_multiple_files", {"paths": ["README.md", "/root/.ssh/id_rsa"]}, "shell.read"),
        ("mcp__fs__read_multiple_files", {"paths": ["README.md", "src/main.py"]}, ""),
        ("mcp__fs__read-file", {"uri": "file:///root/.ssh/id_rsa"}, "shell.read"),
        ("mcp__fs__read_files", {"files": ["/root/.ssh/id_rsa"]}, "shell.read"),
        ("mcp__fs__read_multiple_files", {"paths": ["README.md"] * 100}, ""),
        ("mcp__fs__read_multiple_files", {"paths": [*["README.md"] * 100, "/root/.ssh/id_rsa"]}, "shell.unknown"),
        ("mcp__fs__write_file", {"path": "src/main.py", "content": "/etc/passwd"}, ""),
        ("mcp__pages__create_page", {"path": "/etc/passwd"}, ""),
    ],
)
def test_paths_that_matter(name: str, arguments: dict[str, JSON], said: str) -> None:
    """Secrets and what outlives the task add the operation that a shell command on them would be."""
    found = file_operations(name, arguments, AT, analyse)

    assert [operation.name for operation in found] == ([said] if said else [])
    assert all(operation.agent and operation.place.startswith("/content/0/input/") for operation in found)
