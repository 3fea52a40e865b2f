"""Every node of a tree is known with what it stands in."""

from __future__ import annotations

from interlock.commands.shell_parse import parse


def test_each_node_stands_in_its_parent() -> None:
    """What is around a node is what the parser says, to the root, which stands in nothing."""
    root, nodes, _ = parse("if a; then b $(c 'd') | e; fi && f() { g; }")
    assert nodes[0].id == root.id
    assert nodes.parent(nodes[0]) is None
    for node in nodes[1:]:
        around = list(nodes.around(node))
        assert around[0] is nodes.parent(node)
        assert around[-1] is nodes[0]
        assert [one.id for one in around] == _parents(node)


def _parents(node: object) -> list[int]:
    found = []
    while (node := getattr(node, "parent", None)) is not None:
        found.append(node.id)
    return found
