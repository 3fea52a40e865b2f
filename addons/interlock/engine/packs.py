"""Packs as the engine uses them: what each promises, and which of them the shipped rules switch on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from interlock import commands
from interlock.engine.adapters import adapters
from interlock.engine.cases import Failure, Results
from interlock.engine.inline import analyse_inline
from interlock.engine.rules import Rules
from interlock.errors import Place, Refused, RulesInvalid
from interlock.masking import broken, load_mask_packs
from interlock.model import BodyState, Exchange, Operation, Origin, Side
from interlock.policy import Pack, PackRule, Proposal, Sample, Send, read_pack
from interlock.protocols.blocks import block_operations
from interlock.protocols.requests import require_object
from interlock.schema import Reader
from interlock.settings import Connection
from interlock.source import read_yaml

__all__ = ["load_packs", "names", "run_packs", "sample_operations", "shipped_rules", "switched_on"]

_HOST = Origin("https", "case.example", 443)
_MAX_SHOWN = 200


def load_packs(folder: Path) -> tuple[Pack, ...]:
    """Every pack of a blocklist below a rules folder, by name. Raises RulesInvalid with everything that is wrong."""
    reader = Reader()
    packs = []
    for file in _files(folder):
        try:
            packs.append(read_pack(file, reader, shown=f"packs/{file.name}", languages=commands.languages()))
        except RulesInvalid as error:
            reader.errors += error.errors
    reader.finish()
    return tuple(packs)


def shipped_rules() -> Path:
    """The rules folder that came with this code: in a checkout `rules/`, installed beside the library."""
    library = Path(__file__).resolve().parents[1]
    checkout = library.parents[1] / "rules"
    return checkout if (checkout / "packs").is_dir() else library / "shipped"


def switched_on(folder: Path) -> Mapping[str, frozenset[str]]:
    """The packs that a rules folder uses under `blocklist:`, by name, each with the rules it leaves out.

    Raises RulesInvalid for a file that cannot be read.
    """
    found: dict[str, frozenset[str]] = {}
    for file in sorted(folder.glob("*.yaml")):
        root = read_yaml(file, shown=file.name)
        section = root.value.get("blocklist") if isinstance(root.value, dict) else None
        for entry in Reader().items(section, "blocklist"):
            members = entry.value if isinstance(entry.value, dict) else {}
            mode = members.get("mode")
            if "use" in members and (mode is None or mode.value != "report"):
                excepted = members["except"].value if "except" in members else None
                off = excepted.get("rules") if isinstance(excepted, dict) else None
                name = Reader().text(members["use"], "use").removeprefix("packs/")
                found[name] = frozenset(Reader().texts(off, "rules"))
    return found


def run_packs(rules: Rules) -> Results:
    """What every pack in the folder promises: each rule's `caught` and `passes`, by that rule alone."""
    count, failures = 0, []
    for file in _files(rules.folder):
        shown = f"packs/{file.name}"
        reader = Reader()
        try:
            pack = read_pack(file, reader, shown=shown, languages=commands.languages())
            reader.finish()
        except RulesInvalid as error:
            failures += [Failure(entry.place, f"{entry.message} {entry.hint}".rstrip()) for entry in error.errors]
            continue
        for rule in pack.rules:
            count += len(rule.caught) + len(rule.passes)
            failures += [Failure(Place(shown), wrong) for wrong in _promises(pack, rule)]
    masks, wrong = _run_masks(rules.folder)
    return Results(count + masks, (*failures, *wrong))


def _files(folder: Path) -> list[Path]:
    """The packs for a blocklist; those of masking rules are read by masking itself."""
    return [file for file in sorted((folder / "packs").glob("*.yaml")) if not _masks(file)]


def _masks(file: Path) -> bool:
    try:
        content = read_yaml(file).value
    except RulesInvalid:
        return False
    return isinstance(content, dict) and "masking" in content


def _run_masks(folder: Path) -> tuple[int, list[Failure]]:
    """What every pack of masking rules promises."""
    try:
        packs = load_mask_packs(folder)
    except RulesInvalid as error:
        # What is no YAML at all was told already.
        return 0, [Failure(entry.place, f"{entry.message} {entry.hint}".rstrip()) for entry in error.errors]
    rules = [(pack, packed) for pack in packs for packed in pack.rules]
    wrong = [Failure(Place(f"packs/{pack.name}.yaml"), text) for pack, packed in rules for text in broken(packed)]
    return sum(len(packed.masked) + len(packed.passes) for _, packed in rules), wrong


def names(pack: Pack, rule: PackRule, sample: Sample) -> bool:
    """Whether a rule names anything, at any depth, in one case of its pack. Raises Refused for one not to be read."""
    looks = rule.looks
    if looks is None:
        return False
    return any(looks(node) for node in _nodes(sample_operations(pack, sample)) if node.protocol in rule.protocols)


def sample_operations(pack: Pack, sample: Sample) -> Sequence[Operation]:
    """The operations of one case of a pack. Raises Refused for a request or answer that no gateway would judge."""
    if isinstance(sample, str):
        return commands.analyse(sample, pack.language, pack.dialect)
    if isinstance(sample, Proposal):
        block = {"type": "tool_use", "id": "toolu_case", "name": sample.tool, "input": sample.input}
        return block_operations(require_object(block, "a content block"), ("content", 0), analyse_inline)
    if isinstance(sample, Operation):
        return (sample,)
    connection = Connection("case", pack.protocol, (_HOST,))
    adapter = adapters().get(pack.protocol)
    document = sample.body if sample.has_body else None
    return adapter.operations(_request(sample), connection, document, commands.analyse) if adapter else ()


def _request(send: Send) -> Exchange:
    body = msgspec.json.encode(send.body) if send.has_body else b""
    headers = (("content-type", "application/json"), *send.headers) if send.has_body else send.headers
    return Exchange(Side.REQUEST, "case", send.method, _HOST, send.target, headers, body, BodyState.COMPLETE)


def _nodes(operations: Iterable[Operation]) -> Iterable[Operation]:
    return (inner for operation in operations for inner in operation.walk())


def _promises(pack: Pack, rule: PackRule) -> Sequence[str]:
    found = []
    for sample in (*rule.caught, *rule.passes):
        wanted = sample in rule.caught
        try:
            got = names(pack, rule, sample)
        except Refused as error:
            found.append(f"{rule.id}: {_shown(sample)} cannot be judged: {error}")
            continue
        if got and not wanted:
            found.append(f"{rule.id} catches {_shown(sample)}, which it says passes")
        elif wanted and not got:
            found.append(f"{rule.id} does not catch {_shown(sample)}")
    return found


def _shown(sample: Sample) -> str:
    if isinstance(sample, str):
        return repr(sample)
    if isinstance(sample, Operation):
        return sample.name
    what, where = (sample.body, sample.target) if isinstance(sample, Send) else (sample.input, sample.tool)
    return f"{where} {msgspec.json.encode(what).decode()[:_MAX_SHOWN]}"
