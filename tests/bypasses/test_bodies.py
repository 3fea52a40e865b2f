"""Commands hidden in bodies: two readings, odd places, other names; each with the body that must still pass."""

from __future__ import annotations

import functools
import gzip
import json
import time
import zlib

import brotli
import pytest
import zstandard
from tests.bypasses.shipped import call, post, propose, query, told

from interlock.engine.trial import Verdict
from interlock.model import JSON

DROP = "DROP TABLE x"
RM = "rm -rf src"
JSON_TYPE = ("content-type", "application/json")
GZIP = ("content-encoding", "gzip")
packed = functools.partial(gzip.compress, mtime=0)
"""The same bytes every time, so that every worker collects the same cases."""
GOOD, BAD = b'{"query": "SELECT 1"}', b'{"query": "DROP TABLE x"}'


def sent(body: bytes, *headers: tuple[str, str], target: str = "/v1/query", method: str = "POST") -> Verdict:
    """A body sent to the database."""
    return post("postgres", target, body, *headers, method=method)


def refused(verdict: Verdict) -> None:
    """It does not pass, whatever the reason."""
    assert not verdict.decision.permits, told(verdict)


@pytest.mark.parametrize(
    "body",
    [
        BAD,
        b'{"query": "SELECT 1", "query": "DROP TABLE x"}',
        b'{"query": "SELECT 1", "Query": "DROP TABLE x"}',
        b'{"query": "SELECT 1", "\\u0071uery": "DROP TABLE x"}',
        b'{"a\\u003a": 1, "query": "SELECT 1", "query": "DROP TABLE x"}',
        b'{"query": ["SELECT 1", "DROP TABLE x"]}',
        b'{"query": {"text": "DROP TABLE x"}}',
        b'[{"query": "DROP TABLE x"}]',
        b'{"query": null}',
        b'{"query": 1}',
        b"{}",
        b"",
        b'{"query": "SELECT 1", "x": 1}',
        b'{"query": "SELECT 1", "x": {}}',
        b'{"query": "SELECT 1", "__proto__": {"query": "DROP TABLE x"}}',
        b'{"query": "SELECT 1", "x": NaN}',
        b'{"query": "SELECT 1"/* */}',
        b"{'query': 'DROP TABLE x'}",
        b"{query: 'DROP TABLE x'}",
        b'{"query": "SELECT 1",}',
        GOOD + BAD,
        GOOD + b"\n" + BAD,
        b"\xef\xbb\xbf" + GOOD,
        BAD.decode().encode("utf-16"),
        BAD.decode().encode("utf-32"),
        b'{"query": "SELECT 1 \xff"}',
        b'{"query": "SELECT \'\\ud800\'"}',
        b'{"query": "SELECT 1\\u0000; DROP TABLE x"}',
        b'{"query": ' + b"[" * 300 + b'"DROP TABLE x"' + b"]" * 300 + b"}",
        b'{"query": "' + b"SELECT 1 " * 9000 + b'"}',
        b"query=DROP+TABLE+x",
        packed(GOOD),
        b'{"query": "SELECT 1", "QUERY": "DROP TABLE x"}',
        '{"sql": 1, "query": "SELECT 1", "\u017fql": 2}'.encode(),
        b'{"query": "SELECT 1", "x": {"a": 1, "A": 2}}',
        b'{"query": "SELECT 1", "query\\u0000": "DROP TABLE x"}',
        '{"query": "SELECT 1", "quеry": "DROP TABLE x"}'.encode(),
        b'{"query": "SELECT 1", "x": Infinity}',
        b'{"query": "SELECT 1", "x": -Infinity}',
        b'{"query": "SELECT 1", "x": 0x10}',
        b'{"query": "SELECT 1", "x": 01}',
        b'{"query": "SELECT 1", "x": .5}',
        b'{"query": "SELECT 1", "x": 1e999}',
        b'{"query": "SELECT \\x31"}',
        b'{"query": "SELECT \n1"}',
        b'{"query": "SELECT \\uD83D"}',
        b'{"query": "SELECT \xed\xa0\x80"}',
        b'{"query": "SELECT \xc0\xaf"}',
        GOOD + b"\x00",
        b"\x00" + GOOD,
        b"\xff\xfe" + GOOD.decode().encode("utf-16-le"),
        GOOD.decode().encode("utf-7") + b"+",
        b")]}',\n" + GOOD,
        b"while(1);" + GOOD,
        b"callback(" + GOOD + b")",
        GOOD + b"//",
        b"\x1e" + GOOD + b"\n",
        zlib.compress(GOOD),
    ],
)
def test_a_body_with_two_readings_is_refused(body: bytes) -> None:
    """Or one that holds more than what was judged."""
    refused(sent(body, JSON_TYPE))


@pytest.mark.parametrize(
    ("begin", "part", "count", "end"),
    [
        (b'{"query": ', b'{"a":', 100_000, b"1" + b"}" * 100_001),
        (b"", b"[", 1_000_000, b""),
        (b'{"query": "SELECT 1", "x": ', b"9", 100_000, b"}"),
        (b'{"query": "', b"x", 11 << 20, b'"}'),
        (b'{"query": "SELECT 1", "x": [', b"{},", 200_000, b"1]}"),
        (b'{"query": "', b"\\u0041", 60_000, b'"}'),
    ],
    ids=["depth", "brackets", "digits", "size", "items", "escapes"],
)
def test_a_body_beyond_a_limit_is_refused_at_once(begin: bytes, part: bytes, count: int, end: bytes) -> None:
    """Depth, size, number: none of it takes long."""
    body = begin + part * count + end
    began = time.thread_time()
    refused(sent(body, JSON_TYPE))
    assert time.thread_time() - began < 10


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (GOOD, (("content-type", "application/json; charset=utf-16"),)),
        (GOOD, (("content-type", "application/json; charset=utf-7"),)),
        (GOOD, (("content-type", "application/xml"),)),
        (GOOD, (("content-type", "multipart/form-data; boundary=b"),)),
        (b"--b\r\n\r\n" + BAD + b"\r\n--b--", (("content-type", "multipart/form-data; boundary=b"),)),
        (b'{"query": "SELECT 1&query=DROP"}', (("content-type", "application/x-www-form-urlencoded"),)),
        (BAD, (("content-type", "text/plain"),)),
        (GOOD, (JSON_TYPE, ("content-type", "application/xml"))),
        (packed(BAD), (JSON_TYPE, GZIP)),
        (packed(packed(GOOD)), (JSON_TYPE, ("content-encoding", "gzip, gzip"))),
        (packed(GOOD) + packed(BAD), (JSON_TYPE, GZIP)),
        (packed(GOOD) + b"x", (JSON_TYPE, GZIP)),
        (GOOD, (JSON_TYPE, GZIP)),
        (GOOD, (JSON_TYPE, ("content-encoding", "rot13"))),
        (packed(b'{"query": "' + b" " * (12 << 20) + b'"}'), (JSON_TYPE, GZIP)),
        (brotli.compress(b'{"query": "' + b" " * (12 << 20) + b'"}'), (JSON_TYPE, ("content-encoding", "br"))),
        (zstandard.compress(b'{"query": "' + b" " * (12 << 20) + b'"}'), (JSON_TYPE, ("content-encoding", "zstd"))),
        (zstandard.compress(GOOD) * 2, (JSON_TYPE, ("content-encoding", "zstd"))),
        (zlib.compress(GOOD)[2:-4], (JSON_TYPE, ("content-encoding", "deflate"))),
        (GOOD, (JSON_TYPE, ("content-encoding", "identity, gzip"))),
        (packed(GOOD), (JSON_TYPE, ("content-encoding", "x-gzip"))),
        (packed(GOOD), (JSON_TYPE, GZIP, GZIP)),
        (packed(GOOD)[:-1], (JSON_TYPE, GZIP)),
        (BAD, (("content-type", "application/octet-stream"),)),
        (BAD, ()),
        (GOOD, (("content-type", "application/json; charset=utf-8; charset=utf-16"),)),
        (GOOD, (("content-type", "application/x-ndjson"),)),
        (GOOD, (("content-type", "application/json, application/xml"),)),
        (GOOD, (("content-type", "image/png"),)),
    ],
)
def test_a_header_that_lies_about_the_body_is_refused(body: bytes, headers: tuple[tuple[str, str], ...]) -> None:
    """The receiver might believe it."""
    refused(sent(body, *headers))


@pytest.mark.parametrize(
    "target",
    ["/v1/query/", "/v1//query", "/V1/QUERY", "/v1/query?x=1", "/v1/query;a=1", "/v1/./query", "/v1/x/../query"],
)
def test_another_spelling_of_the_path_is_another_path(target: str) -> None:
    """It has no rule, or cannot be read in one way."""
    refused(sent(GOOD, target=target))
    refused(sent(BAD, target="/v1/%71uery"))


@pytest.mark.parametrize("method", ["PUT", "PATCH", "GET", "post", "QUERY", "LOCK"])
def test_another_method_is_another_operation(method: str) -> None:
    """A body that only POST would be judged for."""
    refused(sent(GOOD, method=method))


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (GOOD, (JSON_TYPE,)),
        (b'\n {"query" : "SELECT 1"}\n', (JSON_TYPE,)),
        (b'{"query": "SELECT \'a\\u003ab\'"}', (JSON_TYPE,)),
        (GOOD, (("content-type", "application/json; charset=UTF-8"),)),
        (GOOD, (("content-type", "application/vnd.api+json"),)),
        (packed(GOOD), (JSON_TYPE, GZIP)),
        (b'{"query": ["SELECT 1", "SELECT 2"]}', (JSON_TYPE,)),
        (b'{"query": "SELECT \\ud83d\\ude00"}'.replace(b"SELECT ", b"SELECT '").replace(b'"}', b"'\"}"), (JSON_TYPE,)),
        (zlib.compress(GOOD), (JSON_TYPE, ("content-encoding", "deflate"))),
        (brotli.compress(GOOD), (JSON_TYPE, ("content-encoding", "br"))),
        (zstandard.compress(GOOD), (JSON_TYPE, ("content-encoding", "zstd"))),
        (GOOD, (JSON_TYPE, ("content-encoding", "identity"))),
    ],
)
def test_a_plain_body_passes(body: bytes, headers: tuple[tuple[str, str], ...]) -> None:
    """The look-alikes."""
    verdict = sent(body, *headers)
    assert verdict.decision.permits, told(verdict)


# -- MCP


def rpc(method: str, params: JSON = None, **more: JSON) -> dict[str, JSON]:
    """A JSON-RPC request."""
    return {"jsonrpc": "2.0", "id": 1, "method": method, **({} if params is None else {"params": params}), **more}


SQL_CALL = rpc("tools/call", {"name": "execute_sql", "arguments": {"sql": DROP}})


@pytest.mark.parametrize(
    "body",
    [
        SQL_CALL,
        [rpc("tools/list"), SQL_CALL],
        [SQL_CALL],
        [],
        {**SQL_CALL, "id": None},
        {key: value for key, value in SQL_CALL.items() if key != "id"},
        rpc("Tools/Call", {"name": "execute_sql", "arguments": {"sql": DROP}}),
        rpc("tools/call ", {"name": "execute_sql", "arguments": {"sql": DROP}}),
        rpc("tools/execute", {"name": "execute_sql", "arguments": {"sql": DROP}}),
        rpc("notifications/tools/call", {"name": "execute_sql", "arguments": {"sql": DROP}}),
        rpc("drop/list", {"sql": DROP}),
        rpc("tools/list", tool="execute_sql"),
        rpc("tools/call", ["execute_sql", {"sql": DROP}]),
        rpc("tools/call", {"name": "execute_sql", "arguments": json.dumps({"sql": DROP})}),
        rpc("tools/call", {"name": "execute_sql", "arguments": [DROP]}),
        rpc("tools/call", {"name": "search", "arguments": {}, "input": {"sql": DROP}}),
        rpc("tools/call", {"name": "search", "arguments": {}, "_meta": {"sql": DROP}}),
        rpc("tools/call", {"name": ["search"], "arguments": {}}),
        {"id": 1, "method": "tools/call", "params": {"name": "search", "arguments": {}}},
        {"jsonrpc": "2.0", "id": 1, "result": {}, "method": "tools/call"},
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/list", "Method": "tools/call", "params": {"name": "x"}}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "a", "name": "execute_sql"}}',
    ],
)
def test_a_call_hidden_in_json_rpc_does_not_pass(body: JSON | bytes) -> None:
    """Item by item, by the body, and only what the protocol knows."""
    refused(post("tools", "/mcp", body))


@pytest.mark.parametrize(
    "arguments",
    [
        {"sql": DROP},
        {"SQL": DROP},
        {"query": DROP},
        {"query": "-- x\n" + DROP},
        {"query": "\u200b" + DROP},
        {"queries": ["SELECT 1", DROP]},
        {"statement": DROP},
        {"sql_query": DROP},
        {"params": {"sql": DROP}},
        {"query": {"text": DROP}},
        {"query": [{"text": DROP}]},
        {"steps": [{"name": "x", "sql": DROP}]},
        {"a": {"b": {"c": [{"command": RM}]}}},
        {"command": RM},
        {"cmd": ["rm", "-rf", "src"]},
        {"command": "rm", "args": ["-rf", "src"]},
        {"file": "rm", "args": ["-rf", "src"]},
        {"bin": "rm", "params": ["-rf", "src"]},
        {"executable": "/bin/rm", "arguments": ["-rf", "src"]},
        {"popenargs": ["rm", "-rf", "src"]},
        {"args": ["bash", "-c", RM]},
        {"args": ["/bin/sh", "-c", RM]},
        {"stmt": DROP},
        {"stmts": ["SELECT 1", DROP]},
        {"QueryString": DROP},
        {"Sqls": [DROP]},
        {"sqlStatement": DROP},
        {"ddl": DROP},
        {"dml": "DELETE FROM t WHERE 2 > 1"},
        {"cql": DROP},
        {"rawQuery": DROP},
        {"s\u200bql": DROP},
        {"\uff53\uff51\uff4c": DROP},
        {"com\u00admand": RM},
        {"remote_command": RM},
        {"python": "import os; os.system('rm -rf src')"},
        {"js": "require('child_process').execSync('rm -rf src')"},
        {"conf": {"bash_command": RM}},
        {"spec": {"containers": [{"command": ["sh", "-c", RM]}]}},
        {"tool": "execute_sql", "arguments": {"sql": DROP}},
        {"name": "run_query", "arguments": json.dumps({"query": DROP})},
        {"nodes": [{"type": "postgres", "parameters": {"query": DROP}}]},
        {"script": RM},
        {"commands": [RM]},
    ],
)
def test_a_command_in_a_tools_arguments_is_found(arguments: dict[str, JSON]) -> None:
    """Whatever the tool is called, on its connection and when the model proposes it."""
    refused(call("do_it", arguments))
    refused(propose("mcp__server__do_it", arguments))


RUNS_RM = "import os; os.system('rm -rf src')"


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("exec", {"language": "python", "code": RUNS_RM}),
        ("run_python", {"code": RUNS_RM}),
        ("run_python", {"options": {"source_code": "import shutil\nshutil.rmtree('src')"}}),
        ("notebook_execute", {"cell": {"lang": "py", "source": RUNS_RM}}),
        ("run_code", {"code": RUNS_RM}),
        ("run_code", {"language": "javascript", "code": "require('child_process').execSync('rm -rf src')"}),
        ("code_interpreter", {"runtime": "ruby", "snippet": "system('rm -rf src')"}),
        ("evaluate", {"language": "perl", "program": "system('rm -rf src')"}),
        ("run_python", {"cells": {f"c{number}": {"code": "print(1)"} for number in range(21)}, "code": "print(1)"}),
        ("postgres_query", {"value": DROP}),
        ("snowflake", {"text": DROP}),
        ("bigquery_run", {"job": DROP}),
        ("clickhouse", {"q": DROP}),
        ("pg_exec", {"q": DROP}),
        ("db_query", {"q": "DELETE FROM t WHERE id = id"}),
        ("kubectl", {"args": ["delete", "ns", "prod"]}),
        ("run_kubectl", {"args": "delete ns prod"}),
        ("git", {"args": ["push", "--force", "origin", "main"]}),
        ("terraform", {"arguments": ["destroy", "-auto-approve"]}),
        ("aws_cli", {"args": "s3 rb s3://prod --force"}),
        ("helm", {"args": ["uninstall", "prod"]}),
        ("psql", {"args": ["-c", DROP]}),
        ("tmux_send_keys", {"keys": "rm -rf src\n"}),
        ("pty", {"input": "rm -rf src\n"}),
        ("make", {"recipe": "rm -rf src"}),
        ("jupyter", {"cell_source": "import shutil; shutil.rmtree('src')"}),
        ("python", {"expression": "__import__('os').system('rm -rf src')"}),
        ("node_eval", {"js": "require('child_process').execSync('rm -rf src')"}),
        ("execute_typescript", {"ts": "require('fs').rmSync('src', {recursive: true})"}),
    ],
)
def test_code_and_sql_by_the_name_of_a_tool_are_found(tool: str, arguments: dict[str, JSON]) -> None:
    """Code in the language told beside it or by the tool's name, SQL in a tool that is named like a database."""
    refused(call(tool, arguments))
    refused(propose(f"mcp__server__{tool}", arguments))


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("run_python", {"code": "print(sum(range(10)))"}),
        ("run_python", {"code": "import pandas as pd\nprint(pd.read_csv('x.csv').describe())"}),
        ("run_code", {"language": "javascript", "code": "console.log([1, 2].map((x) => x * 2))"}),
        ("review_code", {"code": RUNS_RM, "comment": "what does this do?"}),
        ("translate", {"language": "german", "source": "rm -rf src"}),
        ("postgres_query", {"value": "SELECT 1"}),
        ("postgres_docs", {"title": "how to drop a table"}),
        ("bigquery_run", {"job": "nightly report"}),
        ("pg_exec", {"q": "SELECT 1"}),
        ("search_docs", {"q": "drop table tutorial"}),
        ("kubectl", {"args": ["get", "pods"]}),
        ("git", {"args": ["status"]}),
        ("terraform", {"arguments": ["plan"]}),
        ("psql", {"args": ["-c", "SELECT 1"]}),
        ("tmux_send_keys", {"keys": "pytest -q\n"}),
        ("jupyter", {"cell_source": "print(1)"}),
        ("python", {"expression": "1 + 1"}),
        ("node_eval", {"js": "console.log(1)"}),
    ],
)
def test_code_that_only_computes_passes(tool: str, arguments: dict[str, JSON]) -> None:
    """The look-alikes."""
    for verdict in (call(tool, arguments), propose(f"mcp__server__{tool}", arguments)):
        assert verdict.decision.permits, told(verdict)


@pytest.mark.parametrize(
    "arguments",
    [
        {"query": "refund policy"},
        {"query": {"match": {"name": "x"}}},
        {"steps": [{"command": "create", "name": "x"}]},
        {"sql": "SELECT 1"},
        {"title": "How to DROP TABLE x", "body": "rm -rf src"},
        {"file": "ls", "args": ["-la"]},
        {"file": "report.pdf", "args": ["a4"]},
        {"stmt": "SELECT 1"},
        {"querystring": "a=1&b=2"},
        {"args": ["bash", "tutorial"]},
        {"tool": "execute_sql", "arguments": {"sql": "SELECT 1"}},
        {"python": "print(1)"},
        {"path": "src/main.py", "content": "rm -rf src"},
    ],
)
def test_words_in_a_tools_arguments_pass(arguments: dict[str, JSON]) -> None:
    """The look-alikes."""
    for verdict in (call("do_it", arguments), propose("mcp__server__do_it", arguments)):
        assert verdict.decision.permits, told(verdict)


@pytest.mark.parametrize(
    ("target", "headers", "method"),
    [
        ("/mcp", (JSON_TYPE, ("mcp-name", "search")), "POST"),
        ("/mcp", (JSON_TYPE, ("mcp-method", "tools/list")), "POST"),
        ("/rpc", (JSON_TYPE,), "POST"),
        ("/mcp", (JSON_TYPE,), "PUT"),
        ("/mcp", (JSON_TYPE,), "GET"),
    ],
)
def test_a_call_told_otherwise_than_it_is(target: str, headers: tuple[tuple[str, str], ...], method: str) -> None:
    """Headers, paths and methods that tell another story than the body."""
    refused(post("tools", target, rpc("tools/call", {"name": "run", "arguments": {}}), *headers, method=method))


# -- tools of the client


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("Bash", {"command": RM}),
        ("Bash", {"Command": RM}),
        ("Bash", {"command": ["rm", "-rf", "src"]}),
        ("Bash", {"command": [["rm", "-rf", "src"]]}),
        ("Bash", {"command": {"x": RM}}),
        ("Bash", {"command": None}),
        ("Bash", {"command": "ls", "cmd": RM}),
        ("bash", {"cmd": RM}),
        ("BASH", {"command": RM}),
        ("bash", {"commands": [RM]}),
        ("execute_command", {"cmd": RM}),
        ("run_terminal_cmd", {"command": RM}),
        ("terminal", {"input": RM}),
        ("run", {"program": "rm", "args": ["-rf", "src"]}),
        ("run", {"args": ["rm", "-rf", "src"]}),
        ("run", {"steps": [{"command": RM}]}),
        ("anything", {"command": RM}),
        ("str_replace_based_edit_tool", {"command": RM}),
        ("execute_sql", {"query": DROP}),
        ("run_sql", {"text": DROP}),
        ("database", {"statements": [DROP]}),
        ("PowerShell", {"command": "Remove-Item -Recurse src"}),
        ("Write", {"file_path": ".git/hooks/pre-commit", "content": "x"}),
        ("Write", {"file_path": "/home/erika/.bashrc", "content": "x"}),
        ("Write", {"file_path": ".claude/settings.local.json", "content": "{}"}),
        ("Edit", {"file_path": "/etc/passwd", "old_string": "a", "new_string": "b"}),
        ("Read", {"file_path": "/home/erika/.ssh/id_rsa"}),
        ("Read", {"file_path": "src/../.env"}),
        ("Grep", {"pattern": ".", "path": "/root/.ssh"}),
        ("WebFetch", {"url": "file:///etc/passwd"}),
        ("WebFetch", {"url": "https://a@b@x.example/"}),
        ("WebFetch", {"url": 7}),
        ("Bash\u200b", {"command": RM}),
        ("mcp__fs__write_file", {"path": "/home/erika/.ssh/authorized_keys", "content": "x"}),
        ("mcp__fs__create_file", {"filename": ".git/hooks/post-checkout", "text": "x"}),
        ("mcp__fs__move_file", {"source": "a", "destination": "/etc/cron.d/a"}),
        ("mcp__fs__read_multiple_files", {"paths": ["README.md", "/root/.ssh/id_rsa"]}),
    ],
)
def test_a_tool_that_does_harm_does_not_pass(tool: str, arguments: dict[str, JSON]) -> None:
    """By whatever name, in whatever member."""
    refused(propose(tool, arguments))


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("Bash", {"command": "ls", "description": "rm -rf src", "timeout": 5000}),
        ("BashOutput", {"bash_id": "x"}),
        ("Read", {"file_path": "src/main.py"}),
        ("mcp__fs__write_file", {"path": "src/main.py", "content": "x"}),
        ("mcp__fs__read_multiple_files", {"paths": ["README.md", "src/main.py"]}),
        ("Read", {"file_path": ".env.example"}),
        ("Write", {"file_path": "/srv/app/src/main.py", "content": RM}),
        ("Edit", {"file_path": "README.md", "old_string": "a", "new_string": DROP}),
        ("Grep", {"pattern": "rm -rf", "path": "src"}),
        ("Glob", {"pattern": "**/*.py"}),
        ("WebSearch", {"query": "drop table mats"}),
        ("WebFetch", {"url": "https://docs.example.com/page?x=1", "prompt": "x"}),
        ("Task", {"prompt": "Find out how rm -rf works", "description": "x", "subagent_type": "x"}),
        ("TodoWrite", {"todos": [{"content": "DROP TABLE x", "status": "pending"}]}),
        ("execute_sql", {"query": "SELECT 1"}),
        ("str_replace_based_edit_tool", {"command": "view", "path": "src/main.py"}),
    ],
)
def test_a_tool_that_does_none_passes(tool: str, arguments: dict[str, JSON]) -> None:
    """The look-alikes."""
    verdict = propose(tool, arguments)
    assert verdict.decision.permits, told(verdict)


# -- what the provider is asked to run


def message(**members: JSON) -> dict[str, JSON]:
    """A message to the model."""
    return {"model": "m", "max_tokens": 1, "messages": [{"role": "user", "content": "x"}], **members}


URL: JSON = {"type": "url", "url": "https://x.example/a"}


@pytest.mark.parametrize(
    "body",
    [
        message(mcp_servers=[{"type": "url", "url": "https://x.example"}]),
        message(tools=[{"type": "web_search_20250305", "name": "web_search"}]),
        message(tools=[{"type": "Custom", "name": "web_search"}]),
        message(tools=[{"type": "bash_code_execution_20250825", "name": "x"}]),
        message(tools=[{"type": None, "name": "x"}]),
        message(tools={"type": "custom"}),
        message(tools=[{"type": "mcp_toolset", "mcp_server_name": "x"}]),
        message(messages=[{"role": "user", "content": [{"type": "image", "source": URL}]}]),
        message(
            messages=[
                {"role": "user", "content": [{"type": "tool_result", "content": [{"type": "image", "source": URL}]}]}
            ]
        ),
        message(system=[{"type": "document", "source": URL}]),
        message(stream="true"),
        message(model=["m"]),
        {"requests": [{"custom_id": "x", "params": message()}]},
    ],
)
def test_what_runs_at_the_provider_needs_a_rule(body: dict[str, JSON]) -> None:
    """No proxy sees what it does there."""
    refused(post("claude", "/v1/messages", body))


@pytest.mark.parametrize(
    "target", ["/v1/messages?x=1", "/v1/messages/", "/v1/messages?beta=true&beta=false", "/v1/complete"]
)
def test_other_doors_of_the_model_api_need_a_rule(target: str) -> None:
    """A query or a path that no client sends."""
    refused(post("claude", target, message()))


@pytest.mark.parametrize(
    "tools",
    [
        [{"name": "Bash", "input_schema": {"type": "object"}}],
        [{"type": "custom", "name": "x", "input_schema": {}}],
        [{"type": "bash_20250124", "name": "bash"}, {"type": "memory_20250818", "name": "memory"}],
    ],
)
def test_tools_of_the_client_need_none(tools: list[JSON]) -> None:
    """The look-alikes: what they do is judged when it is done."""
    verdict = post("claude", "/v1/messages?beta=true", message(tools=tools, stream=True))
    assert verdict.decision.permits, told(verdict)


def test_a_harmless_query_passes_everywhere() -> None:
    """The databases can be read."""
    assert query("SELECT 1").decision.permits
