"""Words of a command that say something themselves: no option before them can have taken them as its value.

`helm uninstall shop --description --help` uninstalls: `--help` is what the description says. Which options take a value
is the command's own knowledge; here the next word counts as taken unless the option is known to take none, so that
nothing is spared because of a word that may mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

__all__ = ["free_options", "free_words"]

_ALONE_TEXT = """
--prune --yes --assume-yes --force --all --verbose --quiet --silent --now --wait --recursive --purge --auto-remove
--autoremove --dry-run --delete --delete-after --delete-before --archive --compress --progress --stats --tags --mirror
--hard --cached --volumes --force-with-lease --human-readable --approve --auto-approve -auto-approve -force -destroy
"""
_ALONE = frozenset(_ALONE_TEXT.split())
_APT = frozenset(("-y", "-q", "-qq", "-f", "-s"))
_SHORT: Mapping[str, frozenset[str]] = {
    "git": frozenset(f"-{letter}" for letter in "adfiqvxXnup"),
    "rsync": frozenset(f"-{letter}" for letter in "avrzPhuxqnAXHi"),
    **dict.fromkeys(("apt", "apt-get", "aptitude", "dnf", "yum"), _APT),
}
_BUNDLE = re.compile(r"-[A-Za-z]{2,}\Z")


def free_words(command: str, words: Sequence[str]) -> list[str]:
    """The words after the command's name that are no option's value; of options, those that stand before `--`."""
    found, taken, ended = [], False, False
    alone = _SHORT.get(command, frozenset())
    for word in words:
        if word == "--" and not taken:
            ended = True
        elif not taken and not (ended and word.startswith("-")):
            found.append(word)
        taken = not taken and not ended and _takes(word, alone)
    return found


def free_options(options: Sequence[str], words: Sequence[str]) -> list[str]:
    """Those of some options that stand among free words, on their own, with a value, or bundled."""
    return [option for option in options if any(_says(word, option) for word in words)]


def _takes(word: str, alone: frozenset[str]) -> bool:
    """Whether an option may take the word that follows."""
    if not word.startswith("-") or len(word) < 2 or "=" in word or word in _ALONE or word.startswith("--no-"):
        return False
    if _BUNDLE.match(word) and alone:
        return f"-{word[-1]}" not in alone
    return word not in alone


def _says(word: str, option: str) -> bool:
    if word == option or word.startswith(option + "="):
        return True
    return len(option) == 2 and _BUNDLE.match(word) is not None and option[1] in word
