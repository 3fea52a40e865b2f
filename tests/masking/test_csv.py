"""Tables as text."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from interlock.errors import BodyRejected
from interlock.masking import Masker, MaskRule
from interlock.reasons import Reason

MASKER = Masker(
    [
        MaskRule("names", "redact", fields=frozenset({"ssn", "lastname"})),
        MaskRule("mails", "redact", detect=("email",)),
        MaskRule("pins", "drop", fields=frozenset({"pin"})),
    ],
    b"k" * 32,
)
X, M = "[redacted:names]", "[redacted:email]"


@pytest.mark.parametrize(
    ("table", "masked"),
    [
        ("id,SSN,n\n1,12 3,x\n", f"id,SSN,n\n1,{X},x\n"),
        ('id;"Last-Name"\r\n1;"Mü""ller"\r\n\r\n2;M\r\n', f'id;"Last-Name"\r\n1;"{X}"\r\n\r\n2;{X}\r\n'),
        ("\ufeffssn\tpin\n1\t2", f"\ufeffssn\tpin\n{X}\t"),
        ("ssn\n1\n", f"ssn\n{X}\n"),
        ('ssn|a\n"1\n2"|3\n', f'ssn|a\n"{X}"|3\n'),
        ("a,ssn,b\n1,2\n1,2,3,4\n", f"a,ssn,b\n1,{X}\n1,{X},{X},{X}\n"),
        ("a,ssn\n1,\n1,erika@example.com\nerika@example.com,2", f"a,ssn\n1,\n1,{M}\n{M},{X}"),
        ("a,b\n1,erika@example.com\n", f"a,b\n1,{M}\n"),
        ("\n\nssn,a\n1,2\n", f"\n\nssn,a\n{X},2\n"),
        ("", ""),
        ("ssn,a", "ssn,a"),
    ],
)
def test_names_in_the_first_line_choose_columns(table, masked):
    """Quoted or not, under any separator; a row that is too long may have shifted; detectors see the rest."""
    assert MASKER.fields(table, "csv").text == masked


def test_findings_say_the_line():
    """Not the value, and not where in the line it stood."""
    findings = MASKER.fields("ssn,a\n1,erika@example.com\n", "csv").findings
    assert [(found.rule, found.detector, found.place) for found in findings] == [
        ("names", "field", "line 2"),
        ("mails", "email", "line 2"),
    ]


def test_a_table_whose_quotes_do_not_end_is_rejected():
    """Where columns are masked nobody can say which cell is whose."""
    with pytest.raises(BodyRejected) as caught:
        MASKER.fields('a,ssn\n"1,2\n', "csv")
    assert caught.value.reason is Reason.BODY_UNPARSABLE


@given(
    rows=st.lists(st.lists(st.text(alphabet='ab,;"\n\r é', max_size=6), min_size=3, max_size=3), min_size=1, max_size=4)
)
@example(rows=[["", "", "\n,;"]])
@settings(max_examples=100, deadline=None)
def test_a_readers_cells_are_what_is_masked(rows):
    """Whatever the cells hold, the standard library reads the same table back, but for the chosen column."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["x", "ssn", "y"], *rows])
    found = list(csv.reader(io.StringIO(MASKER.fields(out.getvalue(), "csv").text, newline="")))
    assert found[1:] == [[one, X if two else two, three] for one, two, three in rows]


NUMBERS = Masker([MaskRule("numbers", detect=("nl-bsn", "us-ssn-bare", "secret-value"))], b"k" * 32)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_columns_name_counts_in_every_row(separator):
    """What nine digits are is said once, at the top, however far down they stand."""
    rows = [["id", "remark", "BSN"], *[[str(number), "x" * 90, "123456782"] for number in range(50)]]
    table = "\n".join(separator.join(row) for row in rows)
    masked = NUMBERS.fields(table, "csv")
    assert masked.text == table.replace("123456782", "[redacted:nl-bsn]")
    assert [found.place for found in masked.findings] == [f"line {number}" for number in range(2, 52)]


@pytest.mark.parametrize(
    "table",
    [
        "id,order,n\n" + "1,123456782,x\n" * 3,
        "bsn,note,order\n" + f"0,{'x' * 90},123456782\n" * 3,
        "order\n123456782\n",
        "bsn\n123456789\n",
    ],
)
def test_other_columns_stay(table):
    """A number without its check digit too."""
    assert NUMBERS.fields(table, "csv").text == table


def test_quoted_cells_and_shifted_rows_are_searched_by_name():
    """A row that is too long may have shifted."""
    far, x = "x" * 90, "[redacted:nl-bsn]"
    table = f'bsn;note\n{far};\n"123456782";{far}\n;123456782\n{far};y;123456782\n'
    assert NUMBERS.fields(table, "csv").text == f'bsn;note\n{far};\n"{x}";{far}\n;123456782\n{far};y;{x}\n'
