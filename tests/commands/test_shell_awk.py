"""Which awk programs only print."""

from __future__ import annotations

import pytest

from interlock.commands.shell_awk import only_prints


@pytest.mark.parametrize(
    "program",
    [
        "{print $1}", "NR>1 {sum += $3} END {print sum/NR}", 'length > 120 {print FILENAME": "FNR}',
        '{ if ($3 > 100) print $1 " > " $3 }', "/^## / {n++} n==2", '$1 == d',
        'BEGIN{FS="\\t"; OFS=","} {$1=$1; print}',
        "/system|getline/ {print}", 'BEGIN { print "rm -rf src | sh > x" }', "NR==1 || /x/ {print; next}",
        '{ print ($1 > 2) }', "/[/]/ { c[$1]++ } END { for (k in c) print k, c[k] }", "!seen[$0]++",
        '{ printf "%s\\n", substr($0, 2) }', "# system()\n{ print }", 'BEGIN { x = "a\\"b"; print x }',
    ],
)  # fmt: skip
def test_programs_that_print_are_read(program: str) -> None:
    """Comparisons, strings and patterns that only look like a way out are none."""
    assert only_prints(program)


@pytest.mark.parametrize(
    "program",
    [
        'BEGIN { system("rm -rf src") }', 'BEGIN { "rm -rf src" | getline }', '{ print "x" | "sh" }',
        '{ print > "/etc/passwd" }', '{ print $1 >> "x" }', '/"/ { print > "x" }', '{ print "a" > $1 }',
        'BEGIN { print ENVIRON["TOKEN"] }', 'BEGIN { ARGV[1] = "/etc/shadow" }', '@load "x"', "BEGIN { f = 1; @f() }",
        '{ print |& "sh" }', "{ print (1) > $2 }", "{ print $1 / 2 > x }", '{ x = 1 } /"/ { print > "y" }',
        "(a) /b/ { print }", '{ print "a', "{ print `x` }", "x" * 9000, "{ print (1", 'BEGIN { print; getline }',
        '{ while (("ls" | getline line) > 0) print line }', "{ printf(\"%s\", $1) > \"x\" }",
    ],
)  # fmt: skip
def test_programs_that_reach_out_are_not(program: str) -> None:
    """What starts a program, writes a file, reads the environment or cannot be read is not harmless."""
    assert not only_prints(program)
