"""Commands that run a command on many machines at once."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("pdsh -w web[1-9] 'rm -rf /srv/app'", "shell.destroy"), ("clush -a 'shutdown -h now'", "shell.admin"),
        ("pssh -h hosts -i 'rm -rf /srv/app'", "shell.destroy"), ("dsh -g web -- rm -rf /srv/app", "shell.destroy"),
        ("tsh ssh web-1 rm -rf /srv/app", "shell.destroy"), ("salt '*' cmd.run 'rm -rf /srv/app'", "shell.destroy"),
        ("ansible db -m shell -a 'dropdb app' -b", "shell.destroy"), ("ansible all -a reboot", "shell.admin"),
        ("pdsh -w web1 uptime", "shell.read"), ("salt '*' test.ping", "shell.network"),
        ("salt '*' state.apply web", "shell.unknown"), ("salt test.ping state.apply wipe", "shell.unknown"),
        ("salt '*' test.ping,cmd.run ,'rm -rf /srv'", "shell.unknown"), ("salt '*' test.ping_x", "shell.unknown"),
        ("salt '*' state.apply cmd.run uptime", "shell.unknown"), ("salt -c x test.ping a.b", "shell.unknown"),
        ("salt '*' foo.bar rm -rf /srv", "shell.destroy"), ("salt-call --local grains.items", "shell.network"),
    ],
)  # fmt: skip
def test_what_runs_on_every_machine_is_judged_as_here(text: str, name: str) -> None:
    """The words behind the options are text for a shell."""
    assert name in [one.name for top in analyse(text, "shell") for one in top.walk()]


@pytest.mark.parametrize("text", ["pdsh -w web1 uptime", "clush -a 'df -h'", "salt '*' cmd.run uptime", "tsh ls"])
def test_what_only_looks_there_only_looks(text: str) -> None:
    """Nothing in it is worse than reaching the machines."""
    found = [one for top in analyse(text, "shell") for one in top.walk()]

    assert {one.action for one in found} <= {"network", "read"}


def test_text_for_another_module_is_none_for_a_shell() -> None:
    """`-a` of a module that runs nothing holds its settings."""
    found = [one for top in analyse("ansible all -m copy -a 'src=rm dest=/srv'", "shell") for one in top.walk()]

    assert [one.resource for one in found] == ["ansible"]
