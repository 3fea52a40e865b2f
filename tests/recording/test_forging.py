"""Somebody who can write the folder, and knows how it is made, makes everything in it fit together again."""

from __future__ import annotations

import base64
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.recording.day import SIGNER, Gateway, Ticking
from tests.servers.tsa import TimeStamper

from interlock.model import Principal
from interlock.recording import Verification, verify
from interlock.recording.anchor import Target, known_sinks
from interlock.recording.entries import entries
from interlock.recording.event import GENESIS, seal
from interlock.recording.kept_rules import keep_rules, kept_rules, rules_digest
from interlock.recording.ledger import LEAVES, TREE, Ledger
from interlock.recording.review_log import ReviewLog
from interlock.recording.signing import read_private
from interlock.recording.stamps import read_authorities
from interlock.recording.vouching import file_entry

_ERIKA = Principal("demo", "https://issuer.example", "erika.mustermann")
_MAX = Principal("demo", "https://issuer.example", "max.mustermann")
_FORGER = read_private("B" * 42 + "A=")


@pytest.fixture
def gateway(tmp_path: Path) -> Gateway:
    """One that ended in good order, with two sessions."""
    found = Gateway(tmp_path / "recordings", "one", Ticking())
    for principal in (_ERIKA, _MAX):
        session = found.recordings.session(principal, principal.subject)
        for number in range(4):
            session.append("decision", {"n": number, "rule": "analysts-read"})
        found.advance()
    found.stop()
    return found


def _verify(gateway: Gateway, *, key: bool = True, head: bool = True) -> Verification:
    heads = [gateway.folder.parent / "heads.jsonl"] if head else []
    return verify(gateway.folder, keys=[SIGNER.public] if key else [], heads=heads)


def _grave(found: Verification) -> set[tuple[str, str]]:
    return {(finding.file, finding.what) for finding in found.all_findings if finding.grave}


def _session(gateway: Gateway) -> Path:
    return min(path for path in gateway.folder.iterdir() if len(path.name) == 26)


def _rewrite(path: Path, change: Callable[[list[dict[str, object]]], None]) -> None:
    """The whole chain anew, with fresh hashes."""
    events = [json.loads(line) for line in path.read_bytes().splitlines()]
    change(events)
    head, lines = GENESIS, []
    for seq, event in enumerate(events, start=1):
        line, head = seal(event["kind"], event["data"], seq, head, event["at"])
        lines.append(line)
    path.write_bytes(b"".join(lines))


def _soften(events: list[dict[str, object]]) -> None:
    events[2]["data"] = {"n": 1, "rule": "nobody-read"}


def test_a_session_written_anew_is_found_by_the_tree(gateway: Gateway) -> None:
    """Its chain holds; it is not the one that was vouched for. Without a tree that does not show."""
    session = _session(gateway)
    _rewrite(session / "evidence.jsonl", _soften)
    assert verify(session).chains[0].findings[0].what == "changed"
    assert _grave(_verify(gateway, key=False, head=False)) == {(f"{session.name}/evidence.jsonl", "changed")}
    shutil.rmtree(gateway.folder / TREE)
    assert not verify(gateway.folder).ok  # its sessions name a tree that is not there
    alone = verify(session)
    assert alone.ok
    assert "written anew" in alone.unchecked[0]


def test_a_tree_written_anew_is_found_by_key_or_anchor(gateway: Gateway) -> None:
    """With the forger's own key; only who brings neither key nor head along sees nothing, and is told so."""
    session, clock = _session(gateway), Ticking()
    _rewrite(session / "evidence.jsonl", _soften)
    name = next(entries(gateway.folder / TREE / "one" / LEAVES))[0].data["tree"]
    shutil.rmtree(gateway.folder / TREE)
    forged = Gateway(gateway.folder, "one", clock, _FORGER)
    forged.anchoring.advance(forged.recordings.tips.take())
    forged.kill()
    for file in (gateway.folder / TREE / "one").glob("*.jsonl"):
        if file.name == LEAVES:
            _rewrite(file, lambda events: events[0]["data"].update(tree=name))  # type: ignore[attr-defined]
    assert (".tree/one/heads.jsonl", "signature") in _grave(_verify(gateway, head=False))
    assert {what for _, what in _grave(_verify(gateway, key=False))} & {"changed", "truncated", "removed", "missing"}
    assert any("No public key was given" in text for text in _verify(gateway, key=False, head=False).unchecked)


def test_a_tombstone_that_nobody_signed_excuses_nothing(gateway: Gateway) -> None:
    """Added to the tree's end by somebody without the key, and the session deleted."""
    session, clock = _session(gateway), Ticking()
    ledger = Ledger(gateway.folder, "one", _FORGER, clock)
    ledger.tombstone(session.name, "retention", "rule-1")
    ledger.close()
    shutil.rmtree(session)
    assert (session.name, "dropped") in _grave(_verify(gateway))
    ledger = Ledger(gateway.folder, "one", _FORGER, clock)
    ledger.head()
    ledger.close()
    found = _grave(_verify(gateway))
    assert (session.name, "dropped") in found
    assert (".tree/one/heads.jsonl", "signature") in found


def test_a_deletion_after_the_last_anchored_head_is_said_to_be_so(gateway: Gateway) -> None:
    """By somebody who holds the signing key: it shows, with its time, and that no anchor knows it."""
    session = _session(gateway)
    ledger = Ledger(gateway.folder, "one", SIGNER, Ticking())
    ledger.tombstone(session.name, "retention", "rule-1")
    ledger.head()
    ledger.close()
    shutil.rmtree(session)
    found = _verify(gateway)
    (finding,) = [finding for finding in found.all_findings if finding.what == "deleted"]
    assert "after the last anchored head" in finding.message
    assert found.ok


def test_another_gateways_session_is_found(gateway: Gateway, tmp_path: Path) -> None:
    """A whole folder, intact in itself, and one of its events in the middle of ours."""
    (tmp_path / "elsewhere").mkdir()
    other = Gateway(tmp_path / "elsewhere" / "recordings", "one", Ticking())
    foreign = other.recordings.session(_ERIKA, "run-9")
    foreign.append("decision", {"n": 1})
    other.stop()
    shutil.copytree(foreign.folder, gateway.folder / foreign.id)
    assert (f"{foreign.id}/evidence.jsonl", "spliced") in _grave(_verify(gateway))


def test_a_session_made_up_for_an_earlier_day_is_found(gateway: Gateway) -> None:
    """It says that it is in our tree, whose head of a later time does not know it."""
    session = _session(gateway)
    name = f"01{'A' * 24}"
    shutil.copytree(session, gateway.folder / name)

    def rename(events: list[dict[str, object]]) -> None:
        events[0]["data"]["session"] = name  # type: ignore[index]

    _rewrite(gateway.folder / name / "evidence.jsonl", rename)
    assert _grave(_verify(gateway)) == {(f"{name}/evidence.jsonl", "spliced")}


def test_recordings_of_format_1_verify_as_they_did(tmp_path: Path, record, erika) -> None:
    """Without a tree: chains, flows and salts; and what that cannot show is said."""
    recordings = record()
    recordings.session(erika, "run-1").append("decision", {})
    recordings.close()
    session = next(path for path in recordings.folder.iterdir() if len(path.name) == 26)

    def older(events: list[dict[str, object]]) -> None:
        events[0]["data"]["format"] = 1  # type: ignore[index]

    _rewrite(session / "evidence.jsonl", older)
    found = verify(recordings.folder, keys=[SIGNER.public])
    assert found.ok
    assert [text.partition(" (")[0] for text in found.unchecked] == ["No tree of heads vouches for this"]
    (session / "salt").unlink()
    assert verify(recordings.folder).ok


@pytest.fixture
def stamper(tmp_path: Path) -> Iterator[TimeStamper]:
    found = TimeStamper(tmp_path / "tsa")
    yield found
    found.close()


def test_time_stamps_of_heads_are_looked_at(tmp_path: Path, stamper: TimeStamper) -> None:
    """Whose they are, when authorities are given; a stamp of something else is found; without them it is said."""
    target = Target(url=lambda: stamper.url, authorities=stamper.authorities)
    gateway = Gateway(tmp_path / "recordings", "one", Ticking())
    gateway.anchoring.close(gateway.recordings.tips.take())
    ledger = Ledger(gateway.folder, "one", SIGNER, Ticking())
    line = ledger.head(final=True)
    proof = base64.b64encode(known_sinks()["rfc3161"].send(line, target, 0.0)).decode()
    ledger.stamped(line, "rfc3161", proof)
    ledger.close()
    gateway.kill()
    authorities = read_authorities(stamper.authorities.read_bytes())
    (tree,) = verify(gateway.folder, authorities=authorities).trees
    assert (tree.stamps, tree.stamped_at[:4] >= "2026", tree.findings) == (1, True, ())
    assert any("--tsa" in text for text in verify(gateway.folder).unchecked)
    other = TimeStamper(tmp_path / "other")
    other.close()
    (tree,) = verify(gateway.folder, authorities=read_authorities(other.authorities.read_bytes())).trees
    assert [(finding.what, finding.grave) for finding in tree.findings] == [("stamp", True)]
    ledger = Ledger(gateway.folder, "one", SIGNER, Ticking())
    ledger.stamped(ledger.head(final=True), "rfc3161", proof)
    ledger.close()
    (tree,) = verify(gateway.folder, authorities=authorities).trees
    assert [finding.message for finding in tree.findings] == ["the time-stamp is of something else"]


def _added(gateway: Gateway, entries_: list[tuple[str, dict[str, object]]], tree: str) -> None:
    """Entries at a tree's end, well chained, that nobody signed; a tree that is not there is made."""
    leaves = gateway.folder / TREE / tree / LEAVES
    if not leaves.exists():
        leaves.parent.mkdir()
        (leaves.parent / "heads.jsonl").touch()
        entries_ = [("opened", {"gateway": tree, "tree": f"{tree}:{'0' * 16}"}), *entries_]
    lines = leaves.read_bytes() if leaves.exists() else b""
    last = json.loads(lines.splitlines()[-1]) if lines else {"seq": 0, "hash": GENESIS}
    seq, head = last["seq"], last["hash"]
    for kind, data in entries_:
        seq += 1
        line, head = seal(kind, data, seq, head, "2030-01-01T00:00:00.000Z")  # type: ignore[arg-type]
        lines += line
    leaves.write_bytes(lines)


@pytest.mark.parametrize("tree", ["one", "zz"])
@pytest.mark.parametrize("many", [1, 200])
def test_what_nobody_signed_takes_no_stronger_words_place(gateway: Gateway, tree: str, many: int) -> None:
    """A session, a log and a kept file are written anew, and unsigned entries vouch for what they are now."""
    session, given = _session(gateway), gateway.folder.parent / "rules"
    again = Gateway(gateway.folder, "one", Ticking())
    given.mkdir()
    (given / "rules.yaml").write_text("version: 1\n")
    rules = keep_rules(gateway.folder, given, rules_digest(given)) / "rules.yaml"
    ReviewLog(gateway.folder, again.clock).add({"campaign": "spring", "what": "opened"})
    again.advance()
    again.stop()
    assert _grave(_verify(gateway)) == set()

    _rewrite(session / "evidence.jsonl", _soften)
    events = [json.loads(line) for line in (session / "evidence.jsonl").read_bytes().splitlines()]
    forged: list[tuple[str, dict[str, object]]] = [
        ("session", {"closed": True, "flows": {}, "hash": event["hash"], "name": session.name, "seq": event["seq"]})
        for event in events * many
    ]
    rules.write_text("version: 1 # not these\n")
    entry = file_entry(gateway.folder, rules, "whole")
    assert entry is not None
    line, head = seal("opened", {"format": 2}, 9, GENESIS, "2030-01-01T00:00:00.000Z")
    (gateway.folder / "reviews.jsonl").write_bytes(line)
    forged += [("whole", entry.data), ("log", {"hash": head, "name": "reviews", "seq": 9, "starts": [9]})]
    _added(gateway, forged, tree)
    assert _grave(_verify(gateway)) == {
        (f"{session.name}/evidence.jsonl", "changed"),
        ("reviews.1.jsonl", "missing"),
        (str(rules.relative_to(gateway.folder)), "changed"),
        (str(rules.parent.relative_to(gateway.folder)), "changed"),
    }


def test_a_session_that_only_unsigned_entries_know_counts_as_slipped_in(gateway: Gateway) -> None:
    """It says that it is of an earlier day, and an entry that nobody signed says that it is known."""
    session, name = _session(gateway), f"01{'A' * 24}"
    shutil.copytree(session, gateway.folder / name)

    def rename(events: list[dict[str, object]]) -> None:
        events[0]["data"]["session"] = name  # type: ignore[index]

    _rewrite(gateway.folder / name / "evidence.jsonl", rename)
    last = json.loads((gateway.folder / name / "evidence.jsonl").read_bytes().splitlines()[-1])
    said = {"closed": True, "flows": {}, "hash": last["hash"], "name": name, "seq": last["seq"]}
    _added(gateway, [("session", said)], "one")
    assert _grave(_verify(gateway)) == {(f"{name}/evidence.jsonl", "spliced")}


def test_what_was_made_up_before_a_start_is_not_signed_by_it(gateway: Gateway) -> None:
    """A session written anew and one dropped, with entries to fit: the next gateway's heads excuse nothing."""
    first, second = sorted(path for path in gateway.folder.iterdir() if len(path.name) == 26)
    _rewrite(first / "evidence.jsonl", _soften)
    events = [json.loads(line) for line in (first / "evidence.jsonl").read_bytes().splitlines()]
    forged: list[tuple[str, dict[str, object]]] = [
        ("session", {"closed": True, "flows": {}, "hash": event["hash"], "name": first.name, "seq": event["seq"]})
        for event in events
    ]
    forged.append(("tombstone", {"name": second.name, "rule": "", "what": "session", "why": "retention"}))
    _added(gateway, forged, "one")
    shutil.rmtree(second)
    again = Gateway(gateway.folder, "one", gateway.clock)
    again.recordings.recover()
    again.advance()
    again.stop()
    assert _grave(_verify(gateway)) == {(f"{first.name}/evidence.jsonl", "changed"), (second.name, "dropped")}


def test_an_index_replaced_before_a_start_is_found(gateway: Gateway) -> None:
    """By a longer one, of another person's: the next gateway vouches for it as it is, and its beginning is not it."""
    index = next((gateway.folder / ".runs").iterdir())
    index.write_bytes(f"\n{'0' * 26} {'b' * 64}\n".encode() * 3)
    again = Gateway(gateway.folder, "one", gateway.clock)
    again.advance()
    again.stop()
    assert _grave(_verify(gateway)) == {(f".runs/{index.name}", "changed")}


def test_kept_rules_are_those_of_their_name_whoever_vouches_for_them(gateway: Gateway) -> None:
    """A gateway that starts with changed files beside it vouches for them as they are; a pipe keeps nobody waiting."""
    given = gateway.folder.parent / "rules"
    given.mkdir()
    (given / "rules.yaml").write_text("version: 1\n")
    kept = keep_rules(gateway.folder, given, rules_digest(given))
    (kept / "rules.yaml").write_text("version: 1 # not these\n")
    again = Gateway(gateway.folder, "one", gateway.clock)
    again.advance()
    again.stop()
    name = str(kept.relative_to(gateway.folder))
    assert _grave(_verify(gateway)) == {(name, "changed")}
    (kept / "rules.yaml").unlink()
    os.mkfifo(kept / "rules.yaml")
    assert kept_rules(gateway.folder, kept.name) is None
    assert (name, "changed") in _grave(_verify(gateway))


@pytest.mark.parametrize("tree", ["one", "zz"])
def test_without_a_key_a_forgers_key_counts_for_nothing_after_the_anchored_head(gateway: Gateway, tree: str) -> None:
    """A session deleted, and its tombstone signed by a key that anybody could have made: in our tree, or in another."""
    session = _session(gateway)
    ledger = Ledger(gateway.folder, tree, _FORGER, gateway.clock)
    ledger.tombstone(session.name, "retention", "rule-1")
    ledger.head()
    ledger.close()
    shutil.rmtree(session)
    found = _verify(gateway, key=False)
    assert (session.name, "dropped") in _grave(found)
    assert ((".tree/one/heads.jsonl", "signature") in _grave(found)) == (tree == "one")
    assert any(_FORGER.public.id in text for text in found.unchecked)
    assert any("count when a key signed them that signed an anchored one" in text for text in found.unchecked)


def test_without_a_key_the_anchored_key_counts_after_the_anchored_head(gateway: Gateway) -> None:
    """What the gateway itself went on with is as good as before; with no head either, nobody can tell whose it is."""
    session = _session(gateway)
    ledger = Ledger(gateway.folder, "one", SIGNER, gateway.clock)
    ledger.tombstone(session.name, "retention", "rule-1")
    ledger.close()
    shutil.rmtree(session)
    found = _verify(gateway, key=False)
    assert _grave(found) == set()
    assert not any("counts for nothing" in text for text in found.unchecked)
    assert any(
        "whether the heads were signed by the gateway" in text
        for text in _verify(gateway, key=False, head=False).unchecked
    )
