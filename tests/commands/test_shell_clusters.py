"""What kubectl does to a cluster, and what runs inside it."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("kubectl get pods", "network"),
        ("kubectl exec deploy/api -- ls /app", "network"),
        ("kubectl exec deploy/api -- cat /app/config.yaml", "network"),
        ("kubectl exec deploy/api -- env", "admin"),
        ("kubectl exec deploy/api -- cat /root/.ssh/id_rsa", "admin"),
        ("kubectl exec deploy/api -- sh -c 'rm -rf /data'", "admin"),
        ("kubectl exec deploy/api -- rm -rf /data", "admin"),
        ("kubectl exec deploy/api -- touch x", "admin"),
        ('kubectl exec deploy/api -- cat "$x"', "admin"),
        ("kubectl run x --image y -- ls", "admin"),
        ("kubectl exec -it deploy/api", "unknown"),
        ("kubectl delete pod x", "destroy"),
        ("kubectl apply -f x.yaml", "admin"),
        ("kubectl apply --dry-run=client -f x.yaml", "network"),
    ],
)
def test_verbs_are_told_apart(text: str, action: str) -> None:
    """What only looks is a request, and everything else changes the cluster."""
    assert analyse(text, "shell")[0].action == action
