"""The invented customers that every demo service shows: no such people, accounts, cards or numbers exist.

The card numbers are published test numbers, the IBANs those of bank documentation, the social security number
is one that was printed in advertisements and is never valid.
"""

from __future__ import annotations

__all__ = ["COLUMNS", "CUSTOMERS", "PERSONAL"]

COLUMNS = ("id", "name", "email", "phone", "iban", "card", "ssn", "city")

CUSTOMERS: tuple[tuple[int | str, ...], ...] = (
    (1, "Erika Mustermann", "erika.mustermann@example.com", "+49 30 23125 123", "DE02120300000000202051",
     "4242 4242 4242 4242", "219-09-9999", "Berlin"),
    (2, "Jean Dupont", "jean.dupont@example.org", "+33 1 99 00 12 34", "FR7630006000011234567890189",
     "5555 5555 5555 4444", "219-09-9999", "Lyon"),
    (3, "Max Mustermann", "max.mustermann@example.net", "+49 30 23125 456", "DE89370400440532013000",
     "4000 0566 5566 5556", "219-09-9999", "Hamburg"),
)  # fmt: skip

PERSONAL = tuple(str(row[COLUMNS.index(column)]) for row in CUSTOMERS for column in ("email", "iban", "card", "ssn"))
"""What must never reach an agent or a model: e-mail addresses, IBANs, cards, social security numbers."""
