"""Small commands that change the machine with some of their words."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "name", "flag"),
    [
        ("systemctl stop x", "shell.admin", ""),
        ("systemctl --user status x", "shell.read", ""),
        ("systemctl --user enable x", "shell.admin", ""),
        ("ip a", "shell.read", ""),
        ("ip link set x down", "shell.admin", ""),
        ("mount", "shell.read", ""),
        ("date 0101", "shell.admin", ""),
        ("date -Iseconds", "shell.read", ""),
        ("date -us 2001-01-01", "shell.unknown", ""),
        ("kill 12", "shell.write", "process"),
        ("gpg --verify a.sig a", "shell.read", ""),
        ("ssh-keygen -lf k.pub", "shell.read", ""),
        ("ssh-keygen -f k", "shell.write", ""),
        ("ssh-keygen -f ~/.ssh/k", "shell.admin", ""),
        ("ssh-keygen -f ../k", "shell.admin", ""),
        ("ssh-keygen -f //etc/ssh/k", "shell.admin", ""),
        ("ssh-keygen -f /opt/k", "shell.admin", ""),
        ("ssh-keygen -f /tmp/k", "shell.write", ""),
        ("kill $(pgrep sshd)", "shell.admin", "service"),
        ("kill $(pgrep vite)", "shell.write", ""),
        ("killall -9 postgres", "shell.admin", "service"),
        ("pkill -9 vite", "shell.write", "process"),
        ("pkill redis-server", "shell.write", "process"),
        ("kill -9 $(ps aux | awk '{print $2}')", "shell.admin", "service"),
        ("kill $(ps aux | grep vite | awk '{print $2}')", "shell.write", "process"),
        ("hdparm -I /dev/sda", "shell.read", ""),
        ("hdparm --security-erase p /dev/sda", "shell.admin", ""),
        ("/etc/init.d/ssh stop", "shell.unknown", "service"),
        ("smartctl -a /dev/sda", "shell.read", ""),
        ("smartctl -s off /dev/sda", "shell.admin", ""),
        ("at now", "shell.unknown", ""),
        ("systemctl restart nginx", "shell.admin", "restarts-server"),
        ("systemctl --no-block restart postgresql-16.service", "shell.admin", "restarts-server"),
        ("service redis-server restart", "shell.admin", "restarts-server"),
    ],
)
def test_calls_are_judged(text: str, name: str, flag: str) -> None:
    """The first operation has the expected name and says why."""
    first = analyse(text, "shell")[0]

    assert first.name == name
    assert flag in ["", *first.arguments["flags"]]


@pytest.mark.parametrize(
    "text",
    [
        "systemctl restart nginx sshd", "systemctl restart nginx '*'", "systemctl restart 'nginx*'",
        "systemctl restart nginx $x", "systemctl restart nginx{,x}", "systemctl -H root@prod restart nginx",
        "systemctl -M web restart nginx", "systemctl --root=/mnt start docker", "systemctl restart nginx --host=prod",
        "systemctl restart postgresql-x auditd", "systemctl restart postgresql-x", "systemctl stop nginx",
        "systemctl -- restart nginx sshd", "systemctl nginx restart", "service nginx stop", "service restart nginx",
        "service nginx restart sshd", "launchctl start nginx",
    ],
)  # fmt: skip
def test_only_one_ordinary_server_of_this_machine_is_restarted(text: str) -> None:
    """Another unit, a pattern, another machine or another verb is no ordinary restart."""
    found = [inner for operation in analyse(text, "shell") for inner in operation.walk()]

    assert not any("restarts-server" in operation.arguments["flags"] for operation in found)
