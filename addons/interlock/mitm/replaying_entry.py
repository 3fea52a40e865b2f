"""`mitmdump -s .../replaying_entry.py`: answers from a recording. Loaded as a script, in a process of its own."""

from interlock.mitm.replaying import Replaying

addons = [Replaying()]
