"""Texts that a cloud's command line carries to a machine or a database elsewhere."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("gcloud compute ssh web-1 --command='rm -rf /srv'", "shell.destroy"),
        ("gcloud compute ssh web-1 --command 'rm -rf /srv'", "shell.destroy"),
        ("aws ssm send-command --parameters 'commands=[\"rm -rf /srv\"]'", "shell.destroy"),
        ('aws ssm send-command --parameters \'{"commands": ["rm -rf /srv"]}\'', "shell.destroy"),
        ("aws ssm send-command --parameters commands=reboot", "shell.admin"),
        ("aws ecs execute-command --command 'rm -rf /srv'", "shell.destroy"),
        ("az vm run-command invoke --scripts 'rm -rf /srv'", "shell.destroy"),
        ("az container exec --exec-command 'rm -rf /srv'", "shell.destroy"),
        ("doctl compute ssh web --ssh-command 'rm -rf /srv'", "shell.destroy"),
        ("fly ssh console -C 'rm -rf /srv'", "shell.destroy"),
        ("gcloud compute instances create x --metadata startup-script='rm -rf /srv'", "shell.destroy"),
        ("aws athena start-query-execution --query-string 'DROP TABLE t'", "sql.ddl"),
        ("aws rds-data execute-statement --sql 'SELECT * FROM t'", "sql.read"),
        ("gcloud spanner databases execute-sql d --sql='DELETE FROM t WHERE true'", "sql.write"),
    ],
)
def test_what_runs_elsewhere_is_judged_as_here(text: str, name: str) -> None:
    """A command in an option, a list of JSON or a member of a document; SQL in an option."""
    assert name in [one.name for top in analyse(text, "shell") for one in top.walk()]


@pytest.mark.parametrize(
    "text",
    [
        "gcloud compute ssh web-1 --command=uptime", "aws ssm send-command --parameters 'commands=[\"uptime\"]'",
        "aws cloudformation deploy --parameters Key=rm",
        "gcloud compute instances create x --metadata enable-oslogin=TRUE",
    ],
)  # fmt: skip
def test_what_only_looks_stays_what_the_cloud_makes_of_it(text: str) -> None:
    """No operation inside is worse than reading, and other metadata is no command."""
    found = [one for top in analyse(text, "shell") for one in top.walk()][1:]

    assert not [one for one in found if one.action not in ("read", "write")]


def test_a_command_that_the_run_decides_is_not_understood() -> None:
    """Nobody can say what the other machine will run."""
    assert analyse('gcloud compute ssh web-1 --command="$CMD"', "shell")[0].action == "unknown"


def test_a_broken_list_is_read_as_it_stands() -> None:
    """No word raises anything: deep brackets are text."""
    assert analyse("aws ssm send-command --parameters 'commands=" + "[" * 5000 + "'", "shell")
