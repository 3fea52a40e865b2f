"""`mitmdump -s addons/mask.py`: the mask stage alone."""

from interlock.mitm.entry import stages

addons = stages("mask")
