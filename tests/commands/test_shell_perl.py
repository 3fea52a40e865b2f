"""Short Perl."""

from __future__ import annotations

import pytest

from interlock.commands.shell_call import Verdict
from interlock.commands.shell_perl import perl_text


@pytest.mark.parametrize(
    "text",
    [
        "s/foo/bar/g",
        "print if /foo/",
        "print if /a/../b/",
        "print join(',', 1..5), \"\\n\"",
        '$n++ if /x/; END{print "$n\\n"}',
        "s|http://|https://|g; s{a}{b}g",
        "tr/a-z/A-Z/",
        "@F=split(/,/); print $F[0]",
        'next unless /x/; chomp; print "$_\\n"',
        "BEGIN{$/=undef} s/\\n+/\\n/g",
        "$h{$1}++ while /(\\w+)/g; END{print scalar(keys %h)}",
    ],
)
def test_what_agents_write_is_understood(text: str) -> None:
    """It computes, reads and prints, or its effect is told."""
    assert perl_text(text, Verdict())


@pytest.mark.parametrize(
    "text",
    [
        "system('x')",
        "`x`",
        "s/a/`x`/e",
        "s/(.)/system($1)/ee",
        "unlink 'x'",
        "open(F,'|x')",
        "print qx(x)",
        "/(?{ system 1 })/",
        'print "@{[system 1]}"',
        "exec 'x'",
        "&f()",
        "$f->()",
        "do 'x'",
        "require 'x'",
        "print `x`",
        "@ARGV=('x|')",
        "use POSIX; POSIX::system(1)",
        "eval 'x'",
        "s/x/${\\ system 1}/",
        "kill 9, 1",
        "fork",
        "opendir D",
    ],
)
def test_what_could_run_anything_is_not(text: str) -> None:
    """Names, texts and detours that lead to programs or to code."""
    assert not perl_text(text, Verdict())
