"""`interlock verify`: intact or not, where, and what it cannot know."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import Interlock
from tests.cli.test_sessions import recordings
from tests.recording.day import SIGNER, Day, Gateway, Ticking, record_day

from interlock.cli._verify import for_people
from interlock.model import Principal
from interlock.recording import ChainReport, Finding, Verification

__all__ = ["recordings"]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """A day with its tree and what an anchor kept."""
    folder = tmp_path_factory.mktemp("day")
    (folder / "interlock.pub").write_bytes(SIGNER.public.pem)
    found = record_day(folder, running=False)
    yield found
    found.restore()


@pytest.fixture
def day(kept: Day, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    shutil.copytree(kept.folder.parent, tmp_path / "day")
    return tmp_path / "day"


def test_recordings_without_a_tree_pass_and_the_limits_are_said(interlock: Interlock, recordings: Path) -> None:
    """Status 0, how much it is, every head in full where asked, and honestly what a chain alone cannot show."""
    done = interlock("verify", recordings)
    assert done.code == 0, done.out
    assert "2 chains intact, as far as that could be checked" in done.out
    assert "intact: 2 sessions (2 closed), 6 events, " in done.out
    assert " kB of sessions" in done.out
    assert "No tree of heads vouches for this (" in done.out
    found = json.loads(interlock("verify", recordings, "--json").out)
    assert found["ok"] is True
    assert len(found["chains"]) == 2
    assert not any(chain["head"] in done.out.replace("\n", "") for chain in found["chains"])
    rows = interlock("verify", recordings, "--all").out.replace("\n", "")
    assert all(chain["head"] in rows and chain["name"] in rows for chain in found["chains"])


def test_a_changed_event_is_found(interlock: Interlock, recordings: Path) -> None:
    """Status 1, with file and line, for people and for machines."""
    folder = next(path for path in sorted(recordings.iterdir()) if path.is_dir() and len(path.name) == 26)
    evidence = folder / "evidence.jsonl"
    evidence.write_bytes(evidence.read_bytes().replace(b'"forbid"', b'"permit"'))
    done = interlock("verify", recordings)
    assert done.code == 1
    assert "BROKEN" in done.out
    assert f"{folder.name}/evidence.jsonl:2: " in done.out
    assert [line.split()[:2] for line in done.out.splitlines() if "BROKEN" in line] == [[folder.name, "BROKEN"]]
    assert "intact: 1 session (1 closed), " in done.out
    assert " kB" not in done.out
    found = json.loads(interlock("verify", folder, "--json").out)
    assert found["ok"] is False
    assert found["chains"][0]["findings"][0]["what"] == "changed"


def test_with_key_and_anchored_heads_everything_is_covered(interlock: Interlock, day: Path) -> None:
    """Until when, by whose key; what was deleted on purpose; and from when on a tail could be cut."""
    done = interlock("verify", day / "recordings", "--key", day / "interlock.pub", "--head", day / "heads.jsonl")
    assert done.code == 0, done.out
    assert "The tree one is anchored up to 2026-01-01T00:00:0" in done.out
    assert "After it, events could be cut off" in done.out
    assert "was deleted on purpose" in done.out
    assert "was not checked" not in done.out
    given = ("--key", day / "interlock.pub", "--head", day / "heads.jsonl", "--json")
    found = json.loads(interlock("verify", day / "recordings", *given).out)
    assert {tree["anchored_at"] == tree["head_at"] for tree in found["trees"]} == {True}
    assert {chain["anchored"] == chain["last"] for chain in found["chains"] if chain["state"] == "closed"} == {True}


def test_what_was_not_given_is_said_to_be_unchecked(interlock: Interlock, day: Path) -> None:
    """Without a key, without heads."""
    done = interlock("verify", day / "recordings")
    assert done.code == 0
    assert "No public key was given" in done.out
    assert "No anchored head was given" in done.out


def test_a_folder_put_back_to_an_earlier_day_shows_by_the_anchored_head_alone(
    interlock: Interlock, tmp_path: Path
) -> None:
    """Everything in it fits together, signatures too: only what was kept elsewhere knows that there was more."""
    gateway = Gateway(tmp_path / "recordings", "one", Ticking())
    erika = Principal("demo", "https://issuer.example", "erika.mustermann")
    gateway.recordings.session(erika, "run-1").append("decision", {"n": 1})
    gateway.advance()
    shutil.copytree(tmp_path / "recordings", tmp_path / "earlier")
    gateway.recordings.session(erika, "run-1").append("decision", {"n": 2})
    gateway.recordings.session(erika, "run-2").append("decision", {"n": 3})
    gateway.stop()
    (tmp_path / "pub").write_bytes(SIGNER.public.pem)
    assert interlock("verify", tmp_path / "earlier", "--key", tmp_path / "pub").code == 0
    done = interlock("verify", tmp_path / "earlier", "--key", tmp_path / "pub", "--head", tmp_path / "heads.jsonl")
    assert done.code == 1
    assert "! .tree/one/heads.jsonl: the head of" in done.out
    assert "! .tree/one/leaves.jsonl" in done.out
    assert "are missing at the end" in done.out


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("--key", "nowhere.pem"), "nowhere.pem: the key is neither PEM nor 32 bytes in base64"),
        (("--key", "{private}"), "that is a private key"),
        (("--store", "sqlite:{nowhere}"), "heads cannot be read"),
    ],
)
def test_what_cannot_be_used_is_said(interlock: Interlock, day: Path, given: tuple[str, ...], says: str) -> None:
    """Status 2: nothing was checked."""
    (day / "private.pem").write_text("-----BEGIN PRIVATE KEY-----\n")
    given = tuple(text.format(private=day / "private.pem", nowhere=day / "no" / "where") for text in given)
    done = interlock("verify", day / "recordings", *given)
    assert done.code == 2
    assert says in " ".join((done.out + done.err).replace("│", " ").split())


def test_heads_that_are_missing_are_grave(interlock: Interlock, day: Path) -> None:
    """A file that is not there, or holds none, is no anchor; other gateways' heads can be left out."""
    for name in ("nowhere.jsonl", "interlock.pub"):
        done = interlock("verify", day / "recordings", "--head", day / name)
        assert done.code == 1
        assert name in done.out
    shutil.rmtree(day / "recordings" / ".tree" / "two")
    done = interlock("verify", day / "recordings", "--head", day / "heads.jsonl")
    assert "the tree two:" in done.out
    assert done.code == 1


def test_nothing_to_check_is_not_intact(interlock: Interlock, tmp_path: Path) -> None:
    """An empty folder proves nothing: status 1."""
    done = interlock("verify", tmp_path)
    assert done.code == 1
    assert "nothing to check" in done.out


def test_many_sessions_that_were_deleted_do_not_hide_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    """Twenty of a kind, and how many more; whatever is grave stands there in full."""
    deleted = [ChainReport(str(number), "deleted", 0, "", (_told(number, grave=False),)) for number in range(30)]
    broken = [ChainReport(str(number), "closed", 1, "", (_told(number, grave=True),)) for number in range(40, 70)]
    log = ChainReport("refusals", "log", 7, "", ())
    found = Verification((*deleted, *broken, log))
    for_people(found, Path("x"), 2_500_000, every=False)
    out = capsys.readouterr().out
    assert (out.count("\n- "), out.count("\n! "), out.count("BROKEN")) == (21, 30, 30)
    assert "- and 10 more like these (deleted): --all names them" in out
    assert "intact: 30 sessions (30 deleted) and 1 log, 7 events\n" in out
    for_people(Verification((*deleted, log)), Path("x"), 2_500_000, every=True)
    out = capsys.readouterr().out
    assert out.count("\n- ") == 30
    assert "7 events, 2.5 MB of sessions" in out


def _told(number: int, *, grave: bool) -> Finding:
    return Finding(f"{number}/evidence.jsonl", 1, "changed" if grave else "deleted", "is so", grave)
