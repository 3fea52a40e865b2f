"""Commands behind more text than some gateway reads: what is judged is the whole, or it is refused."""

from __future__ import annotations

import json

import pytest
from tests.bypasses.shipped import call, post, propose, query, shell, told

from interlock.engine.trial import Verdict

SIZES = (4_200, 17_000, 65_000)
"""Beyond what prefixes of 4, 16 and 64 KiB hold; the last just below where shell text is refused unread."""
LARGE = 1_100_000


def refused(verdict: Verdict) -> None:
    """It does not pass, whatever the reason."""
    assert not verdict.decision.permits, told(verdict)


def passes(verdict: Verdict) -> None:
    """It does."""
    assert verdict.decision.permits, told(verdict)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("filler", ["# {}\n", "echo {}\n", ": '{}'\n", "A={}\n", "cat <<'E'\n{}\nE\n"])
def test_shell_behind_padding_does_not_pass(filler: str, size: int) -> None:
    """Comments, output, variables, here-documents."""
    refused(shell(filler.format("x" * size) + "rm -rf src"))


@pytest.mark.parametrize("size", [4_200, 15_000])
@pytest.mark.parametrize("filler", ["# {}\n", "echo {}\n", ": '{}'\n", "A={}\n", "cat <<'E'\n{}\nE\n"])
def test_padding_alone_passes(filler: str, size: int) -> None:
    """The look-alikes."""
    passes(shell(filler.format("x" * size) + "ls"))


@pytest.mark.parametrize("size", [*SIZES, LARGE])
@pytest.mark.parametrize("filler", ["/* {} */ ", "-- {}\n", "SELECT '{}'; ", "SELECT 1 AS a{}; "])
def test_sql_behind_padding_does_not_pass(filler: str, size: int) -> None:
    """Comments, literals, names."""
    refused(query(filler.format("x" * size) + "DROP TABLE y"))


@pytest.mark.parametrize("size", SIZES[:2])
@pytest.mark.parametrize("filler", ["/* {} */ ", "-- {}\n", "SELECT '{}'; "])
def test_sql_that_reads_behind_padding_passes(filler: str, size: int) -> None:
    """The look-alikes."""
    passes(query(filler.format("x" * size) + "SELECT 1"))


@pytest.mark.parametrize("size", [*SIZES, LARGE])
def test_a_body_behind_padding_does_not_pass(size: int) -> None:
    """Blanks in front of the member, a member in front of it, and the member behind another of its name."""
    bad = b'"query": "DROP TABLE x"}'
    json_type = ("content-type", "application/json")
    for body in (b" " * size + b"{" + bad, b"{" + b" " * size + bad, b'{"timeout": "' + b"x" * size + b'", ' + bad):
        refused(post("postgres", "/v1/query", body, json_type))
    refused(post("postgres", "/v1/query", b'{"query": "SELECT 1",' + b" " * size + bad, json_type))


@pytest.mark.parametrize("size", [*SIZES, LARGE])
def test_blanks_in_a_body_pass(size: int) -> None:
    """The look-alike."""
    passes(post("postgres", "/v1/query", b" " * size + b'{"query": "SELECT 1"}', ("content-type", "application/json")))


@pytest.mark.parametrize("size", [*SIZES, LARGE])
def test_a_call_behind_padding_does_not_pass(size: int) -> None:
    """An argument in front of the command, in a call and in a proposal; a name in front of the arguments."""
    padded = {"note": "x" * size, "command": "rm -rf src"}
    refused(call("do_it", padded))
    refused(propose("mcp__server__do_it", padded))
    refused(propose("Bash", {"description": "x" * size, "command": "rm -rf src"}))
    refused(call("do_it", {"many": [{"a": "b"}] * (size // 100), "command": "rm -rf src"}))


@pytest.mark.parametrize("size", SIZES)
def test_a_long_note_passes(size: int) -> None:
    """The look-alikes."""
    passes(call("do_it", {"note": "x" * size}))
    passes(propose("Write", {"file_path": "src/a.txt", "content": "rm -rf src " * (size // 11)}))
    passes(propose("Bash", {"description": "x" * size, "command": "ls"}))


@pytest.mark.parametrize("count", [100, 2_000])
def test_a_command_among_many_does_not_pass(count: int) -> None:
    """The last of them, in a list, in a batch of lines, in statements."""
    refused(call("do_it", {"commands": ["ls"] * count + ["rm -rf src"]}))
    refused(query("SELECT 1; " * count + "DROP TABLE x"))
    lines = '{"q":"SELECT 1"}\n' * count + '{"q":"DROP TABLE x"}\n'
    refused(post("forms", "/bulk", lines.encode(), ("content-type", "application/x-ndjson")))
    batch = [{"query": "{ me }"}] * count + [{"query": "mutation { drop }"}]
    refused(post("graph", "/graphql", json.dumps(batch).encode(), ("content-type", "application/json")))


@pytest.mark.parametrize("count", [10, 60])
def test_many_harmless_ones_pass(count: int) -> None:
    """The look-alikes."""
    passes(call("do_it", {"commands": ["ls"] * count}))
    passes(query("SELECT 1; " * count + "SELECT 2"))
    lines = '{"q":"SELECT 1"}\n' * count
    passes(post("forms", "/bulk", lines.encode(), ("content-type", "application/x-ndjson")))
