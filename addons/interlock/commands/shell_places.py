"""Places that hold secrets, by their paths: what each tool keeps its keys in, and files named for what is in them."""

from __future__ import annotations

import fnmatch
import posixpath
import re

__all__ = ["holds", "private", "secret"]

_SECRETS = re.compile(
    r"(^|/)(\.ssh/(?!known_hosts|authorized_keys|config$|[^/]*\.pub$).+|\.ssh/?|\.aws(/credentials|/?$)|\.gnupg(/.*)?|\.kube(/config|/?$)|\.azure/?$|\.config/gcloud/?$|\.docker/config\.json"
    r"|\.netrc|\.pgpass|\.my\.cnf|\.npmrc|\.pypirc|\.git-credentials|id_(rsa|dsa|ecdsa|ed25519)|\.vault-token|\.dockercfg|\.s3cfg"
    r"|\.boto|\.databrickscfg|\.htpasswd|\.aws/(?:sso|cli)/cache(?:/.*)?|\.m2/settings\.xml|\.gradle/gradle\.properties|\.oci/.+"
    r"|\.config/(?:rclone/rclone\.conf|hub|doctl/config\.yaml|stripe/config\.toml|sops/age/keys\.txt|configstore/[^/]+\.json)"
    r"|\.config/(?:github-copilot/(?:hosts|apps)\.json|op/.+|containers/auth\.json|helm/registry/config\.json)|\.fly/config\.yml"
    r"|\.kaggle/kaggle\.json|\.(?:cache/)?huggingface/token|\.codex/auth\.json|\.dbt/profiles\.yml|\.snowsql/config|\.age/key\.txt"
    r"|\.local/share/keyrings(?:/.*)?|\.subversion/auth(?:/.*)?|Cookies(?:\.binarycookies)?|NTDS\.dit|wallet\.dat|\.bitcoin(?:/.*)?"
    r"|\.electrum(?:/.*)?|\.ethereum/keystore(?:/.*)?"
    r"|\.config/(gh/hosts\.yml|gcloud/[^/]*(credentials|tokens)[^/]*)|\.azure/[^/]*([Tt]oken|msal|[Pp]rofile)[^/]*|\.password-store(/.*)?"
    r"|\.mozilla/firefox(/.*)?|\.config/(google-chrome|chromium|BraveSoftware)(/.*)?|logins\.json|key4\.db|Login Data"
    r"|\.claude/\.credentials\.json|\.claude\.json|Keychains/.+|\.cargo/credentials(\.toml)?|\.terraform\.d/credentials.*"
    r"|\.(bash|zsh|sh|ksh|psql|mysql|python|node_repl|rediscli|sqlite|irb)_history|\.histfile|fish_history"
    r"|\.env(\.(?!example|sample|template|dist)[\w-]+)*|credentials(\.json)?|(?![^/]*(?:cert|chain|pub|\bca\b)[^/]*\.pem$)[^/]+\.(pem|p12|pfx|kdbx|keytab|key))$"
    r"|^/etc/(g?shadow-?|sudoers.*|security/opasswd|master\.passwd|krb5\.keytab|wireguard/.+|kubernetes/[\w-]+\.conf"
    r"|rancher/k3s/k3s\.yaml|ssl/private/.+|openvpn/.+\.(?:conf|auth)|NetworkManager/system-connections(?:/.*)?|ppp/(?:chap|pap)-secrets"
    r"|ipsec\.secrets|letsencrypt/(?:live|archive)/.*privkey.*)$|^/proc/[^/]+/environ$|^/(var/)?run/secrets(/|$)"
)
_HELD = re.compile(
    r"(?:^|[/@=])(?:[\w-]{0,60}(?:secrets?|credentials|passwords?|api[_-]?keys?)[\w-]{0,60}\.(?:json|ya?ml|toml|ini|txt|csv|properties|cfg|conf)"
    r"|terraform\.tfstate(?:\.backup)?|wp-config\.php|(?:[\w-]{0,60}service[_-]?account|sa|gcp)[\w-]{0,60}key[\w-]{0,60}\.json|master\.key)$",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"example|sample|template|dist\b|test|fixture|schema|mock|docs?/|\.github/|i18n|locales?/|\.enc\.|sealed|external",
    re.IGNORECASE,
)
_PLACES_TEXT = """
~/.ssh/id_rsa ~/.ssh/id_ed25519 ~/.aws/credentials .env /etc/shadow /etc/gshadow ~/.netrc ~/.ssh /proc/self/environ
/home/user/.ssh/id_rsa /root/.ssh/id_rsa ~/.git-credentials ~/.bash_history
"""
_PLACES = tuple(_PLACES_TEXT.split())
_WILD = re.compile(r"\[[^\]]*\]|[*?.]")
_FOLDERS = re.compile(r"(^|/)\.(ssh|gnupg|aws|kube|password-store)(/|$)|Keychains|^/proc/|secrets?(/|$)")


def secret(path: str, glob: bool = False) -> bool:
    """Whether a path names a well-known place of secrets, or a pattern could mean one.

    Paths stand behind `=`, `@`, `<` and `:` too: `--file=.env`, `@.env`, `HEAD:.env`.
    """
    if "\\" in path:
        path = path.replace("\\", "/")
    if "/../" in path:
        path = posixpath.normpath(path)
    for part in {path, *re.split(r"[=@<:]", path)[-1:]}:
        if _SECRETS.search(part) or (glob and _could_be(part.replace("$HOME", "~"))):
            return True
    return False


def _could_be(pattern: str) -> bool:
    steps = pattern.removeprefix("./").split("/")
    if not _WILD.sub("", steps[-1]) and not _FOLDERS.search("/".join(steps[:-1])):
        return False
    for place in _PLACES:
        parts = place.split("/")
        if len(parts) == len(steps) and all(map(fnmatch.fnmatchcase, parts, steps)):
            return True
    return False


def holds(path: str) -> bool:
    """Whether a file is named for the secrets in it: `config/secrets.yml`, `terraform.tfstate`."""
    return bool(_HELD.search(path)) and not _EXAMPLE.search(posixpath.normpath(path) if "/../" in path else path)


def private(path: str) -> bool:
    """Whether a file says what a machine tells only those who are on it: `/etc/passwd`."""
    return _PRIVATE.search(path) is not None


_PRIVATE = re.compile(
    r"(?:^|[@=])/(?:etc/(?:passwd|group|hosts|ssh/.*|fstab|crontab|ssl/private.*)|var/log/(?:auth|secure|syslog).*)\Z"
)
"""What a machine tells only those who are on it."""
