"""Commands in requests that are no plain JSON: forms, multipart, lines, queries, patches, GraphQL; and in encodings.

Each row is a body that one server reads otherwise than another, or a command in disguise; beside them the look-alikes.
"""

from __future__ import annotations

import base64
import gzip
import json
from urllib.parse import quote, urlencode

import pytest
from tests.bypasses.shipped import call, post, propose, told

from interlock.engine.trial import Verdict
from interlock.model import JSON

DROP, RM, GOOD = "DROP TABLE x", "rm -rf src", "SELECT 1"
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=b"
LINES = "application/x-ndjson"
PATCH = "application/json-patch+json"
JSON_TYPE = "application/json"


def sent(
    target: str,
    body: bytes | str = b"",
    kind: str = "",
    *headers: tuple[str, str],
    on: str = "forms",
    method: str = "POST",
) -> Verdict:
    """A request with a body of some kind."""
    raw = body.encode() if isinstance(body, str) else body
    told = (("content-type", kind),) if kind else ()
    return post(on, target, raw, *told, *headers, ("x-a", "b"), method=method)


def refused(verdict: Verdict) -> None:
    """It does not pass, whatever the reason."""
    assert not verdict.decision.permits, told(verdict)


def passes(verdict: Verdict) -> None:
    """It does."""
    assert verdict.decision.permits, told(verdict)


def part(name: str = "q", value: str = GOOD, *lines: str) -> str:
    """One part of a multipart body."""
    return "\r\n".join((f'--b\r\nContent-Disposition: form-data; name="{name}"', *lines, "", value, ""))


END = "--b--\r\n"


def upload(operations: str, places: str, file: str) -> bytes:
    """A GraphQL upload of one file."""
    return (part("operations", operations) + part("map", places) + part("0", file) + END).encode()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("q=DROP+TABLE+x", FORM),
        ("q=SELECT+1&q=DROP+TABLE+x", FORM),
        ("q=SELECT+1&Q=DROP+TABLE+x", FORM),
        ("q=SELECT+1&%71=DROP+TABLE+x", FORM),
        ("q=SELECT+1&q[]=DROP+TABLE+x", FORM),
        ("q[]=SELECT+1&q[]=DROP+TABLE+x", FORM),
        ("q[x]=DROP+TABLE+x", FORM),
        ("q=SELECT+1;q=DROP+TABLE+x", FORM),
        ("q=SELECT+1&limit=1;q=DROP", FORM),
        ("q=SELECT+1%00;DROP", FORM),
        ("q=SELECT+1&role=admin", FORM),
        ("q=SELECT+1&_method=DELETE", FORM),
        ("limit=1", FORM),
        ("", FORM),
        ("q=SELECT+1", f"{FORM}; charset=utf-7"),
        ("q=SELECT+1", f"{FORM}; charset=ibm037"),
        ("q=SELECT+1&_charset_=utf-7", FORM),
        ('{"q": "DROP TABLE x"}', FORM),
        ('{"q": "SELECT 1"}', JSON_TYPE),
        ("q=SELECT+1", "text/plain"),
        ("q=SELECT+1", ""),
        (part() + END, PARTS),
        (base64.b64encode(b"q=SELECT+1"), FORM),
        (gzip.compress(b"q=SELECT+1", mtime=0), FORM),
        ("q=SELECT+1".encode("utf-16"), FORM),
    ],
)
def test_a_form_in_disguise_does_not_pass(body: str | bytes, kind: str) -> None:
    """Two values, other separators, other charsets, other types, more than the command."""
    refused(sent("/form", body, kind))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("q=SELECT+1", FORM),
        ("q=SELECT%201&limit=5", FORM),
        ("q=SELECT '%3B'", f"{FORM}; charset=UTF-8"),
        ("limit=5&q=SELECT+%27%C3%BC%27", FORM),
    ],
)
def test_a_plain_form_passes(body: str, kind: str) -> None:
    """The look-alikes."""
    passes(sent("/form", body, kind))


def test_a_coded_form_passes_and_a_bomb_does_not() -> None:
    """Codings are undone once, within the connection's limit."""
    coding = ("content-encoding", "gzip")
    passes(sent("/form", gzip.compress(b"q=SELECT+1", mtime=0), FORM, coding))
    refused(sent("/form", gzip.compress(b"q=SELECT+1&limit=" + b"1" * (1 << 20)), FORM, coding))
    refused(
        sent("/form", gzip.compress(gzip.compress(b"q=SELECT+1", mtime=0)), FORM, ("content-encoding", "gzip, gzip"))
    )
    refused(sent("/form", b"q=SELECT+1&limit=" + b"1" * (1 << 17), FORM))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (part("q", DROP) + END, PARTS),
        (part() + part("q", DROP) + END, PARTS),
        (part() + part("Q", DROP) + END, PARTS),
        (part() + part("role", "admin") + END, PARTS),
        (part() + part("_method", "DELETE") + END, PARTS),
        (part() + END + part("q", DROP) + END, PARTS),
        (part("q", DROP) + "\r\n" + part() + END, PARTS),
        ("x" + part() + END, PARTS),
        (part() + "--b--" + part("q", DROP), PARTS),
        (part("q", f'{GOOD}\n--b\nContent-Disposition: form-data; name="q"\n\n{DROP}') + END, PARTS),
        (part("q", "=44ROP TABLE x", "Content-Transfer-Encoding: quoted-printable") + END, PARTS),
        (part("q", base64.b64encode(DROP.encode()).decode(), "Content-Transfer-Encoding: base64") + END, PARTS),
        (part("q", "+AEQ-ROP TABLE x", "Content-Type: text/plain; charset=utf-7") + END, PARTS),
        (part("q", GOOD).replace('name="q"', 'name="a"; name="q"') + END, PARTS),
        (part("q", GOOD).replace('name="q"', "name=\"q\"; filename*=utf-8''x") + END, PARTS),
        (part("q", GOOD).replace('name="q"', "name*=utf-8''q") + END, PARTS),
        (part("q", GOOD).replace("form-data;", "form-data;\r\n ") + END, PARTS),
        (part("q", GOOD).replace("\r\n", "\n") + END, PARTS),
        (part().replace("--b", "--c") + "--c--\r\n", PARTS),
        (part() + END, "multipart/form-data; boundary=c; boundary=b"),
        (part() + END, "multipart/mixed; boundary=b"),
        (part() + END, FORM),
        (part() + END, JSON_TYPE),
        ("q=SELECT+1", PARTS),
        ('{"q": "SELECT 1"}', PARTS),
    ],
)
def test_a_multipart_body_in_disguise_does_not_pass(body: str, kind: str) -> None:
    """Where parsers see other parts, other names, other values."""
    refused(sent("/upload", body, kind))


@pytest.mark.parametrize(
    "body",
    [
        part() + END,
        part("q", GOOD, "Content-Type: text/plain; charset=utf-8") + END,
        part("q[]", GOOD) + part("q[]", "SELECT 2") + END,
    ],
)
def test_a_plain_multipart_body_passes(body: str) -> None:
    """The look-alikes."""
    passes(sent("/upload", body, PARTS))


@pytest.mark.parametrize(
    "query",
    [
        "q=DROP+TABLE+x",
        "q=SELECT+1&q=DROP+TABLE+x",
        "q=SELECT+1;q=DROP+TABLE+x",
        "q=SELECT+1&Q=DROP+TABLE+x",
        "q=SELECT+1&q[0]=DROP",
        "q=SELECT+1&x=1",
        "q=SELECT%2B1%26q=DROP+TABLE+x",
        "q=%44%52%4F%50+TABLE+x",
        "q=%FF",
        "q=%u0044ROP",
        "",
        "limit=5",
    ],
)
def test_a_query_in_disguise_does_not_pass(query: str) -> None:
    """What stands in the target is judged like a body."""
    refused(sent(f"/search?{query}", method="GET"))


def test_a_plain_query_passes() -> None:
    """The look-alike; with a body it is another request."""
    passes(sent("/search?q=SELECT+1&limit=5", method="GET"))
    refused(sent("/search?q=SELECT+1&limit=5", b"q=DROP", FORM, method="GET"))
    refused(sent("/search?q=SELECT+1", method="HEAD"))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"q":"SELECT 1"}\n{"q":"DROP TABLE x"}\n', LINES),
        ('{"index":{}}\n{"q":"DROP TABLE x"}', LINES),
        ('{"q":"SELECT 1"}\n{"delete":{"_id":"1"}}', LINES),
        ('{"q":"SELECT 1"}\r{"q":"DROP TABLE x"}', LINES),
        ('{"q":"SELECT 1"}\u2028{"q":"DROP TABLE x"}', LINES),
        ('{"q":"SELECT 1"}{"q":"DROP TABLE x"}', LINES),
        ('{"q":"SELECT 1","q":"DROP TABLE x"}', LINES),
        ('{"q":"SELECT 1"}\nq: DROP', LINES),
        ('[{"q":"DROP TABLE x"}]', LINES),
        ('\ufeff{"q":"SELECT 1"}', LINES),
        ('{"q":"SELECT 1"}', FORM),
        ('{"index":{}}', LINES),
    ],
)
def test_a_line_in_disguise_does_not_pass(body: str, kind: str) -> None:
    """Every line is judged."""
    refused(sent("/bulk", body, kind))


@pytest.mark.parametrize("kind", [LINES, JSON_TYPE])
def test_plain_lines_pass(kind: str) -> None:
    """Whatever such endpoints take."""
    passes(sent("/bulk", '{"index":{}}\n{"q":"SELECT 1"}\n\n{"index":{}}\n{"q":"SELECT 2"}\n', kind))


@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("/logs/_bulk", '{"delete":{"_id":"7"}}'),
        ("/logs/_bulk", '{"index":{"_id":"7"}}\n{"a":1}\n{"delete":{"_id":"7"}}'),
        ("/logs/_bulk", '{"index":{"_id":"7","_index":"orders"}}\n{"a":1}'),
        ("/logs/_bulk", '{"index":{"_id":"7"}}\n\n{"delete":{"_id":"7"}}'),
        ("/logs/_bulk/", '{"delete":{"_id":"7"}}'),
        ("/logs/%5Fbulk", '{"delete":{"_id":"7"}}'),
        ("/logs/_bulk", '{"delete":{"_id":"7"}}\r{"index":{"_id":"7"}}'),
        ("/logs/_bulk", '{"index":{"_index":"../orders","_id":"7"}}\n{"a":1}'),
    ],
)
def test_an_action_in_a_bulk_body_needs_its_own_rule(target: str, body: str) -> None:
    """It is the request it stands for."""
    for kind in (LINES, JSON_TYPE, "text/plain", ""):
        refused(sent(target, body, kind))
    passes(sent("/logs/_bulk", '{"index":{"_id":"7"}}\n{"delete":{"_id":"7"}}\n', LINES))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ([{"op": "replace", "path": "/q", "value": DROP}], PATCH),
        ([{"op": "replace", "path": "/q", "value": DROP}], JSON_TYPE),
        ([{"op": "add", "path": "", "value": {"q": DROP}}], PATCH),
        ([{"op": "add", "path": "/q", "value": GOOD}, {"op": "copy", "from": "/draft", "path": "/q"}], PATCH),
        ([{"op": "move", "from": "/draft", "path": "/q"}], PATCH),
        ([{"op": "add", "path": "/q", "value": GOOD}, {"op": "replace", "path": "/role", "value": "admin"}], PATCH),
        ([{"op": "add", "path": "/q", "value": GOOD}, {"op": "remove", "path": "/q"}], PATCH),
        ([{"op": "add", "path": "/q", "value": {"text": DROP}}], PATCH),
        ([{"op": "add", "path": "q", "value": GOOD}], PATCH),
        ([{"op": "Replace", "path": "/q", "value": GOOD}], PATCH),
        ([{"Op": "replace", "Path": "/q", "Value": DROP}], JSON_TYPE),
        ([{"op": "replace", "path": "/Q", "value": DROP}], PATCH),
        ([{"op": "replace", "path": "/~0q", "value": DROP}, {"op": "add", "path": "/q", "value": GOOD}], PATCH),
        ({"q": DROP}, "application/merge-patch+json"),
        ({"q": None}, "application/merge-patch+json"),
        ({"q": GOOD, "role": "admin"}, "application/merge-patch+json"),
        ({"q": GOOD}, PATCH),
    ],
)
def test_a_patch_in_disguise_does_not_pass(body: JSON, kind: str) -> None:
    """A command is written by a change as well as by a document."""
    refused(sent("/jobs/7", json.dumps(body), kind, method="PATCH"))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ([{"op": "replace", "path": "/q", "value": GOOD}], PATCH),
        ([{"op": "test", "path": "/q", "value": "SELECT 2"}, {"op": "replace", "path": "/q", "value": GOOD}], PATCH),
        ([{"op": "replace", "path": "/q", "value": GOOD}, {"op": "add", "path": "/limit", "value": 3}], PATCH),
        ({"q": GOOD, "limit": 3}, "application/merge-patch+json"),
        ({"q": GOOD}, JSON_TYPE),
    ],
)
def test_a_plain_patch_passes(body: JSON, kind: str) -> None:
    """The look-alikes."""
    passes(sent("/jobs/7", json.dumps(body), kind, method="PATCH"))


@pytest.mark.parametrize(
    ("body", "kind", "headers"),
    [
        ("text=x", FORM, (("x-http-method-override", "DELETE"),)),
        ("text=x", FORM, (("x-http-method-override", "delete"),)),
        ("text=x", FORM, (("x-http-method-override", "POST, DELETE"),)),
        ("text=x&_method=DELETE", FORM, ()),
        ("text=x&_METHOD=delete", FORM, ()),
        ("text=x&%5Fmethod=PUT", FORM, ()),
        ("%5f%6d%65%74%68%6f%64=DELETE", FORM, ()),
        ("_\0m\0e\0t\0h\0o\0d\0=\0D\0E\0L\0", f"{FORM}; charset=utf-16le", ()),
        (part("_m\\ethod", "DELETE") + END, PARTS, ()),
        (part("%5Fmethod", "DELETE") + END, PARTS, ()),
        (part("x", "DELETE").replace('name="x"', "name*=utf-8''%5Fmethod") + END, PARTS, ()),
        ('{"_method": "DELETE"}', JSON_TYPE, ()),
        (part("_method", "DELETE") + END, PARTS, ()),
        (part("_method", "DELETE").replace('"', "") + END, PARTS, ()),
        (part("_method", "DELETE").replace("name=", "x=y; name=") + END, PARTS, ()),
    ],
)
def test_an_overridden_method_needs_its_own_rule(body: str, kind: str, headers: tuple[tuple[str, str], ...]) -> None:
    """The request is both."""
    refused(sent("/notes/7", body, kind, *headers))


@pytest.mark.parametrize(
    ("body", "headers"),
    [("text=x", ()), ("text=_method", ()), ("text=x", (("x-method-override", "DELETE"),)),
     ("text=x", (("x-http-method-override", "POST"),))],
)  # fmt: skip
def test_a_note_passes(body: str, headers: tuple[tuple[str, str], ...]) -> None:
    """The look-alikes: a header that is dropped overrides nothing."""
    passes(sent("/notes/7", body, FORM, *headers))


@pytest.mark.parametrize(
    ("body", "target"),
    [
        ({"query": "mutation { drop }"}, "/graphql"),
        ({"query": "{ me: drop }"}, "/graphql"),
        ({"query": "mutation { me: drop }"}, "/graphql"),
        ({"query": "mutation { ...F } fragment F on M { drop }"}, "/graphql"),
        ({"query": "mutation { addNote drop }"}, "/graphql"),
        ({"query": "query A { me } mutation B { drop }", "operationName": "A"}, "/graphql"),
        ([{"query": "{ me }"}, {"query": "mutation { drop }"}], "/graphql"),
        ({"query": "{ __schema { types { name } } }"}, "/graphql"),
        ({"query": '{ ... on Query { __type(name: "x") { name } } }'}, "/graphql"),
        ({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}}, "/graphql"),
        ({"query": "{ me }", "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}}, "/graphql"),
        ({"id": "abc"}, "/graphql"),
        ({"query": "{ me }", "documentId": "abc"}, "/graphql"),
        ({"query": "{ me }"}, "/graphql?query=mutation%7Bdrop%7D"),
        ({"query": "{ me }"}, "/graphql?debug=1"),
        ({"query": "{ me }"}, "/admin/api"),
        ({"query": "mutation { drop }", "x": 1}, "/admin/api"),
        ({"query": "{ me @include(if: false) drop }"}, "/graphql"),
        ({"query": "{ me #\r drop }"}, "/graphql"),
        ({"query": "subscription { me }"}, "/graphql"),
        ({"query": "{ me }", "_method": "DELETE"}, "/graphql"),
        ({"query": "{ a: me ... on Query { b: drop } }"}, "/graphql"),
        ({"query": "fragment F on Q { ...G } fragment G on Q { drop } query { ...F }"}, "/graphql"),
        ({"query": "query A { me } query B { drop }", "operationName": "B"}, "/graphql"),
        ({"query": 'mutation { a: addNote(text: "x") { id } b: drop }'}, "/graphql"),
        ({"query": "\ufeff{ drop }"}, "/graphql"),
        ({"query": '{ run(args: {list: [{sql: "DROP TABLE x"}]}) }'}, "/graphql"),
        ({"query": '{ run(sql: """DROP TABLE x""") }'}, "/graphql"),
        ({"query": '{ run(sql: "D\\u0052OP TABLE x") }'}, "/graphql"),
        ({"query": '{ run(stmt: "DROP TABLE x") }'}, "/graphql"),
        ({"query": "query($a: I) { run(a: $a) }", "variables": {"a": {"statement": DROP}}}, "/graphql"),
        ({"query": 'query($a: I = {sql: "DROP TABLE x"}) { run(a: $a) }'}, "/graphql"),
        ({"query": "{ run }", "variables": {"filter": json.dumps({"sql": DROP})}}, "/graphql"),
        ({"query": '{ run(sql: "DROP TABLE x") }'}, "/graphql"),
        ({"query": "query($s: String!) { run(sql: $s) }", "variables": {"s": DROP}}, "/graphql"),
        ({"query": 'query($s: String = "DROP TABLE x") { run(sql: $s) }'}, "/graphql"),
        ({"query": "{ run }", "variables": {"note": base64.b64encode(DROP.encode()).decode()}}, "/graphql"),
        ({"query": "{ me } # { \n mutation { drop }"}, "/graphql"),
        ({"query": "{ me }\nmutation M { drop }"}, "/graphql"),
        ({"query": '{ me @run(sql: "DROP TABLE x") }'}, "/graphql"),
        ({"query": 'query @run(sql: "DROP TABLE x") { me }'}, "/graphql"),
        ({"query": '{ me { name @run(sql: "DROP TABLE x") } }'}, "/graphql"),
        ({"query": 'query($sql: String = "DROP TABLE x") { me }'}, "/graphql"),
        ({"query": "{me" * 200 + "}" * 200}, "/graphql"),
        ({"query": ["{ me }"]}, "/graphql"),
        ({"query": "{ me }", "extensions": {"sql": "DROP TABLE x"}}, "/graphql"),
        ({"query": "{ me }", "extensions": {"run": {"command": RM}}}, "/graphql"),
        ({"query": "{ me }", "extensions": {"note": base64.b64encode(DROP.encode()).decode()}}, "/graphql"),
        ([{"query": "{ me }"}, {"query": "{ me }", "extensions": {"sql": "DROP TABLE x"}}], "/graphql"),
        ({"query": "{ me }", "Variables": {"sql": "DROP TABLE x"}}, "/graphql"),
        ({"query": "query($s: [String!]) { run(sql: $s) }", "variables": {"s": ["SELECT 1", DROP]}}, "/graphql"),
        ({"query": '{ run(sql: "DR\\u004fP TABLE x") }'}, "/graphql"),
        ({"query": '{ run(sql: "SELECT 1; DROP TABLE x") }'}, "/graphql"),
        ({"query": '{ run(opts: {sql: "DROP TABLE x"}) }'}, "/graphql"),
        ({"query": "{ me ...F } fragment F on Query { ...G } fragment G on Query { drop }"}, "/graphql"),
        ({"query": "mutation { addNote: drop }"}, "/graphql"),
        ({"query": "mutation addNote { drop }"}, "/graphql"),
        ({"query": "mutation { me }"}, "/graphql"),
        ({"query": "{ Me }"}, "/graphql"),
        ({"query": "{ _entities(representations: []) { id } }"}, "/graphql"),
        ({"query": "extend type Query { a: Int } { me }"}, "/graphql"),
        ([], "/graphql"),
        ([[{"query": "{ me }"}]], "/graphql"),
    ],
)
def test_graphql_in_disguise_does_not_pass(body: JSON, target: str) -> None:
    """Every field of every operation counts."""
    refused(sent(target, json.dumps(body), JSON_TYPE, on="graph"))


@pytest.mark.parametrize(
    ("target", "body", "kind", "method"),
    [
        ("/graphql?query=mutation%7Bdrop%7D", b"", "", "GET"),
        ("/graphql?query=%7Bme%7D&query=mutation%7Bdrop%7D", b"", "", "GET"),
        ("/graphql", urlencode({"query": "mutation{drop}"}).encode(), FORM, "POST"),
        ("/graphql", b"mutation{drop}", "application/graphql", "POST"),
        ("/graphql", b"{ me }", "application/graphql", "POST"),
        ("/graphql", b'{"query":"{me}","query":"mutation{drop}"}', JSON_TYPE, "POST"),
        ("/graphql", upload('{"query":"{me}"}', '{"0":["query"]}', "{drop}"), PARTS, "POST"),
    ],
)  # fmt: skip
def test_graphql_elsewhere_does_not_pass(target: str, body: bytes, kind: str, method: str) -> None:
    """In the query, a form, an upload."""
    refused(sent(target, body, kind, on="graph", method=method))


@pytest.mark.parametrize(
    ("target", "body", "kind", "method"),
    [
        ("/graphql", b'{"query":"query Q { me { name } }","operationName":"Q","variables":{}}', JSON_TYPE, "POST"),
        ("/graphql", b'[{"query":"{me}"},{"query":"mutation{addNote(text:\\"DROP x\\"){id}}"}]', JSON_TYPE, "POST"),
        ("/graphql", b'{"query":"{ drop: me }"}', JSON_TYPE, "POST"),
        ("/graphql", b'{"query":"{ run(sql: \\"SELECT 1\\") }"}', JSON_TYPE, "POST"),
        ("/graphql?query=%7Bme%7D", b"", "", "GET"),
        ("/graphql", b'{"query":"{me}","extensions":{"trace":{"id":"DROP 7"}},"variables":{"n":1}}', JSON_TYPE, "POST"),
        ("/graphql", b'{"query":"{ me ...F } fragment F on Q { ...G } fragment G on Q { me }"}', JSON_TYPE, "POST"),
        ("/graphql", b'{"query":"{ run(sql: \\"\\"\\"SELECT 1\\"\\"\\") }"}', JSON_TYPE, "POST"),
        ("/graphql", b'{"query":"query($s: String) { run(sql: $s) }","variables":{"s":"SELECT 1"}}', JSON_TYPE, "POST"),
        ("/graphql", b'{"query":"query drop { me { name } }","operationName":"drop"}', JSON_TYPE, "POST"),
        ("/graphql", b'[{"query":"{me}"},{"query":"{me}"}]', JSON_TYPE, "POST"),
        ("/graphql", b'{"query":"{ me # DROP TABLE x\\n }"}', JSON_TYPE, "POST"),
        ("/graphql", b"query=%7Bme%7D", FORM, "POST"),
        ("/graphql", upload('{"query":"{me}","variables":{"f":null}}', '{"0":["variables.f"]}', "x"), PARTS, "POST"),
    ],
)  # fmt: skip
def test_plain_graphql_passes(target: str, body: bytes, kind: str, method: str) -> None:
    """The look-alikes."""
    passes(sent(target, body, kind, on="graph", method=method))


def b64(text: str | bytes) -> str:
    """Standard base64."""
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


HIDDEN = [
    b64(RM),
    b64(RM).rstrip("="),
    base64.urlsafe_b64encode(RM.encode()).decode(),
    b64(b64(b64(RM))),
    b64(gzip.compress(RM.encode(), mtime=0)),
    b64(RM.encode("utf-16-le")),
    RM.encode().hex(),
    RM.encode().hex(" "),
    quote(RM, safe="").replace("r", "%72", 1),
    quote(quote(RM, safe=""), safe="").replace("r", "%2572", 1),
    "".join(f"\\u{ord(char):04x}" for char in RM),
    "".join(f"\\x{ord(char):02x}" for char in RM),
    "".join(f"&#{ord(char)};" for char in RM),
    json.dumps({"command": RM}),
    json.dumps({"cmd": ["rm", "-rf", "src"]}),
    json.dumps(json.dumps({"sql": DROP})),
    b64(json.dumps({"sql": DROP})),
    b64(DROP),
    f"run this please: {b64(RM + ' lib docs tests')} (as agreed)",
    f"data:text/plain;base64,{b64(RM + ' lib docs tests')}",
]


@pytest.mark.parametrize("value", HIDDEN)
def test_a_command_in_an_encoding_does_not_pass(value: str) -> None:
    """In any argument of a tool, on its connection and when the model proposes it; at any depth."""
    refused(call("do_it", {"note": value}))
    refused(call("do_it", {"a": [{"b": value}]}))
    refused(propose("mcp__server__do_it", {"note": value}))


@pytest.mark.parametrize("value", HIDDEN[:15])
def test_a_declared_command_in_an_encoding_does_not_pass(value: str) -> None:
    """It is judged as it stands, and as what is inside."""
    refused(sent("/run", json.dumps({"job": value}), JSON_TYPE))


@pytest.mark.parametrize("job", ["ls -l", ["ls", "-l"], {"cmd": ["ls", "-l"]}, {"command": "ls", "args": ["-l"]}])
def test_a_command_may_be_words_or_a_template(job: JSON) -> None:
    """With nothing beside it."""
    passes(sent("/run", json.dumps({"job": job}), JSON_TYPE))
    refused(sent("/run", json.dumps({"job": {"cmd": job, "shell": "x"}}), JSON_TYPE))


@pytest.mark.parametrize(
    "value",
    [
        "rm -rf src",
        "How to DROP TABLE x &amp; other stories",
        b64("The quick brown fox jumps over the lazy dog."),
        b64("def main():\n    print('hello')\n"),
        b64("SELECTED works. From the list of customers"),
        b64(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40),
        b64(gzip.compress(b"plain log line\n" * 500, mtime=0)),
        "3fa85f64-5717-4562-b3fc-2c963f66afa6",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJlcmlrYSJ9.dozjgNryP4J3jDmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
        json.dumps({"name": "x", "scripts": {"clean": "rm -rf dist"}, "command": "npx -y server"}),
        json.dumps({"query": "refund policy", "filter": {"a": [1, 2]}}),
        "https://x.example/?q=drop%20table%20mats",
    ],
)
def test_ordinary_values_pass(value: str) -> None:
    """The look-alikes."""
    for verdict in (call("do_it", {"note": value}), propose("mcp__server__do_it", {"note": value})):
        passes(verdict)
