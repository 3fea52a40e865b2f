"""What the commands people and agents use every day do. A command that is not named here is not understood."""

from __future__ import annotations

import re

__all__ = [
    "ADMIN", "BUILDERS", "CLOUDS", "DESTROYERS", "DOCKER", "GIT", "HARMFUL_VARIABLES", "INTERPRETERS", "KUBECTL",
    "MANAGERS", "NETWORK", "READERS", "REFUSED_OPTIONS", "SHELLS", "SYSTEM", "WRITERS", "WRITING_OPTIONS",
]  # fmt: skip


def _table(**lines: str) -> dict[str, str]:
    return {word: action for action, words in lines.items() for word in words.split()}


_READERS = """
ls dir vdir cat tac head tail wc nl od hexdump strings cmp comm diff diff3 grep egrep fgrep zgrep rg ack file stat du
df pwd echo printf true false : test [ seq cal uptime uname whoami id groups who w ps top free vmstat iostat lsof
lsblk lscpu lspci lsusb printenv type which whereis hash help man info apropos basename dirname realpath readlink cut
paste tr fold fmt pr expand unexpand join rev sleep wait jobs cksum md5sum sha1sum sha224sum sha256sum sha384sum
sha512sum b2sum sum base64 base32 jq xmllint tree locate pgrep nproc getconf locale tput clear tty stty ulimit umask
times dirs disown cd pushd popd let shift return exit break continue local declare typeset readonly export unset set
shopt getopts read mapfile readarray less more zcat bzcat xzcat zless column shuf sort date uniq iconv arch hostname bc
factor logname sync tsort numfmt cloc tokei bat fd yq xxd dig nslookup ping history
say cowsay figlet toilet banner espeak notify-send logger wall dialog whiptail zenity kdialog
"""
READERS = frozenset(_READERS.split()) - {"fd", "bc", "dig", "nslookup", "ping"}
"""Commands that only read and print, save for the options below."""
_NETWORK = """
curl wget scp sftp ftp ping ping6 traceroute dig nslookup host whois nc ncat netcat telnet gh glab http https httpie
aria2c xh xhs lynx ss netstat mtr
"""
NETWORK = frozenset(_NETWORK.split())
"""Commands that talk to other machines."""
_WRITERS = """
touch mkdir cp mv ln tee install mktemp rmdir unlink rm chmod chown chgrp patch tar zip unzip gzip gunzip bzip2 bunzip2
xz unxz zstd 7z split csplit truncate rsync dos2unix unix2dos ruff black isort mypy flake8 pylint pyright eslint
prettier tsc gofmt rustfmt clang-format shellcheck sqlfluff convert pandoc ctags kill createdb
"""
WRITERS = frozenset(_WRITERS.split())
"""Commands that change files the user owns, or check code with its own configuration."""
_BUILDERS = """
pytest tox nox make cmake ninja cargo go rustc gcc g++ cc clang javac java mvn gradle gradlew dotnet npm yarn pnpm bun
pip pip3 uv poetry pdm pipenv conda bundle gem composer npx bunx uvx pipx jest vitest mocha rake rspec phpunit just
ctest meson bazel pre-commit coverage mix cabal stack swift xcodebuild tsx ts-node next vite webpack rollup playwright
"""
BUILDERS = frozenset(_BUILDERS.split())
"""Commands that run the project's own code: what that does is not seen here."""
_DESTROYERS = "shred wipefs mkfs sgdisk gdisk cfdisk mkswap blkdiscard srm wipe dropdb dropuser"
DESTROYERS = frozenset(_DESTROYERS.split())
"""Commands that destroy data."""
_ADMIN = """
sudo doas su useradd userdel usermod groupadd groupdel passwd chpasswd visudo mount umount swapoff swapon systemctl
service launchctl iptables nft ufw firewall-cmd ip ifconfig route sysctl modprobe insmod rmmod reboot shutdown halt
poweroff init telinit crontab at batch killall pkill apt apt-get yum dnf apk pacman brew snap dpkg rpm setfacl chattr
setcap chroot unshare nsenter losetup dmsetup lvremove vgremove pvremove zfs zpool btrfs createuser gpg
hostnamectl timedatectl update-alternatives ssh-keygen ssh-add ssh-copy-id alias unalias renice kexec flashrom auditctl
"""
ADMIN = frozenset(_ADMIN.split())
"""Commands that change the machine, its users or its services."""
_SHELLS = "sh bash dash zsh ksh mksh fish ash csh tcsh rbash pwsh powershell"
SHELLS = frozenset(_SHELLS.split())
"""Programs that run shell text."""
INTERPRETERS = re.compile(
    r"(python|pypy|perl|ruby|php|node|nodejs|deno|lua|luajit|Rscript|osascript|tclsh|groovy|julia|irb|ghci|expect|gdb|lldb)"
    r"[0-9.]*\Z"
)
"""Programs that run text of other languages."""
MANAGERS = {"install", "add", "i", "ci", "update", "upgrade", "get", "download", "sync", "fetch", "dlx", "create"}
"""Words after a package manager that make it use the network and change what is installed."""
HARMFUL_VARIABLES = re.compile(
    r"(PATH|LD_\w+|DYLD_\w+|BASH_ENV|ENV|PROMPT_COMMAND|PS[0-4]|IFS|SHELLOPTS|BASHOPTS|GLOBIGNORE|BASH_FUNC.*|PYTHON(STARTUP|HOME|INSPECT|BREAKPOINT|EXECUTABLE|PATH|USERBASE)"
    r"|PERL5?\w+|RUBY\w+|NODE_OPTIONS|JAVA_TOOL_OPTIONS|GIT_(?!AUTHOR|COMMITTER|PAGER\Z|TERMINAL)\w+|\w*PAGER|\w*EDITOR"
    r"|VISUAL|BROWSER|SHELL|LESS\w+|MANPAGER|\w+_PROXY|\w+_proxy|NO_PROXY|SSH_ASKPASS|SUDO_ASKPASS|GCONV_PATH"
    r"|CARGO_\w*(WRAPPER|LINKER|RUNNER|RUSTC|HOME)|RUSTC_WRAPPER|npm_config_\w+|NPM_CONFIG_\w+|PIP_\w+|HOME|TAR_OPTIONS|GREP_OPTIONS|\w+_BASE_URL)\Z"
)
"""Environment variables that make a later command run or reach something else."""
SYSTEM = re.compile(
    r"/?(/(etc|usr|bin|sbin|lib|lib32|lib64|boot|dev|proc|sys|System|Library|var/spool/cron|var/lib)(/.*)?"
    r"|(~\w*|\$HOME|/home/[^/]+|/root|/Users/[^/]+)/\.(ssh|bash\w*|profile|z\w*|gitconfig|aws|kube|docker|claude|npmrc"
    r"|pypirc|netrc|config/(autostart|systemd|git|fish|pip)|local/bin|pip|condarc|gemrc|curlrc|wgetrc|inputrc|vimrc|exrc|emacs"
    r"|cshrc|tcshrc|kshrc|login|xinitrc|xprofile|xsession|pythonrc|Rprofile|irbrc|pryrc|gdbinit|lldbinit|psqlrc|sqliterc"
    r"|mongorc\.js|yarnrc(?:\.yml)?|cargo/config(?:\.toml)?|m2/settings\.xml|gradle/init\.gradle)(/.*)?|(.*/)?Library/Launch\w+/.*|(.*/)?(?:site|user)customize\.py|(.*/)?(?:site|dist)-packages/[^/]*\.pth|(.*/)?\.git/(hooks|config)(/.*)?|(.*/)?\.claude/settings[\w.]*json)\Z"
)
"""Paths whose change outlives the task: the system's own, and what a login or a tool runs."""
WRITING_OPTIONS = {
    "sort": ("-o", "--output"), "yq": ("-i", "--inplace"), "tree": ("-o",), "iconv": ("-o", "--output"),
    "shuf": ("-o", "--output"), "xmllint": ("--output", "-o"), "file": ("-C",), "base64": ("-o",),
}  # fmt: skip
"""Options that make a reader write a file."""
REFUSED_OPTIONS = {
    "sort": ("--compress-program",), "rg": ("--pre", "--hostname-bin"), "man": ("-P", "--pager", "-H", "--html"),
    "bat": ("--pager",), "hostname": ("-F", "-b", "--file"), "hash": ("-p",),
    "jq": ("-L",), "ack": ("--pager",), "tar": ("-I", "--use-compress-program", "--to-command", "--checkpoint-action",
    "--rsh-command", "-F", "--info-script", "--new-volume-script"), "rsync": ("-e", "--rsh", "--rsync-path"),
    "zip": ("-T", "-TT", "--unzip-command"), "curl": ("-K", "--config"), "wget": ("-e", "--execute", "--use-askpass"),
    "split": ("--filter",), "scp": ("-S", "-o", "-D"), "sftp": ("-S", "-o", "-b"), "nc": ("-e", "-c", "--exec"),
    "ncat": ("-e", "-c", "--exec", "--sh-exec", "--lua-exec"), "netcat": ("-e", "-c"), "less": ("-o", "-O", "-k", "-p"),
    "pandoc": ("--filter", "-F", "--lua-filter"), "dig": ("-f",), "sudo": ("-e", "--edit"),
    "readarray": ("-C",), "mapfile": ("-C",), "patch": ("-e", "--ed"), "lynx": ("-cfg",),
}  # fmt: skip
"""Options that run something, or read their instructions from elsewhere."""
GIT = _table(
    read="status log diff show rev-parse ls-files ls-tree blame describe shortlog cat-file rev-list merge-base name-rev"
    " show-ref for-each-ref whatchanged count-objects check-ignore grep version help diff-tree show-branch var cherry"
    " range-diff annotate diff-index symbolic-ref stash-list fsck verify-commit verify-tag check-attr check-ref-format",
    write="add commit checkout switch restore merge rebase stash mv init apply am cherry-pick revert tag branch reset"
    " clean rm worktree notes format-patch archive bundle gc reflog sparse-checkout update-index config remote"
    " mergetool lfs",
    network="fetch pull push clone ls-remote",
)
DOCKER = _table(
    read="ps images logs inspect version info top stats port history diff events search ls scout",
    write="build bake tag commit start stop restart pause unpause create rename wait up down",
    network="pull push login logout",
    destroy="rm rmi prune kill",
    admin="load import export save cp attach update network volume system swarm service stack node secret plugin",
)
KUBECTL = _table(
    network="get describe logs top version api-resources api-versions explain cluster-info diff wait kustomize events"
    " options completion port-forward",
    destroy="delete drain",
    admin="apply create edit patch replace scale rollout set label annotate cordon uncordon taint cp proxy"
    " attach debug auth certificate expose autoscale config",
)
_CLOUDS = """
aws gcloud gsutil az terraform tofu terragrunt helm pulumi cdk cdktf doctl heroku flyctl fly vercel netlify railway
wrangler firebase eb
"""
CLOUDS = frozenset(_CLOUDS.split())
"""Command lines of clouds: reading words are network, deleting ones destroy, the rest is admin."""
