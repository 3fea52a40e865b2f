"""`mitmdump -s addons/bundle.py`: the whole pipeline, in the order of its stages."""

from interlock.mitm.entry import stages

addons = stages("authenticate", "authorize", "approve", "mask", "record", "inject")
