"""What a command text would do and whether the packs that ship would stop it, without rules, people or connections.

Asked are the packs that the shipped rules switch on, whole: a deletion that an operator lets pass by its path
(`except: {paths: [...]}`) is still one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from interlock import commands
from interlock.engine.packs import load_packs, shipped_rules, switched_on
from interlock.errors import InterlockError
from interlock.model import Operation
from interlock.policy import PackRule
from interlock.policy.block_index import Index

__all__ = ["LANGUAGES", "Classified", "Classifier", "Found", "access_word", "dialects"]

LANGUAGES = {
    "sql": "sql",
    **dict.fromkeys(("shell", "sh", "bash", "zsh"), "shell"),
    **dict.fromkeys(("powershell", "pwsh"), "powershell"),
    **dict.fromkeys(("cmd", "batch"), "cmd"),
}
"""What a line may call its language, and the language of `commands` that it is."""
_SHELL = ("read", "network", "write", "destroy", "admin", "unknown")
_SQL = ("read", "write", "ddl", "admin")
_IN_SHELL = {"ddl": "destroy"}


@dataclass(frozen=True, slots=True)
class Found:
    """A rule of a pack that names an operation in the text."""

    pack: str
    rule: PackRule
    operation: Operation


@dataclass(frozen=True, slots=True)
class Classified:
    """What was found. `access` is the worst word of the language; `dangerous`: a pack would block it."""

    access: str
    operations: tuple[Operation, ...]
    findings: tuple[Found, ...] = ()

    @property
    def dangerous(self) -> bool:
        """Whether a pack that is on by default would block the text."""
        return bool(self.findings)


class Classifier:
    """The shipped packs, read once. Raises RulesInvalid where they cannot be read, which no text may pass over."""

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or shipped_rules()
        on = switched_on(folder)
        packs = [pack for pack in load_packs(folder) if pack.name in on]
        if not packs:
            raise InterlockError(f"no packs are switched on in {folder}", hint="rules/claude.yaml switches them on")
        asked = [(pack, rule) for pack in packs for rule in pack.rules if rule.id not in on[pack.name]]
        self._rules = Index(
            ((pack.name, rule), rule.looks, rule.protocols) for pack, rule in asked if rule.looks is not None
        )

    def classify(self, text: str, language: str, dialect: str = "") -> Classified:
        """The word on one text. `language` is one of LANGUAGES. Never raises for what a text holds."""
        known = LANGUAGES.get(language, language)
        operations = commands.analyse(text, known, dialect)
        nodes = [inner for operation in operations for inner in operation.walk()]
        return Classified(
            access_word(nodes, "sql" if known == "sql" else "shell"), operations, tuple(self._findings(nodes))
        )

    def _findings(self, nodes: Iterable[Operation]) -> Iterable[Found]:
        told = set()
        for node in nodes:
            for pack, rule in self._rules.of(node):
                if rule.id not in told and rule.looks is not None and rule.looks(node):
                    told.add(rule.id)
                    yield Found(pack, rule, node)


def dialects(language: str) -> tuple[str, ...]:
    """The dialects of one of LANGUAGES that a line may name; none where a language has only one."""
    return commands.languages().get(LANGUAGES.get(language, language), ())


def access_word(nodes: Iterable[Operation], language: str) -> str:
    """The worst of what operations do, in the language's own words.

    For shell: read, network, write, destroy, admin, unknown (SQL inside counts as well); for SQL: read, write, ddl,
    admin. What is not understood is the last of them.
    """
    words = _SQL if language == "sql" else _SHELL
    worst = -1
    for node in nodes:
        if node.protocol == language or (language == "shell" and node.protocol == "sql"):
            action = node.action if node.protocol == language else _IN_SHELL.get(node.action, node.action)
            worst = max(worst, words.index(action) if action in words else len(words) - 1)
    return words[worst]
