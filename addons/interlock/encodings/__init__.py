"""Text in disguise: spellings folded into one, and encodings undone within bounds."""

from __future__ import annotations

from interlock.encodings.decoders import Budget
from interlock.encodings.fold import plain, skeleton
from interlock.encodings.layers import Layer, Layers, unwrap

__all__ = ["Budget", "Layer", "Layers", "plain", "skeleton", "unwrap"]
