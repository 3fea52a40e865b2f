"""The nodes of a shell text's tree in order, with those around each.

The parser's own `parent` looks for a node from the root, which costs as much as the node has siblings.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["Nodes"]


class Nodes(list[Any]):
    """All named nodes of a tree, in order of appearance."""

    def __init__(self) -> None:
        super().__init__()
        self._parents: dict[int, Any] = {}

    def add(self, node: Any) -> list[Any]:
        """A node is one of these from now on; its named children, whose parent it is known to be."""
        self.append(node)
        children: list[Any] = node.named_children
        for child in children:
            self._parents[child.id] = node
        return children

    def parent(self, node: Any) -> Any:
        """What a node stands in; None for the root."""
        return self._parents.get(node.id)

    def around(self, node: Any) -> Iterator[Any]:
        """What a node stands in, innermost first."""
        parent = self.parent(node)
        while parent is not None:
            yield parent
            parent = self.parent(parent)
