"""Whether a session is intact, and what exactly that was checked with."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.engine.anchoring import open_anchoring
from interlock.engine.proofs import Proved, proofs, prove
from interlock.engine.rules import Rules, load_rules
from interlock.model import Principal
from interlock.recording import Recordings
from interlock.recording.ledger import TREE
from interlock.recording.signing import make_key

_ERIKA = Principal("demo", "https://issuer.example", "erika.mustermann")


class StillClock:
    """Stands still."""

    def now(self) -> float:
        return 1_767_225_600.0

    def monotonic(self) -> float:
        return 0.0


def _rules(tmp_path: Path, recording: str = "{}") -> Rules:
    (tmp_path / "rules").mkdir(exist_ok=True)
    (tmp_path / "rules/rules.yaml").write_text(f"version: 1\nrecording: {recording}\n")
    return load_rules(tmp_path / "rules")


def _key(path: Path) -> str:
    make_key(path)
    return f"signing_key: 'file:{path}'"


def _recorded(rules: Rules, gateway: str = "host", *, tree: bool = True) -> Path:
    """A closed session, vouched for by a gateway's tree."""
    recordings = Recordings(rules.gateway.recordings, StillClock())
    anchoring = open_anchoring(rules, gateway, StillClock()) if tree else None
    recordings.tree = anchoring.ledger.name if anchoring is not None else ""
    session = recordings.session(_ERIKA, f"run-{gateway}")
    session.append("decision", {"path": "/a"})
    recordings.close()
    if anchoring is not None:
        assert anchoring.close(recordings.tips.take())
    return session.folder


def _says(proved: Proved) -> tuple[str, str]:
    return proved.word, proved.how


def test_without_a_tree_the_chain_alone_was_checked(tmp_path) -> None:
    """And without rules nothing else can be."""
    session = _recorded(_rules(tmp_path), tree=False)
    assert _says(prove(session, _rules(tmp_path))) == ("intact", "the chain alone: no head covers it")
    assert _says(prove(session, None)) == ("intact", "the chain alone: no head covers it")


def test_a_key_beside_the_recordings_is_said_to_be(tmp_path) -> None:
    """Who writes the folder has it: the badge says so."""
    rules = _rules(tmp_path)
    word, how = _says(prove(_recorded(rules), rules))
    assert word == "intact"
    assert "which lies beside the recordings; no anchored head is here" in how


def test_the_configured_key_and_anchored_heads(tmp_path) -> None:
    """All there is to check with is used, and named."""
    anchored = tmp_path / "elsewhere/heads.jsonl"
    anchored.parent.mkdir()
    rules = _rules(tmp_path, f"{{{_key(tmp_path / 'key.pem')}, anchors: [{{to: file, path: {anchored}}}]}}")
    session = _recorded(rules)
    with proofs(session.parent, rules) as given:
        (key,) = given.keys
        assert (given.beside, given.heads, given.missing) == (False, (anchored,), ())
    said = f"the chain and its tree's heads, with this gateway's key {key.id}; compared with those that anchors kept"
    proved = prove(session, rules)
    assert _says(proved) == ("intact", said)
    assert proved.found.chains[0].sure == proved.found.chains[0].last


def test_heads_of_the_store_are_compared(tmp_path) -> None:
    """As those of a file; where the store cannot be used, that is said."""
    rules = _rules(tmp_path, f"{{{_key(tmp_path / 'key.pem')}, anchors: [{{to: store}}]}}")
    session = _recorded(rules)
    assert prove(session, rules).how.endswith("compared with those that anchors kept")
    for path in session.parent.glob("approvals*"):
        path.unlink()
        path.mkdir()
    proved = prove(session, rules)
    assert (proved.word, proved.how.endswith("no anchored head is here")) == ("intact", True)
    assert proved.missing == ("the heads that the store keeps cannot be read now",)


def test_a_change_is_a_change(tmp_path) -> None:
    """Whatever there is to check with; also where only the tree can know, as of a cut end."""
    rules = _rules(tmp_path)
    session = _recorded(rules)
    evidence = session / "evidence.jsonl"
    whole = evidence.read_bytes()
    evidence.write_bytes(whole.replace(b'"/a"', b'"/b"'))
    assert prove(session, rules).word == prove(session, None).word == "changed"
    evidence.write_bytes(b"".join(whole.splitlines(keepends=True)[:-1]))
    assert prove(session, rules).word == "changed"


def test_heads_that_somebody_else_signed_are_in_doubt(tmp_path) -> None:
    """A tree written anew, a key that was changed, another gateway's: neither intact nor called changed."""
    session = _recorded(_rules(tmp_path))
    proved = prove(session, _rules(tmp_path, f"{{{_key(tmp_path / 'other.pem')}}}"))
    assert proved.word == "in doubt"
    assert "signed by a key that is not this gateway's" in proved.how


@pytest.mark.parametrize("broken", ["missing", "no key"])
def test_a_key_that_cannot_be_read_is_missing(tmp_path, broken) -> None:
    """The heads are then checked by whoever signed them, and both is said; nothing of it is shown."""
    rules = _rules(tmp_path, f"{{{_key(tmp_path / 'key.pem')}}}")
    session = _recorded(rules)
    (tmp_path / "key.pem").unlink()
    if broken == "no key":
        (tmp_path / "key.pem").write_text("hunter2")
    proved = prove(session, rules)
    assert (proved.word, proved.missing) == ("intact", ("the key that signs heads cannot be read here",))
    assert "signed by whoever wrote them" in proved.how


def test_no_key_is_made_by_looking(tmp_path) -> None:
    """A console that has no recordings of its own leaves none behind."""
    rules = _rules(tmp_path)
    session = _recorded(rules, tree=False)
    prove(session, rules)
    assert not (session.parent / TREE).exists()


def test_anchored_heads_of_other_folders_are_not_missed(tmp_path) -> None:
    """Gateways that record elsewhere share an anchor."""
    anchored, key = tmp_path / "heads.jsonl", _key(tmp_path / "key.pem")
    rules = _rules(tmp_path, f"{{{key}, anchors: [{{to: file, path: {anchored}}}]}}")
    session = _recorded(rules)
    other = tmp_path / "other"
    other.mkdir()
    _recorded(_rules(other, f"{{{key}, anchors: [{{to: file, path: {anchored}}}]}}"), "elsewhere")
    assert prove(session, rules).word == "intact"


def test_a_session_that_never_began_is_nothing_to_check(tmp_path) -> None:
    """An empty folder."""
    session = tmp_path / "01JD3ZK7V00000000000000000"
    session.mkdir()
    assert prove(session, None).word == "nothing to check"
