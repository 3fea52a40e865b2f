"""`mitmdump -s addons/authenticate.py`: the authenticate stage alone."""

from interlock.mitm.entry import stages

addons = stages("authenticate")
