"""Short Ruby."""

from __future__ import annotations

import pytest

from interlock.commands.shell_call import Verdict
from interlock.commands.shell_ruby import ruby_text


@pytest.mark.parametrize(
    "text",
    [
        "puts RUBY_VERSION",
        "require 'json'; puts JSON.parse(File.read('a.json'))['version']",
        "YAML.load_file('c.yml').each { |k, v| puts \"#{k}: #{v}\" }",
        "puts [1,2].map { |x| x * 2 }.sum",
        "x = 3; puts x + 1",
        "puts Dir.glob('*.rb').length",
    ],
)
def test_what_agents_write_is_understood(text: str) -> None:
    """It computes, reads and prints, or its effect is told."""
    assert ruby_text(text, Verdict())


@pytest.mark.parametrize(
    "text",
    [
        "system 'x'",
        "`x`",
        "exec 'x'",
        "%x(x)",
        "File.delete('x')",
        "eval 'x'",
        "IO.popen('x')",
        "send(:system, 'x')",
        "Kernel.system 'x'",
        "require 'fileutils'; FileUtils.rm_rf 'x'",
        'puts "#{system 1}"',
        "open('|x')",
        "Object.const_get('x')",
        "File.write('a','b')",
        "[1].each(&:system)",
    ],
)
def test_what_could_run_anything_is_not(text: str) -> None:
    """Names, texts and detours that lead to programs or to code."""
    assert not ruby_text(text, Verdict())
