"""Short PHP."""

from __future__ import annotations

import pytest

from interlock.commands.shell_call import Verdict
from interlock.commands.shell_php import php_text


@pytest.mark.parametrize(
    "text",
    [
        "echo PHP_VERSION, PHP_EOL;",
        "echo json_encode(['a' => 1]);",
        "var_dump(extension_loaded('pdo'));",
        "$d = json_decode(file_get_contents('a.json'), true); print_r($d['x']);",
        "foreach ([1,2] as $x) { echo $x; }",
    ],
)
def test_what_agents_write_is_understood(text: str) -> None:
    """It computes, reads and prints, or its effect is told."""
    assert php_text(text, Verdict())


@pytest.mark.parametrize(
    "text",
    [
        "system('x');",
        "`x`;",
        "$f = 'system'; $f('x');",
        "('sys'.'tem')('x');",
        "eval('x');",
        "unlink('x');",
        "file_put_contents('a','b');",
        "include 'x';",
        "array_map('system', ['x']);",
        'echo "{$a}";',
        "new X;",
        "file_get_contents('phar://x');",
        "exec('x');",
        "('system')('x');",
    ],
)
def test_what_could_run_anything_is_not(text: str) -> None:
    """Names, texts and detours that lead to programs or to code."""
    assert not php_text(text, Verdict())
