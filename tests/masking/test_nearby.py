"""Words before a candidate."""

from __future__ import annotations

from interlock.masking.nearby import directly, near


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
