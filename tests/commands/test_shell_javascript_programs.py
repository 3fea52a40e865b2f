"""Programs that a JavaScript text starts."""

from __future__ import annotations

import shlex

import pytest

from interlock.commands import analyse


def _node(program: str) -> list[str]:
    found = [inner for one in analyse(f"node -e {shlex.quote(program)}", "shell") for inner in one.walk()]
    return [f"{one.action} {one.resource}" for one in found]


@pytest.mark.parametrize(
    ("program", "started"),
    [
        ('const { execSync } = require("child_process"); console.log(execSync("git log -1").toString())', "read git"),
        ('require("child_process").execSync("npm test", { stdio: "inherit" })', "write npm"),
        ('import { execSync } from "node:child_process"; execSync("rm -rf src")', "destroy rm"),
        ('const { spawnSync } = require("child_process"); spawnSync("git", ["push", "-f"])', "destroy git"),
    ],
)
def test_programs_written_out_are_judged(program: str, started: str) -> None:
    """As the shell text or the words that they are."""
    found = _node(program)

    assert started in found
    assert not any(one.startswith("unknown") for one in found)


@pytest.mark.parametrize(
    "program",
    [
        'const cp = require("child_process"); cp.execSync("ls")',
        'const { execSync } = require("child_process"); execSync(x)',
        'const { execSync } = require("child_process"); execSync("ls " + x)',
        'const { execSync } = require("child_process"); execSync(`ls ${x}`)',
        'const { execSync } = require("child_process"); for (const f of Object.values({execSync})) f("ls")',
        'const { execSync: e } = require("child_process"); e("ls")',
        'const { execSync } = require("child_process"); execSync("ls", { env: x })',
        'const { spawnSync } = require("child_process"); spawnSync("sh", ["-c", x])',
        'const { execSync } = require("child_process"); [execSync].map(f => f("ls"))',
        'import("child_process").then(m => m.execSync("ls"))',
        'const { fork } = require("child_process"); fork("a.js")',
        'const { spawnSync } = require("child_process"); spawnSync("rm -rf src", { shell: true })',
    ],
)  # fmt: skip
def test_what_could_be_another_program_is_not_understood(program: str) -> None:
    """The module itself, another name for a function, a word that is computed, an option that changes what runs."""
    assert any(one.startswith("unknown") for one in _node(program))
