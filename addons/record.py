"""`mitmdump -s addons/record.py`: the record stage alone."""

from interlock.mitm.entry import stages

addons = stages("record")
