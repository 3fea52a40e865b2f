"""`python -m interlock.demo`, which is what scripts/demo runs."""

from __future__ import annotations

import sys

from interlock.demo.play import main

sys.exit(main())
