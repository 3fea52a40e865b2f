"""multipart/form-data: plain bodies are read, anything parsers differ on is refused."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import BodyRejected
from interlock.protocols.multipart import parts_of, read_multipart

TYPE = "multipart/form-data; boundary=b"


def field(name: str = "q", value: str = "SELECT 1", *lines: str) -> str:
    """One part."""
    head = "\r\n".join((f'Content-Disposition: form-data; name="{name}"', *lines))
    return f"--b\r\n{head}\r\n\r\n{value}\r\n"


def raw(head: str, value: str = "x") -> str:
    """One part with a head of its own."""
    return f"--b\r\n{head}\r\n\r\n{value}\r\n"


END = "--b--\r\n"
NAMED = 'Content-Disposition: form-data; name="q"'


def test_what_a_real_client_sends_is_read() -> None:
    """Texts, files, JSON parts, lists, names outside ASCII."""
    request = httpx.Request(
        "POST",
        "https://api.example.com/",
        data={"q": "SELECT 1", "ü": "ö", "a[]": ["1", "2"]},
        files={"script": ("x.sql", b"SELECT 2", "text/plain"), "image": ("x.png", b"\x89PNG\xff", "image/png"),
               "job": ("job.json", b'{"sql": "SELECT 3"}', "application/json")},
    )  # fmt: skip
    assert read_multipart(request.headers["content-type"], request.read()) == {
        "q": "SELECT 1", "ü": "ö", "a": ["1", "2"], "script": "SELECT 2", "image": None, "job": {"sql": "SELECT 3"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (TYPE, field() + "--b--"),
        ('multipart/form-data; boundary="b"', field() + END),
        ("Multipart/Form-Data;boundary=b; charset=utf-8", field() + END),
        (TYPE, field("q", "SELECT 1", "Content-Type: text/plain; charset=UTF-8") + END),
        (TYPE, field("q", "SELECT 1", "Content-Transfer-Encoding: 8bit", "Content-Length: 8") + END),
        (TYPE, raw("content-disposition: form-data; name=q", "SELECT 1") + END),
    ],
)
def test_small_differences_that_mean_nothing_pass(kind: str, body: str) -> None:
    """Quotes, case, a harmless header."""
    assert read_multipart(kind, body.encode()) == {"q": "SELECT 1"}


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data",
        "multipart/mixed; boundary=b",
        "multipart/form-data; boundary=b; boundary=c",
        "multipart/form-data; boundary=",
        'multipart/form-data; boundary="b',
        "multipart/form-data; boundary=b, multipart/form-data; boundary=c",
        "multipart/form-data; boundary*=utf-8''b",
        "multipart/form-data; boundary*0=b",
        "multipart/form-data; x=1; boundary=b",
        'multipart/form-data; boundary="b\\c"',
        "multipart/form-data; boundary=b; charset=utf-7",
        "multipart/form-data boundary=b",
        f"multipart/form-data; boundary={'b' * 71}",
    ],
)
def test_a_boundary_that_is_not_plain_is_refused(kind: str) -> None:
    """Parsers take different ones."""
    with pytest.raises(BodyRejected):
        parts_of(kind, (field() + END).encode())


@pytest.mark.parametrize(
    "body",
    [
        "",
        END,
        field(),
        "preamble\r\n" + field() + END,
        "\r\n" + field() + END,
        field() + END + field("r") + END,
        field() + END + "epilogue",
        field().replace("\r\n", "\n") + "--b--\n",
        field("a", 'x\n--b\nContent-Disposition: form-data; name="q"\n\nDROP TABLE x') + END,
        field("a", "x\r--b") + END,
        field("a", "--bb") + END,
        field("a", "x\r\n--b \r\n") + END,
        field() + "--b-- \r\n",
        field() + "--b-\r\n",
        field() + field() + END,
        field() + field("Q") + END,
        field("q[a]") + field("q") + END,
        raw("Content-Type: text/plain") + END,
        raw('Content-Disposition: attachment; name="q"') + END,
        raw('Content-Disposition: form-data; name=""') + END,
        raw("Content-Disposition: form-data") + END,
        raw('Content-Disposition: form-data; name="q"; name="r"') + END,
        raw('Content-Disposition: form-data; name="q"; Name="r"') + END,
        raw("Content-Disposition: form-data; name*=utf-8''q") + END,
        raw("Content-Disposition: form-data; name=\"q\"; filename*=utf-8''x") + END,
        raw('Content-Disposition: form-data; name="q\\"; filename=\\"x"') + END,
        raw("Content-Disposition: form-data; name='q'") + END,
        raw('Content-Disposition: form-data; filename="x; name=q"') + END,
        raw('Content-Disposition: form-data;\r\n name="q"') + END,
        raw(f"{NAMED}\r\n{NAMED}") + END,
        raw(f"{NAMED}\r\nContent-Type : text/plain") + END,
        raw(f"{NAMED}\r\nX-Other: 1") + END,
        raw(f"{NAMED}\r\nContent-Transfer-Encoding: base64", "RFJPUA==") + END,
        raw(f"{NAMED}\r\nContent-Transfer-Encoding: quoted-printable", "=44ROP") + END,
        raw(f"{NAMED}\r\nContent-Type: text/plain; charset=utf-7") + END,
        raw(f"{NAMED}\r\nContent-Type: text/plain; charset=utf-16") + END,
        raw(f"{NAMED}\r\nContent-Type: multipart/mixed; boundary=c", "--c\r\n\r\nx\r\n--c--") + END,
        raw(f"{NAMED}\r\nContent-Length: 1", "DROP") + END,
        raw(f"{NAMED}\r\nContent-Type: application/json", '{"a":1,"a":2}') + END,
        raw(f"{NAMED}\nContent-Type: text/plain") + END,
        raw(f"{NAMED}\0") + END,
        raw("_: x\r\n" + NAMED) + END,
        raw(NAMED + "\r\nx" * 5000) + END,
        "--b\r\n" + NAMED + "\r\n" + END,
        field("_charset_", "utf-7") + END,
        field("a\tb") + END,
        "".join(field(f"a{index}") for index in range(1001)) + END,
    ],
)
def test_a_body_that_parsers_read_differently_is_refused(body: str) -> None:
    """Nothing is repaired."""
    with pytest.raises(BodyRejected):
        read_multipart(TYPE, body.encode())


def test_bytes_outside_utf_8_are_refused_in_fields_and_heads() -> None:
    """A file may hold them: its value is then no text."""
    for part in (field().replace("SELECT", "\xff"), field().replace('"q"', '"\xff"')):
        with pytest.raises(BodyRejected):
            read_multipart(TYPE, (part + END).encode("latin-1"))


@given(
    st.lists(
        st.sampled_from(["--b", "--b--", "\r\n", "\n", NAMED, "\r\n\r\n", "x", "--", '"', "; filename=x"]), max_size=14
    )
)
@settings(max_examples=100, deadline=None)
def test_nothing_else_is_raised(pieces: list[str]) -> None:
    """On any arrangement."""
    try:
        read_multipart(TYPE, "".join(pieces).encode())
    except BodyRejected:
        return
