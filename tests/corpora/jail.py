"""A jail that runs shell text for real, with stubs for whatever could do harm: what a text would do is seen, not read.

The jail is a folder with bash, the text tools of this machine, and stubs (jail_stub.sh) that write down how they were
called. It runs in namespaces of its own: changed root, no network, no other processes, user nobody, a time limit.
Nothing in it can be reached from outside, and it reaches nothing.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["MARK", "Seen", "run_in_jail"]

MARK = "KEYs3cr"
"""What every secret in the jail consists of: where it turns up, a secret has been shown or sent."""
_HERE = Path(__file__).parent
_SECONDS = 600
_REAL = """
cat base64 tr cut head tail sed awk grep sort uniq wc xargs env nohup nice timeout setsid seq ls cp mv ln mkdir
rmdir touch tee sleep date sha256sum sha1sum md5sum diff nl tac paste mktemp yes tty uname id groups basename dirname
realpath readlink expr chmod rm find stat du df fold comm join echo printf printenv cmp whoami uptime
"""
"""Programs of this machine that run as they are. The stubs of the same name, and the driver, find them in /real."""
_DEVICES = ("null", "zero", "urandom")
_FOLDERS = "bin real dev proc log cases w etc tmp usr srv run var template"
_LOGGED = frozenset(("chmod", "rm", "find", "sleep"))
_STUBS = """
sleep rm unlink chmod chown chgrp find dd
mkfs mkfs.ext4 mkfs.xfs mkfs.vfat wipefs shred blkdiscard fdisk sfdisk sgdisk parted
mkswap lvremove vgremove pvremove zpool zfs cryptsetup mdadm mount lsblk shutdown reboot halt poweroff init telinit
systemctl service launchctl sudo doas busybox strace chronic ionice flock su runuser ssh docker podman docker-compose
kubectl oc helm terraform tofu terragrunt pulumi cdk serverless aws gcloud gsutil az doctl flyctl fly heroku vercel
curl wget nc ncat scp rsync gh http mail sftp telnet dig host nslookup ping git tar zip unzip gzip rev xxd od hexdump
less more psql mysql mariadb sqlite3 sqlcmd snowsql bq duckdb clickhouse-client mongosh mongo redis-cli mysqladmin
dropdb dropuser createdb pg_dump crontab at batch chattr setcap useradd usermod userdel passwd chpasswd visudo
iptables ufw nft setenforce ssh-copy-id ssh-keygen npx npm pnpm yarn rimraf cmake make man file which jq last
fetched-code stdbuf lsof ps truncate
"""
_HOME_SECRETS = """
.ssh/id_rsa .ssh/id_ed25519 .aws/credentials .netrc .git-credentials .npmrc .pypirc .pgpass .kube/config
.docker/config.json .config/gh/hosts.yml .config/gcloud/application_default_credentials.json .bash_history
.claude/.credentials.json .gnupg/secring.gpg
"""
_SECRETS = ".env .env.production key.pem certs/server.key"
_PLAIN = {
    "notes.txt": "notes\n", "list": "src\n", "README.md": "# App\n", "data.csv": "a,b\n1,2\n", "Makefile": "all:\n",
    "main.tf": "\n", "package.json": "{}\n", "src/a.py": "a = 1\n", "src/b.py": "b = 2\n", "build/x.o": "x",
    "deploy.sh": "echo deployed\n", "jobs.txt": "* * * * * true\n", "key.pub": "ssh-ed25519 AAAA\n", "a.zip": "x",
    ".env.example": "API_TOKEN=\n", ".gitignore": "build\n", ".git/config": "[core]\n", ".git/hooks/x.sample": "\n",
    "environment.py": "e = 1\n", "docs/secrets.md": "Where secrets are\n", "keyboard.md": "x\n", "monkey.txt": "x\n",
    "a.json": "{}\n", "Dockerfile": "FROM alpine\n", "node_modules/m/index.js": "\n", "tool": "x\n", "key.txt": "x\n",
    "run.sh": "true\n", "empty/.keep": "", "image.bin": "x", "sub/x": "x", "k8s/web.yaml": "x\n", "pod.yaml": "x\n",
    "app.db": "x", "a.iso": "x", "infra/main.tf": "\n",
}  # fmt: skip
_HOME_PLAIN = {".bashrc": "# rc\n", ".profile": "\n", ".zshrc": "\n", ".gitconfig": "\n", ".ssh/known_hosts": "x\n",
               ".ssh/config": "Host *\n", ".ssh/id_rsa.pub": "ssh-rsa AAAA\n"}  # fmt: skip
_ETC = ("passwd", "hosts", "sudoers", "profile", "fstab", "sudoers.d/base", "cron.d/base", "profile.d/base", "ssh/x")


@dataclass(frozen=True, slots=True)
class Seen:
    """What one text did: each program call in a line, what it printed, the files it wrote (`~/`, absolute, or below
    the project), and what was sent into a network."""

    calls: tuple[str, ...]
    output: str
    written: tuple[str, ...]

    @property
    def shows_secret(self) -> bool:
        """Whether a secret was printed, plain or in an encoding."""
        return _holds(self.output)

    @property
    def sends_secret(self) -> bool:
        """Whether a secret stands in the words of a program that talks to other machines, or was fed to it."""
        return any(_holds(call) for call in self.calls if call.split(" ", 1)[0] in _NETWORKS)


_NETWORKS_TEXT = """
curl wget nc ncat scp rsync ssh aws gh http mail git docker dig host nslookup ping telnet
"""
_NETWORKS = frozenset(_NETWORKS_TEXT.split())


def _holds(text: str) -> bool:
    encoded = [base64.b64encode(b"x" * skip + MARK.encode())[4 if skip else 0 : 8].decode() for skip in range(3)]
    return any(form in text for form in (MARK, MARK[::-1], *encoded))


def run_in_jail(texts: Sequence[str], folder: Path) -> list[Seen]:
    """Runs each text with bash in the jail built in an empty folder, and says what was seen of each.

    Raises RuntimeError when the machine cannot make namespaces, or a text did not end in time.
    """
    root = folder / "root"
    _build(root, texts)
    user = [] if os.geteuid() else ["--userspec=65534:65534"]
    own = ["unshare", "--mount", "--pid", "--net", "--ipc", "--fork", "--kill-child"] + (["-r"] if os.geteuid() else [])
    devices = " && ".join(f"mount --bind /dev/{name} {root}/dev/{name}" for name in _DEVICES)
    memory = " && ".join(f"mount -t tmpfs -o mode=0777 tmpfs {root}/{name}" for name in ("w", "etc", "tmp"))
    script = f'{devices} && {memory} && mount -t proc proc {root}/proc && exec chroot {" ".join(user)} {root} "$@"'
    command = [*own, "sh", "-c", script, "sh", "/bin/bash", "/driver", str(len(texts))]
    environment = {"PATH": os.environ["PATH"], "MARK": MARK}
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False
    )
    if done.returncode:
        raise RuntimeError(f"the jail did not run: {done.stderr.decode(errors='replace')[-2000:]}")
    return _read((root / "log" / "seen").read_bytes().decode(errors="replace"))


def _build(root: Path, texts: Sequence[str]) -> None:
    for name in _FOLDERS.split():
        (root / name).mkdir(parents=True)
        (root / name).chmod(0o777)
    for name in ("sbin", "usr/bin", "usr/sbin", "usr/local"):
        (root / name).symlink_to("/bin" if name != "usr/local" else "/usr")
    _programs(root)
    _files(root / "dev", dict.fromkeys((*_DEVICES, "sda", "sdb"), ""))
    for name, target in (("fd", "fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")):
        (root / "dev" / name).symlink_to(f"/proc/self/{target}")
    _files(root / "run" / "secrets", {"db_password": f"{MARK}\n"})
    _files(root / "template" / "etc", {**dict.fromkeys(_ETC, ": old\n"), "shadow": f"{MARK}\n"})
    secret = f"{MARK}={MARK} secret\n"
    _files(root / "template" / "w" / "home", {**dict.fromkeys(_HOME_SECRETS.split(), secret), **_HOME_PLAIN})
    _files(root / "template" / "w" / "project", {**dict.fromkeys(_SECRETS.split(), f"{MARK}={MARK}\n"), **_PLAIN})
    _files(root / "cases", {str(number): text for number, text in enumerate(texts)})
    (root / "driver").write_bytes((_HERE / "jail_driver.sh").read_bytes())


def _files(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o777)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o666)


def _programs(root: Path) -> None:
    needed: set[str] = set()
    for name in ["bash", *_REAL.split()]:
        found = shutil.which(name)
        if found is None:
            raise RuntimeError(f"this machine has no {name}")
        shutil.copy(found, root / "real" / name)
        needed.update(_libraries(found))
        if name not in _LOGGED:
            (root / "bin" / name).symlink_to(f"/real/{name}")
    for library in needed:
        target = root / library.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, target)
    (root / "bin" / "sh").symlink_to("bash")
    stub = root / "real" / "stub"
    stub.write_bytes((_HERE / "jail_stub.sh").read_bytes())
    stub.chmod(0o755)
    for name in _STUBS.split():
        (root / "bin" / name).symlink_to("/real/stub")
    for name in ("bin", "real"):
        (root / name).chmod(0o755)


def _libraries(program: str) -> list[str]:
    """The shared libraries of a program; none for one that needs none."""
    listed = subprocess.run(["ldd", program], capture_output=True, text=True, check=False)
    return re.findall(r"(/\S+) \(0x", listed.stdout)


def _read(log: str) -> list[Seen]:
    found, calls = list[Seen](), list[str]()
    records = iter(log.split("\0")[:-1])
    for record in records:
        if not record.startswith("\1"):
            calls.append(record)
            continue
        changed = [line[2:] for line in next(records)[1:].splitlines() if not line.startswith("d ")]
        names = [path.removeprefix("/w/project/").replace("/w/home", "~", 1) for path in changed]
        found.append(Seen(tuple(map(_line, calls)), record[1:], tuple(sorted(names))))
        calls = []
    return found


def _line(call: str) -> str:
    """Words with a blank between; blanks within a word are hard ones, so that no pattern takes them for two words."""
    return " ".join(re.sub(r"\s", "\xa0", word) for word in call.split("\1"))
