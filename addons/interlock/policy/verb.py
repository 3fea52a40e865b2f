"""What a command line is told to do: `push`, `stash drop`, `delete ns|namespace`, wherever its options stand.

The words of a phrase are the first words that are no options, in order; between them options may stand, each perhaps
with a value. So `git -C x push -f` is `push`, and `git log push` is not. `|` separates words that mean the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from interlock.settings_glob import star

__all__ = ["verb"]

_VALUELESS = frozenset(
    (
        "--no-pager", "--paginate", "--bare", "--no-replace-objects", "--literal-pathspecs", "--no-optional-locks",
        "--debug", "--no-color", "--verbose", "--quiet", "--force", "--yes", "--help", "--version", "--dry-run",
        "--no-sign-request", "--no-verify-ssl", "--no-paginate", "--no-cli-pager", "--only-show-errors",
    )
)  # fmt: skip
"""Options of which it is known that the next word is not theirs."""
_VALUED = frozenset(
    (
        "--project", "--account", "--configuration", "--zone", "--region", "--format", "--profile", "--output", "-o",
        "--endpoint-url", "--query", "--subscription", "--resource-group", "-g", "--verbosity", "--access-token", "-t",
    )
)  # fmt: skip
"""Options of which it is known that the next word is theirs."""


def verb(phrase: str) -> Callable[[Sequence[str]], bool]:
    """Whether the words after a command's name say this.

    After a `*`, which could be any word, only options that are known are passed over: in `vm show -n delete` the last
    word is a name.
    """
    tokens = tuple(tuple(star(word) for word in token.split("|")) for token in phrase.split())
    after_any = (False, *(word == "*" for word in phrase.split()))

    def matches(words: Sequence[str]) -> bool:
        at = {0}
        for token, sure in zip(tokens, after_any, strict=False):
            places = _past_options(at, words, sure)
            at = {place + 1 for place in places if any(fit(words[place]) for fit in token)}
        return bool(at)

    return matches


def _past_options(starts: Iterable[int], words: Sequence[str], sure: bool) -> set[int]:
    """Where the next word that is no option may be; with `sure`, past options that are known alone."""
    found: set[int] = set()
    seen: set[int] = set()
    todo = list(starts)
    while todo:
        place = todo.pop()
        if place in seen or place >= len(words):
            continue
        seen.add(place)
        word = words[place]
        if len(word) < 2 or not word.startswith("-"):
            found.add(place)
            continue
        alone = word == "--" or "=" in word or word in _VALUELESS
        if alone or not sure:
            todo.append(place + 1)
        if not alone and (not sure or word in _VALUED):
            todo.append(place + 2)
    return found
