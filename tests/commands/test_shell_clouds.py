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
        ("aws ssm get-parameters-by-path --path /x", "network"),
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
        ("terraform init -backend=false", "write"),
        ("terraform -chdir=infra destroy", "destroy"),
        ("terragrunt run-all destroy", "destroy"),
        ("aws s3 cp s3://b/a .", "write"),
        ("aws s3 mv s3://b/a s3://c/a", "admin"),
        ("aws --no-cli-pager logs tail group", "network"),
        ("aws s3 rm s3://b/k --dryrun", "network"),
        ("helm uninstall web --description --dry-run", "destroy"),
        ("helm repo update", "write"),
        ("helm repo remove x", "destroy"),
        ("gcloud logging read 'severity>=ERROR'", "network"),
        ("gcloud storage rm -r gs://b", "destroy"),
        ("gsutil -m rm -r gs://b", "destroy"),
        ("pulumi stack rm prod", "destroy"),
        ("pulumi preview", "write"),
        ("cdk deploy", "admin"),
        ("heroku pg:reset DATABASE_URL", "destroy"),
        ("doctl compute droplet list", "network"),
        ("flyctl apps create list", "admin"),
        ("aws help", "network"),
        ("aws s3 rb help", "network"),
        ("aws s3api delete-object --bucket prod --key help", "destroy"),
        ("helm help uninstall", "network"),
        ("helm uninstall prod help", "destroy"),
        ("helm uninstall prod -- help", "destroy"),
        ("helm uninstall prod --help", "network"),
        ("helm uninstall prod -- --help", "destroy"),
        ("terraform destroy -- --help", "destroy"),
        ("aws s3 rb s3://prod -- --help", "destroy"),
    ],
)
def test_verbs_stand_where_they_belong(text: str, action: str) -> None:
    """A reading word elsewhere than in the verb's place proves nothing."""
    assert _worst(text).action == action
