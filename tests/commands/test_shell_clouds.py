"""Command lines of clouds."""

from __future__ import annotations

import pytest

from interlock.commands import analyse
from interlock.model import Operation

_ORDER = ("read", "network", "write", "destroy", "admin", "unknown")


def _worst(text: str) -> Operation:
    found = [inner for operation in analyse(text, "shell") for inner in operation.walk()]
    return max(found, key=lambda operation: _ORDER.index(operation.action))


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("aws s3 ls", "network"),
        ("aws --profile dev ec2 describe-instances", "network"),
        ("aws --output table --region get ec2 stop-instances", "destroy"),
        ("aws iam create-user --user-name list", "admin"),
        ("aws lambda invoke --function-name get x", "admin"),
        ("aws s3 rm s3://a --recursive", "destroy"),
        ("gcloud projects list", "network"),
        ("gcloud sql databases patch list", "admin"),
        ("az vm list", "network"),
        ("helm install status ./x", "admin"),
        ("helm list", "network"),
        ("terraform state list", "network"),
        ("terraform state rm x", "destroy"),
        ("terraform plan -destroy", "destroy"),
    ],
)
def test_verbs_stand_where_they_belong(text: str, action: str) -> None:
    """A reading word elsewhere than in the verb's place proves nothing."""
    assert _worst(text).action == action
