"""What masking leaves in a text: a redaction, a hash or a token."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["MARKS", "MASKED"]

_MARK: Final = r"<[a-z0-9-]+:(?:[A-Z2-7]{16}|[0-9a-f]{16})>|\[redacted:[a-z0-9-]+\]"

MARKS: Final = re.compile(_MARK.encode())
"""As `masking.actions` writes them. Linear: no part of it can match in two ways."""

MASKED: Final = re.compile(f"{_MARK}|⟦")
"""The same in a text, also as people are shown what a mask covers (`approval.shown`)."""
