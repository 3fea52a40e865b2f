"""What lies in a session's folder."""

from __future__ import annotations

from interlock.recording.folder import EVIDENCE, SALT, discard


def test_a_folder_that_holds_nothing_else_goes(tmp_path) -> None:
    """Its first event could not be written."""
    folder = tmp_path / "session"
    folder.mkdir()
    for name in (EVIDENCE, SALT):
        (folder / name).touch()
    discard(folder)
    assert not folder.exists()


def test_what_somebody_else_put_there_stays(tmp_path) -> None:
    """Only what a session begins with is removed; nothing is raised."""
    folder = tmp_path / "session"
    folder.mkdir()
    (folder / "other").write_text("x")
    discard(folder)
    discard(tmp_path / "nowhere")
    assert (folder / "other").read_text() == "x"
