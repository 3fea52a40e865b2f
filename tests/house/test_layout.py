"""Tests mirror the library: `addons/interlock/<package>/<module>.py` has `tests/<package>/test_<module>.py`.

A module without a test of its own stands below, with the test that covers it and why it is not alone.
"""

from __future__ import annotations

import ast
from fnmatch import fnmatch
from pathlib import Path

from tests.house.project import LIBRARY, TESTS, entries, modules, nothing, shown, tree

_SHARED = {
    # Each carries its own hits and misses; one test runs them all, as JSON, as text and in streams.
    "masking/detectors/*.py": "masking/test_detectors.py",
    # Tables of sentences; the schema they make is compared with the readers as a whole.
    "engine/rules_schema_*.py": "engine/test_rules_schema.py",
    # Protocols alone: nothing in it runs.
    "ports.py": "house/test_layout.py",
    "ports_journal.py": "house/test_layout.py",
    "ports_reviews.py": "house/test_layout.py",
    "protocols/replies.py": "house/test_layout.py",
    # What a stream or an answer is made of is seen in the streams and answers that it makes.
    "protocols/openai_choice.py": "protocols/test_openai_chat_stream.py",
    "protocols/openai_held.py": "protocols/test_openai_chat_stream.py",
    "protocols/openai_item_events.py": "protocols/test_openai_responses_stream.py",
    "protocols/openai_numbers.py": "protocols/test_openai_responses_stream.py",
    "protocols/openai_texts.py": "protocols/test_openai_responses_stream.py",
    "protocols/openai_calls.py": "protocols/test_openai_reader.py",
    "protocols/openai_responses.py": "protocols/test_openai_reader.py",
    "protocols/gemini_answer.py": "protocols/test_gemini_reader.py",
    "protocols/gemini_names.py": "protocols/test_gemini_request.py",
    # Approvals are changed at a desk; what its steps, its ledger and the rows of its store promise is seen there.
    "approval/steps.py": "approval/test_desk.py",
    "approval/ledger.py": "approval/test_desk.py",
    "store/rows.py": "store/test_approvals.py",
    # A decision is made again from many small facts; what each of them is for is seen where one of them is changed.
    "replay/alike.py": "replay/test_backtest.py",
    "replay/answers.py": "replay/test_backtest.py",
    "replay/bodies.py": "replay/test_backtest.py",
    "replay/case.py": "replay/test_backtest.py",
    "replay/crew.py": "replay/test_backtest.py",
    "replay/deciding.py": "replay/test_backtest.py",
    "replay/differences.py": "replay/test_backtest.py",
    "replay/outcome.py": "replay/test_backtest.py",
    "replay/probing.py": "replay/test_backtest.py",
    "replay/rejudge.py": "replay/test_backtest.py",
    "replay/rules_then.py": "replay/test_backtest.py",
    "replay/session_then.py": "replay/test_backtest.py",
    "replay/tally.py": "replay/test_backtest.py",
    "replay/told.py": "replay/test_backtest.py",
    "replay/walk.py": "replay/test_backtest.py",
    "replay/who.py": "replay/test_backtest.py",
    "replay/words.py": "replay/test_backtest.py",
    # What a recorded answer is given for, and how, is seen in the book that gives it.
    "replay/answer_then.py": "replay/test_book.py",
    "replay/entry.py": "replay/test_book.py",
    "replay/marks.py": "replay/test_book.py",
    "replay/nearest.py": "replay/test_book.py",
    "replay/sameness.py": "replay/test_book.py",
    "replay/shape.py": "replay/test_sending.py",
    "replay/substitutes.py": "replay/test_sending.py",
    # The plugin, its server and the addon in it say something only together.
    "replay/__init__.py": "replay/test_plugin.py",
    "replay/upstream.py": "replay/test_plugin.py",
    "mitm/answering.py": "replay/test_plugin.py",
    "mitm/replaying.py": "replay/test_plugin.py",
    "mitm/replaying_entry.py": "replay/test_plugin.py",
    "cli/_backtest.py": "cli/test_backtest.py",
    # A campaign's questions, words and evidence are seen where it is opened, attested and closed.
    "access/__init__.py": "access/test_campaigns.py",
    # What a proposal is made of is seen in what it permits and in how it reads.
    "access/conditions.py": "access/test_proposing.py",
    "access/drafting.py": "access/test_proposing.py",
    "access/merging.py": "access/test_proposing.py",
    "access/needs.py": "access/test_proposing.py",
    "access/proving.py": "mitm/test_learning.py",
    # What is counted is seen in the report, alone and by several processes; drift stands on the same counts.
    "access/drift.py": "access/test_report.py",
    "access/gathering.py": "access/test_report.py",
    "access/tallies.py": "access/test_report.py",
    "access/usage.py": "access/test_report.py",
    "access/report_csv.py": "access/test_report_html.py",
    "cli/_access.py": "cli/test_access.py",
    "cli/_check_reviews.py": "cli/test_access.py",
    "cli/_access_campaigns.py": "cli/test_access.py",
    "cli/_access_people.py": "cli/test_access.py",
    "cli/_access_show.py": "cli/test_access.py",
    "access/asking.py": "access/test_campaigns.py",
    "access/evidence.py": "access/test_campaigns.py",
    "access/reviewers.py": "access/test_campaigns.py",
    "access/wording.py": "access/test_campaigns.py",
    "store/outbox.py": "store/test_approvals.py",
    "store/upsert.py": "store/test_approvals.py",
    "store/tables.py": "store/test_migrate.py",
    "store/migrations/*.py": "store/test_migrate.py",
    # What each part of verification finds is seen where something was changed: in a recorded day, in every way.
    "recording/verify_*.py": "recording/test_tampering.py",
    "recording/witness.py": "recording/test_tampering.py",
    "recording/ties.py": "recording/test_tampering.py",
    "recording/report.py": "recording/test_verify.py",
    "recording/uncovered.py": "cli/test_verify.py",
    "recording/stamps.py": "recording/anchors/test_rfc3161.py",
    "cli/_verify.py": "cli/test_verify.py",
    # One vocabulary: what its types promise holds between them.
    "model/*.py": "model/test_model.py",
    # Lends names, and compiles many paths into one matcher.
    "paths/__init__.py": "paths/test_matcher.py",
    # The stages and what they stand on say something only within mitmproxy: a real Master and real sockets, one test a
    # promise instead of one a file. The walk over all hooks finds a stage that is new by itself.
    "mitm/stage.py": "mitm/test_every_hook_raises.py",
    "mitm/pipeline.py": "mitm/test_every_hook_raises.py",
    "mitm/transit.py": "mitm/test_every_hook_raises.py",
    "mitm/life.py": "mitm/test_unsafe_options.py",
    "mitm/call.py": "mitm/test_every_hook_raises.py",
    "mitm/products.py": "mitm/test_every_hook_raises.py",
    "mitm/services.py": "mitm/test_every_hook_raises.py",
    "mitm/refusals.py": "mitm/test_every_hook_raises.py",
    "mitm/snapshot.py": "mitm/test_harness.py",
    "mitm/fields.py": "mitm/test_harness.py",
    "mitm/handler.py": "mitm/test_harness.py",
    "mitm/authenticate.py": "mitm/test_identity.py",
    "mitm/endpoints.py": "mitm/test_contain.py",
    "mitm/heads.py": "mitm/test_contain.py",
    "mitm/wire.py": "mitm/test_contain.py",
    "mitm/linger.py": "mitm/test_identity.py",
    "mitm/saying.py": "mitm/test_credential.py",
    "mitm/inject.py": "mitm/test_credential.py",
    "mitm/streams.py": "mitm/test_credential.py",
    "mitm/conceal.py": "mitm/test_credential.py",
    "mitm/entry.py": "mitm/test_scripts.py",
    "mitm/assembly.py": "mitm/test_scripts.py",
    "mitm/guard.py": "mitm/test_scripts.py",
    "mitm/host.py": "mitm/test_scripts.py",
    "mitm/clients.py": "mitm/test_replies.py",
    "mitm/options.py": "mitm/test_unsafe_options.py",
    # A console says something only as a whole, to a browser.
    "cli/_approvals.py": "cli/test_approvals.py",
    "cli/_approvals_show.py": "cli/test_approvals.py",
    "cli/console.py": "e2e/test_console.py",
    "console/room.py": "console/pages/test_decision.py",
    # What only real clients and whole processes show.
    "mitm/launch.py": "e2e/test_forward.py",
    "mitm/web.py": "e2e/test_mitmweb.py",
    "mitm/authorize.py": "e2e/test_clients.py",
    "mitm/approve.py": "e2e/test_clients.py",
    "mitm/reply.py": "e2e/test_clients.py",
    "mitm/reply_kinds.py": "mitm/test_replies.py",
    "mitm/streamed.py": "e2e/test_clients.py",
    "mitm/mask.py": "e2e/test_reverse.py",
    "mitm/masks.py": "e2e/test_reverse.py",
    "mitm/record.py": "e2e/test_recordings.py",
    "mitm/flowsnapshot.py": "e2e/test_recordings.py",
}


def _is_empty(path: Path) -> bool:
    """A module that only says what its package is, or lends names from others."""
    return path.name == "__init__.py" and not any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) for node in tree(path).body
    )


def _own_tests(path: Path) -> list[Path]:
    """Where a module's test may stand: a package's is named after it, a private half may share its public half's."""
    place = TESTS / path.relative_to(LIBRARY).parent
    if path.stem == "__init__":
        return [place / f"test_{path.parent.name}.py", place / "test_init.py"]
    return [place / f"test_{path.stem}.py", place / f"test_{path.stem.strip('_')}.py"]


def _shared(path: Path) -> list[str]:
    inside = path.relative_to(LIBRARY).as_posix()
    return [test for pattern, test in _SHARED.items() if fnmatch(inside, pattern)]


def test_every_module_has_its_test() -> None:
    """No module of the library is without a test."""
    nothing(
        f"{shown(path)} wants {shown(_own_tests(path)[0])}"
        for path in modules()
        if not _is_empty(path) and not _shared(path) and not any(test.is_file() for test in _own_tests(path))
    )


def test_exceptions_are_true() -> None:
    """Whoever stands in the list of exceptions exists, and names a test that exists."""
    wrong = [f"no module is {pattern}" for pattern in _SHARED if not any(LIBRARY.glob(pattern))]
    wrong += [f"tests/{test} is not there" for test in _SHARED.values() if not (TESTS / test).is_file()]
    nothing(wrong)


def test_parts_are_alone_in_their_files() -> None:
    """A file in a folder of parts defines one `PART`; helpers beside it begin with an underscore."""
    folders = {path.parent for path in modules() if any(_defines_part(node) for node in tree(path).body)}
    nothing(
        f"{shown(path)} defines no PART"
        for folder in sorted(folders)
        for path in folder.glob("*.py")
        if not path.name.startswith("_") and sum(_defines_part(node) for node in tree(path).body) != 1
    )


def _defines_part(node: ast.stmt) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(isinstance(target, ast.Name) and target.id == "PART" for target in targets)


def test_every_stage_has_its_entry_file() -> None:
    """A stage's file in `mitm/` that an entry file names is there, and the bundle names them all."""
    named = {path.stem: _stages(path) for path in entries()}
    bundle = named.pop("bundle")
    assert set(bundle) == set(named)
    for name, stages in named.items():
        assert stages == [name]
        assert (LIBRARY / "mitm" / f"{name}.py").is_file()


def _stages(path: Path) -> list[str]:
    assignment = tree(path).body[-1]
    assert isinstance(assignment, ast.Assign)
    assert isinstance(assignment.value, ast.Call)
    return [ast.literal_eval(argument) for argument in assignment.value.args]
