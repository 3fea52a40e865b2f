"""The commands at the places that a connection's `commands:` name, and whether anything else stands beside them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from interlock.errors import BodyRejected
from interlock.model import JSON, Operation
from interlock.model.places import changed
from interlock.paths import Location, pointer
from interlock.ports import Analyse
from interlock.protocols.commands import analyse_value
from interlock.protocols.json_patch import Change, is_patch, read_patch
from interlock.reasons import Reason
from interlock.settings import CommandPlace

__all__ = ["Found", "find_changes", "find_placed"]


@dataclass(frozen=True, slots=True)
class Found:
    """The operations of the commands, and whether they and what `also:` lists are all there is."""

    operations: tuple[Operation, ...]
    covers: bool


def find_placed(source: str, document: JSON, places: Sequence[CommandPlace], analyse: Analyse) -> Found:
    """What the places of one source find in its document; in lines, each line is a document of its own.

    An operation that does not stand in a JSON body says in `arguments["in"]` where its place is to be looked for.
    """
    chosen = [place for place in places if place.source == source]
    items: list[tuple[Location, JSON]] = [((), document)]
    if source == "lines" and type(document) is list:
        items = [((index,), line) for index, line in enumerate(document)]
    found: list[Operation] = []
    covers = True
    for base, item in items:
        spoken_for: list[Location] = []
        for place in chosen:
            for location, value in place.path.select(item):
                at = (*base, *location)
                found += _told(analyse_value(value, at, place.language, place.dialect, analyse), source)
                spoken_for.append(location)
            spoken_for += [location for also in place.also for location, _ in also.select(item)]
        covers = covers and not _has_others(item, spoken_for)
    return Found(tuple(found), covers)


def find_changes(
    kind: str, carrier: Operation, document: JSON, places: Sequence[CommandPlace], analyse: Analyse
) -> Found:
    """What the places of JSON bodies find: in the body itself, and in what a JSON Patch would write.

    Each change of a patch is an operation like its `carrier`, with `op` and `pointer` among its arguments. Raises
    BodyRejected for a patch that moves or copies where commands may lie: the value is not there to be judged.
    """
    plain = find_placed("json", document, places, analyse)
    if not is_patch(kind, document):
        return plain
    found: list[Operation] = []
    covers = True
    for index, change in enumerate(read_patch(document)):
        part = _change(change, index, places, analyse)
        covers = covers and part.covers
        if part.covers and not part.operations:
            continue  # it writes nothing but what `also:` lists beside the commands
        arguments = {**carrier.arguments, "op": change.op, "pointer": change.pointer}
        if change.source:
            arguments["from"] = change.source
        found.append(
            dataclasses.replace(
                carrier, arguments=arguments, place=pointer((index,)), nested=part.operations, covered=part.covers
            )
        )
    return Found((*plain.operations, *found), covers)


def _change(change: Change, index: int, places: Sequence[CommandPlace], analyse: Analyse) -> Found:
    chosen = [place for place in places if place.source == "json"]
    if chosen and change.unseen:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "a patch moves or copies a value where commands may lie")
    found: dict[Location, tuple[Operation, ...]] = {}
    covers = False
    for resource, target in change.resources() if chosen else ():
        spoken_for: list[Location] = []
        for place in chosen:
            for location, value in place.path.select(resource):
                at = (index, "value", *location[len(target) :])
                found[at] = analyse_value(value, at, place.language, place.dialect, analyse)
                spoken_for.append(location)
            spoken_for += [location for also in place.also for location, _ in also.select(resource)]
        covers = covers or not _has_others(change.value, spoken_for, target)
    nested = tuple(operation for operations in found.values() for operation in operations)
    return Found(nested, covers)


def _told(operations: Iterable[Operation], source: str) -> list[Operation]:
    if source in ("json", "lines"):
        return list(operations)
    return [*changed(operations, lambda one: dataclasses.replace(one, arguments={**one.arguments, "in": source}))]


def _has_others(document: JSON, spoken_for: Iterable[Location], at: Location = ()) -> bool:
    """Whether the document, which stands `at` a location, has a leaf that lies under none of the locations."""
    known = set(spoken_for)
    if any(at[:end] in known for end in range(len(at))):
        return False
    todo: list[tuple[Location, JSON]] = [(at, document)]
    while todo:
        location, value = todo.pop()
        if location in known:
            continue
        if type(value) is dict and value:
            todo += [((*location, name), member) for name, member in value.items()]
        elif type(value) is list and value:
            todo += [((*location, index), item) for index, item in enumerate(value)]
        else:
            return True
    return False
