"""Clients of stores that are not asked in SQL."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("redis-cli get x", "network"), ("redis-cli --scan --pattern 'cart:*'", "network"),
        ("redis-cli <<< FLUSHALL", "unknown"), ("etcdctl del --prefix /", "destroy"), ("etcdctl get /", "network"),
        ("redis-cli --eval /dev/stdin <<< 'redis.call(\"FLUSHALL\")'", "unknown"), ("etcdctl put a b", "admin"),
        ("mongosh --eval 'db.o.aggregate([{$group: {_id: 1}}])'", "network"),
        ("mongosh --eval 'db.o.aggregate([{$out: \"x\"}])'", "unknown"),
        ("redis-cli set x 1", "write"), ("redis-cli FLUSHALL", "destroy"), ("redis-cli eval x 0", "unknown"),
        ("mongosh --eval 'db.orders.find({a: 1}).limit(5)' shop", "network"),
        ("mongosh --eval 'db.orders.countDocuments({})'", "network"),
        ("mongosh --eval 'printjson(db.orders.findOne())'", "network"),
        ("mongosh --eval 'db.orders.findOneAndDelete({})'", "unknown"),
        ("mongosh --eval 'db.orders.find(); db.orders.drop()'", "unknown"),
        ("mongosh --eval 'db.orders.find({$where: \"sleep(9)\"})'", "unknown"),
        ("mongosh --eval 'db.orders.find().forEach(x => db.a.insert(x))'", "unknown"),
        ("mongosh --eval 'db.orders.find()' drop.js", "unknown"),
        ("mongosh --eval 'db.orders.find()' --eval 'db.dropDatabase()'", "unknown"),
        ("mongosh", "unknown"),
    ],
)  # fmt: skip
def test_questions_are_told_from_programs(text: str, action: str) -> None:
    """One question alone is network; what could be more is not understood."""
    assert analyse(text, "shell")[0].action == action
