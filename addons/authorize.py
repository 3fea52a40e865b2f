"""`mitmdump -s addons/authorize.py`: the authorize stage alone."""

from interlock.mitm.entry import stages

addons = stages("authorize")
