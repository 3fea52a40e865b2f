"""`python -m interlock.demo`, which is what scripts/demo runs."""

from __future__ import annotations

import signal
import sys

from interlock.demo.play import main

for number in (signal.SIGTERM, signal.SIGHUP):  # a closed terminal, too, ends what was started
    signal.signal(number, signal.default_int_handler)
sys.exit(main())
