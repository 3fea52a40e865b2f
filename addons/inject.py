"""`mitmdump -s addons/inject.py`: the inject stage alone."""

from interlock.mitm.entry import stages

addons = stages("inject")
