"""The golden recordings: replayed they differ in nothing, and with one rule tightened exactly where it speaks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from interlock.demo import samples
from interlock.demo.samples import SAMPLES, keep, main
from interlock.demo.steps import STEPS
from interlock.engine.rules import Rules, load_rules
from interlock.recording import verify
from interlock.replay import compare

NAMES = ("demo", "format-1")


def own_rules(sample: Path) -> Rules:
    """The rules that a sample keeps."""
    (kept,) = (sample / ".rules").iterdir()
    return load_rules(kept)


def changed(sample: Path, to: Path, old: str, new: str) -> Rules:
    """A sample's own rules with one change."""
    shutil.copytree(own_rules(sample).folder, to)
    text = (to / "demo.yaml").read_text("utf-8")
    assert text.count(old) == 1
    (to / "demo.yaml").write_text(text.replace(old, new), encoding="utf-8")
    return load_rules(to)


def decided(sample: Path, **wanted: str) -> set[str]:
    """References of decisions and proposals whose data hold these members."""
    found = set()
    for path in sample.glob("*/evidence.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            event = json.loads(line)
            if event["kind"] in ("decision", "reply") and wanted.items() <= event["data"].items():
                found.add(f"{path.parent.name}/{event['seq']}")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_day_under_its_own_rules_differs_in_nothing(name) -> None:
    """Every decision is made again, in the format of today and in the first one."""
    found = compare(SAMPLES / name, own_rules(SAMPLES / name))
    assert found.nothing
    assert found.otherwise == 0
    assert found.decisions == found.judged + sum(found.carried.values()) == len(decided(SAMPLES / name))
    assert found.proposals >= 2


@pytest.mark.parametrize(
    ("old", "new", "kind", "was"),
    [
        ("permit: [sql.read]\n", "permit: [sql.read]\n    tables: {not: [customers]}\n", "forbidden", "analysts-read"),
        ("review: [sql.write]", "review: [sql.admin]", "forbidden", "bookkeepers-ask"),
        ('permit: ["tool.use:*", shell.read, shell.write]', 'permit: ["tool.use:*"]', "forbidden", "coding-tools"),
    ],
)
def test_one_rule_tightened_differs_exactly_where_it_decided(tmp_path, old, new, kind, was) -> None:
    """What that rule let pass, and nothing else; each event is named."""
    found = compare(SAMPLES / "demo", changed(SAMPLES / "demo", tmp_path / "rules", old, new))
    assert {(one.kind, one.was) for one in found.changes} == {(kind, was)}
    assert {reference for one in found.changes for reference in one.examples} == decided(SAMPLES / "demo", rule=was)
    assert not found.undecided


def test_a_first_format_says_where_it_says_too_little(tmp_path) -> None:
    """Groups were not recorded then: where a changed rule asks for them, nothing is guessed."""
    old, new = "permit: [sql.read]\n", "permit: [sql.read]\n    tables: {not: [customers]}\n"
    found = compare(SAMPLES / "format-1", changed(SAMPLES / "format-1", tmp_path / "rules", old, new))
    assert not found.of("permitted")
    named = {reference for one in (*found.changes, *found.undecided) for reference in one.examples}
    assert named == decided(SAMPLES / "format-1", rule="analysts-read")


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_day_is_intact_and_names_no_machine(tmp_path, name) -> None:
    """Its chains verify; nothing of where it was made is in it; it is small."""
    copy = tmp_path / name
    shutil.copytree(SAMPLES / name, copy)
    assert verify(copy).ok
    files = [path for path in copy.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 500_000
    for path in files:
        content = path.read_bytes()
        assert not any(
            word in content for word in (b"/root/", b"/home/", b"/work/", b"interlock-samples-", b"Bearer ey")
        )


def test_a_sample_is_kept_only_without_secrets(tmp_path) -> None:
    """What was there stays where the new one may not be one."""
    recordings = tmp_path / "recordings"
    shutil.copytree(SAMPLES / "demo", recordings)
    to = tmp_path / "kept"
    (to / "before").mkdir(parents=True)
    assert "refusals.jsonl holds what no sample may hold" in keep(recordings, to, ("token-missing",))
    assert (to / "before").exists()
    shutil.rmtree(tmp_path / "sample")
    assert keep(recordings, to, ("nowhere-in-it",)) == []
    assert compare(to, own_rules(to)).nothing
    assert not (to / "before").exists()


@pytest.mark.e2e
def test_a_sample_is_made_anew(tmp_path, monkeypatch) -> None:
    """The stage is the demo's; one step suffices here."""
    monkeypatch.setattr(samples, "STEPS", STEPS[:2])
    assert main(["--to", str(tmp_path / "made")]) == 0
    assert compare(tmp_path / "made", own_rules(tmp_path / "made")).judged == 2
