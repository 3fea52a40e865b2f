"""Rules for what was needed: as few names as cover it, alike ones together where enough different ones were used.

A rule that stands is only ever narrowed: its own conditions stay, its patterns become those that were used, and a
pattern of ours lies within one of its own. Where nothing stood (what was observed), rules are written from nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from interlock.access.conditions import conditions_of
from interlock.access.needs import Need
from interlock.access.siblings import alike_names, alike_paths, within_glob, within_word
from interlock.model import JSON, Principal
from interlock.policy.pattern import Pattern
from interlock.policy.reach import AGENT
from interlock.policy.rule import Policy
from interlock.replay.marks import MASKED
from interlock.settings_glob import compile_glob, star

__all__ = ["EXACT", "Draft", "Drafting", "Proposed", "drafts_of"]

EXACT = 3
"""The level at which every operation of every principal has a rule of its own."""

_ALONE = 2
_KEPT = ("when", "mask", "flags", "attest", "tables", "columns")
_MOST_SUBJECTS = 50
_ANYONE = "anyone"


@dataclass(slots=True, eq=False)
class Draft:
    """Needs that one rule, or a few, could serve. `level` says how narrowly: 0 generalises, EXACT nothing at all."""

    base: str
    place: str
    protocol: str
    kind: str
    needs: list[Need] = field(default_factory=list)
    level: int = 0


@dataclass(slots=True)
class Proposed:
    """One rule as an operator would write it (`members`, without its id), and what it serves."""

    members: dict[str, JSON]
    needs: list[Need]
    drafts: list[Draft]
    id: str = ""

    @property
    def draft(self) -> Draft:
        """The first draft that it is made of; the others are of the same rule of today."""
        return self.drafts[0]


def drafts_of(needs: Sequence[Need]) -> list[Draft]:
    """Needs by the rule that gives them today, where they happen, and what a rule can name them by."""
    found: dict[tuple[str, ...], Draft] = {}
    for need in needs:
        own = need.name if need.protocol == "sql" or need.name == "model.message" else ""
        key = (need.rule, need.place, need.protocol, need.kind, own, *need.masks)
        found.setdefault(key, Draft(need.rule, need.place, need.protocol, need.kind)).needs.append(need)
    return [found[key] for key in sorted(found)]


class Drafting:
    """Writes rules. `written` are the rules of today as they stand in the files, by id."""

    def __init__(
        self,
        policy: Policy,
        written: Mapping[str, Mapping[str, JSON]],
        principals: Sequence[Principal],
        *,
        siblings: int,
        hours: bool = False,
    ) -> None:
        self._policy = policy
        self._written = written
        self._siblings = siblings
        self._hours = hours
        self._members = Counter(group for one in principals for group in _groups(one))

    def rules(self, draft: Draft) -> list[Proposed]:
        """The rules for a draft, at its level."""
        parts: dict[tuple[object, ...], list[Need]] = defaultdict(list)
        for need in draft.needs:
            parts[self._apart(draft, need)].append(need)
        found: list[Proposed] = []
        for _, together in sorted(parts.items(), key=lambda part: repr(part[0])):
            for needs in self._by_people(draft, together):
                members = self._rule(draft, needs)
                if members["permit"]:
                    found.append(Proposed(members, needs, [draft]))
        return found

    def _by_people(self, draft: Draft, needs: list[Need]) -> list[list[Need]]:
        """What enough people used together, and the rest by who used it: nobody is given what only others used."""
        if draft.level >= _ALONE:
            return [needs]
        fits = [(text, _fits(text)) for text in self._patterns(draft, needs) if "*" in text]
        units: dict[str, list[Need]] = defaultdict(list)
        for need in needs:
            said = f"{need.name} {_unmasked(need.resource) if need.protocol == 'http' else need.resource}".strip()
            glob = next((text for text, fit in fits if fit(said)), said)
            units[glob if need.protocol != "sql" else repr(need.operation.arguments.get("tables"))].append(need)
        found: dict[tuple[tuple[str, str], ...], list[Need]] = defaultdict(list)
        for unit in units.values():
            people = {(need.fact.principal.issuer, need.fact.principal.subject) for need in unit}
            many = draft.level == 0 and len(people) >= self._siblings
            found[() if many else tuple(sorted(people))] += unit
        return [found[people] for people in sorted(found)]

    def _apart(self, draft: Draft, need: Need) -> tuple[object, ...]:
        who = need.fact.principal
        if draft.level >= EXACT:
            said = repr(sorted(need.operation.arguments.items()))
            return who.identity, who.issuer, who.subject, need.name, need.resource, said
        if draft.level >= _ALONE:
            return who.identity, who.issuer, who.subject
        if not draft.base or self._base(draft).get("to") == _ANYONE:
            return who.identity, tuple(sorted(_groups(who)))
        return (who.identity,)

    def _base(self, draft: Draft) -> Mapping[str, JSON]:
        return self._written.get(draft.base, {})

    def _rule(self, draft: Draft, needs: Sequence[Need]) -> dict[str, JSON]:
        base, general = self._base(draft), draft.level == 0
        members: dict[str, JSON] = {
            "permit": [*self._patterns(draft, needs)],
            "on": AGENT if draft.place == AGENT else [draft.place],
            "to": self._to(draft, needs),
        }
        members |= {name: base[name] for name in _KEPT if name in base}
        where = base.get("where")
        own, named = conditions_of(needs, self._siblings if general and not {"tables", "columns"} & base.keys() else 0)
        members |= named
        if own or isinstance(where, dict):
            members["where"] = {**own, **(where if isinstance(where, dict) else {})}
        members.pop("mask", None)
        if needs[0].masks:
            members["mask"] = [*needs[0].masks]
        if self._hours and "when" not in base and (window := _window(needs)):
            members["when"] = {"between": window, "zone": "UTC"}
        return members

    def _patterns(self, draft: Draft, needs: Sequence[Need]) -> list[str]:
        """Operations as rules write them."""
        names: dict[str, set[str]] = defaultdict(set)
        for need in needs:
            names[need.name].add(_unmasked(need.resource) if need.protocol == "http" else need.resource)
        if draft.protocol == "http":
            return [
                f"{name} {path}" for name, paths in sorted(names.items()) for path in self._paths(draft, name, paths)
            ]
        plain = [name if not about else f"{name} {about}" for name, all in names.items() for about in sorted(all)]
        if draft.level:
            return sorted(plain)
        allowed = [pattern.text.partition(".")[2] for pattern in self._allowed(draft) if " " not in pattern.text]
        named = [name for name in plain if ":" in name and " " not in name]

        def may(glob: str) -> bool:
            return ":" in glob and (not draft.base or within_word(glob.partition(".")[2], _wide(allowed)))

        together = alike_names(named, self._siblings, may)
        return sorted({*together, *(name for name in plain if name not in named)})

    def _paths(self, draft: Draft, name: str, paths: set[str]) -> list[str]:
        masked = {path for path in paths if "*" in path}
        if draft.level >= EXACT and masked:
            return []  # the name is not known, and nothing else may be
        if draft.level:
            return sorted(paths)
        action = name.partition(".")[2]
        globs = [
            pattern.text.partition(" ")[2].strip() or "/**" for pattern in self._allowed(draft) if pattern.acts(action)
        ]
        return alike_paths(paths, self._siblings, lambda glob: not draft.base or within_glob(glob, globs))

    def _allowed(self, draft: Draft) -> list[Pattern]:
        rule = self._policy.named.get(draft.base)
        return [one for one in rule.patterns if one.protocol in (draft.protocol, "*")] if rule is not None else []

    def _to(self, draft: Draft, needs: Sequence[Need]) -> JSON:
        """Whom it is for: a group where enough of it used this, its own people otherwise."""
        people = {(need.fact.principal.issuer, need.fact.principal.subject): need.fact.principal for need in needs}
        who = list(people.values())
        many = draft.level == 0 and len(people) >= self._siblings
        subjects: list[JSON] = [*sorted({one.subject for one in who})]
        written = self._base(draft).get("to")
        if draft.base and isinstance(written, dict):
            to = dict(written)
            listed = to.get("groups")
            wanted = [listed] if isinstance(listed, str) else listed if isinstance(listed, list) else []
            if wanted and all(isinstance(one.groups, frozenset) for one in who):
                to["groups"] = [group for group in wanted if any(group in one.groups for one in who)]
            if "subjects" in to or (not many and len(subjects) <= _MOST_SUBJECTS):
                to["subjects"] = subjects
            return to
        found: dict[str, JSON] = {"from": who[0].identity}
        common = frozenset.intersection(*(_groups(one) for one in who)) if many else frozenset()
        if common:
            found["groups"] = [min(common, key=lambda group: (self._members[group], group))]
        else:
            found["subjects"] = subjects
        return found


def _fits(text: str) -> Callable[[str], bool]:
    """Whether an operation, as rules write it, is of a pattern of ours."""
    name, _, path = text.partition(" ")
    if not path:
        return star(text)
    glob = compile_glob(path)
    return lambda said: said.partition(" ")[0] == name and glob.matches(said.partition(" ")[2])


def _groups(one: Principal) -> frozenset[str]:
    return one.groups if isinstance(one.groups, frozenset) else frozenset()


def _unmasked(path: str) -> str:
    """A path with `*` for every segment of which a mask hides something."""
    return "/".join("*" if MASKED.search(part) else part for part in path.split("/")) if MASKED.search(path) else path


def _wide(allowed: Sequence[str]) -> list[str]:
    """Patterns of actions; `use` stands for `use:*` as well."""
    return [*allowed, *(f"{text}:*" for text in allowed if ":" not in text)]


def _window(needs: Sequence[Need]) -> str:
    """The hours (UTC) in which it was used, where they leave out at least half of the day."""
    hours = set().union(*(need.fact.hours for need in needs))
    first, last = min(hours, default=0), max(hours, default=23)
    return f"{first:02d}:00-{last + 1:02d}:00" if last < 23 and last - first < 12 else ""
