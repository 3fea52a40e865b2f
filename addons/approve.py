"""`mitmdump -s addons/approve.py`: the approve stage alone."""

from interlock.mitm.entry import stages

addons = stages("approve")
