"""Words that no option before them can have taken."""

from __future__ import annotations

import pytest

from interlock.policy.free_words import free_options, free_words


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("helm uninstall shop --help", "uninstall shop --help"),
        ("helm uninstall shop --description --help", "uninstall shop --description"),
        ("helm uninstall --description=x --help", "uninstall --description=x --help"),
        ("kubectl delete ns -- --help", "delete ns"),
        ("kubectl delete ns -- pod", "delete ns pod"),
        ("kubectl delete -n pod ns x", "delete -n ns x"),
        ("kubectl -x -- --help", "-x --help"),
        ("git push --force --dry-run", "push --force --dry-run"),
        ("git push -o --dry-run --force", "push -o --force"),
        ("git clean -fd -n", "clean -fd -n"),
        ("git commit -am -n", "commit -am"),
        ("restic -fd -n", "-fd"),
        ("apt-get remove -y -s nginx", "remove -y -s nginx"),
        ("restic forget --prune --dry-run", "forget --prune --dry-run"),
        ("restic forget --no-lock --dry-run", "forget --no-lock --dry-run"),
        ("x - --help", "- --help"),
        ("x", ""),
    ],
)
def test_a_word_that_an_option_may_have_taken_is_not_free(line: str, expected: str) -> None:
    """Unless the option is known to stand alone; behind `--` there are no options."""
    command, *words = line.split()

    assert " ".join(free_words(command, words)) == expected


@pytest.mark.parametrize(
    ("options", "words", "expected"),
    [
        (["--dry-run", "-n"], ["push", "--dry-run"], ["--dry-run"]),
        (["-f", "-n"], ["-fn"], ["-f", "-n"]),
        (["--dry-run"], ["--dry-run=client"], ["--dry-run"]),
        (["-n"], ["-o", "none"], []),
    ],
)
def test_options_stand_among_free_words(options: list[str], words: list[str], expected: list[str]) -> None:
    """Alone, with a value, or bundled."""
    assert free_options(options, words) == expected
