"""E-mail addresses whose local part is quoted (RFC 5321, section 4.1.2): `"erika mustermann"@example.com`."""

from __future__ import annotations

from interlock.masking.detector import Detector, fullest

__all__ = ["PART"]

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~. @\-]{1,64}"

PART = Detector(
    name="email-quoted",
    kind="email",
    pattern=rf'\\?"{_LOCAL}\\?"@(?:[A-Za-z0-9\-]{{1,63}}\.){{1,8}}[A-Za-z]{{2,24}}',
    needs='"@',
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+/=?^_`{|}~. -\\\"@",
    begins='"\\',
    length=4 + 64 + 1 + 8 * 64 + 24 + 2,
    escaped=True,
    retry=True,
    judge=fullest,
    hits=(
        'mail «"erika mustermann"@example.com».',
        '«"very.unusual.@.unusual.com"@example.com»',
        '{"to": "«\\"a.b..c\\"@example.org»"}',
    ),
    misses=('"erika"@ the door', '"@example.com', 'a "quoted" word, b@example'),
)
