"""Words before a candidate."""

from __future__ import annotations

from interlock.masking.nearby import Said, before, directly, heading, near


def test_a_word_nearby_is_found_in_any_spelling():
    """Case and separators aside, within 64 bytes, and not in another text."""
    asks = near("tax id", "bsn", "егн")
    for text in (b"Tax-ID: ", b"tax_id = ", b"TAXID ", b"my bsn is maybe ", b"customer_bsn: ", "ЕГН ".encode()):
        assert asks(text, len(text)), text
    for text in (b"absnt ", b"bsn" + b" " * 70, b"bsn\0", b"", b"taxi "):
        assert not asks(text, len(text)), text


def test_directly_asks_for_the_name_of_a_value():
    """Only the name that the value is given to counts, quoted or not."""
    asks = directly("password")
    for text in (b"db_password", b'"password"', b'\\"Password\\" ', b"PASSWORD_2"):
        assert asks(text, len(text)), text
    for text in (b"password is short, name", b"passwor"):
        assert not asks(text, len(text)), text


def test_a_heading_stands_in_the_same_column():
    """Cells are counted; a line that was cut off, one with digits, and another text say nothing."""
    asks = heading("ssn", "social security")
    for text in (
        b"id,ssn\n1,",
        b"ssn\n",
        b" id | ssn \n----+-----\n 17 | ",
        b"a;SSN;b\n1;2;3\n4;",
        b'"ssn"\n"',
        b"x\0id\tssn\n1\t",
    ):
        assert asks(text, len(text)), text
    for text in (
        b"ssn,id\n1,",
        b"ssn\0\n",
        b"ssn",
        b"id,ssn\n1,2,",
        b"a,ssn 1\nb,",
        b"x" * 60 + b",ssn\n1,",
        b"ssn\nis ",
    ):
        assert not asks(text, len(text)), text


def test_what_was_said_before_is_said_in_the_same_line():
    """Or above, in the same column."""
    asks = before("dob")
    for text in (b"DOB: ", b"dob (as told) ", b"id,dob\n1,"):
        assert asks(text, len(text)), text
    for text in (b"dob 1 ", b"dob\nis ", b"dob,id\n1,"):
        assert not asks(text, len(text)), text


def test_what_may_be_said_is_asked_first():
    """What is asked first misses no word, whatever its case; what it finds within others is none."""
    said = Said(("tax id", "straße", "dob"), r"[: ]{0,2}\Z")
    for text in (b"my Tax-ID: ", b"STRASSE ", "Straße".encode(), b"userDob", b"dobs of dob "):
        assert said.search(text, 0, len(text)), text
    for text in (b"taxidermy", b"adobe", b"tax", b"dob or not"):
        assert not said.search(text, 0, len(text)), text
    assert not said.search(b"tax id", 1, 6)
    assert not said.search(b"adob", 1)
    assert not said.search(b"tax id", 0, -1)
