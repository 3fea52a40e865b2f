# Sourced by the other scripts, from the repository's root: finds a Python and makes virtual environments.

say() { printf '%s\n' "$*" >&2; }

usable() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1
}

# make_venv FOLDER: with the first Python that is new enough, or with uv.
make_venv() {
    for python in python3 python3.13 python3.12 python3.14 python; do
        if usable "$python"; then
            say "making $1 with $($python --version)"
            "$python" -m venv --clear "$1"
            return
        fi
    done
    if command -v uv >/dev/null 2>&1; then
        say "making $1 with uv"
        uv venv --quiet --clear --seed --python 3.13 "$1"
        return
    fi
    say "Interlock needs Python 3.12 or newer (mitmproxy 12 does), with its venv module."
    say "Looked for python3, python3.13, python3.12, python3.14 and uv. Install one of them, for instance:"
    say "  Debian, Ubuntu: apt install python3 python3-venv     macOS: brew install python@3.13"
    say "  anywhere: pyenv install 3.13, or uv from https://docs.astral.sh/uv/"
    exit 1
}

# ensure_venv FOLDER LOCK [editable]: exactly what the lock names, by hash; fast when nothing has changed.
ensure_venv() {
    usable "$1/bin/python" || make_venv "$1"
    stamp=$("$1/bin/python" - "$2" pyproject.toml <<'PYTHON'
import hashlib, sys
print(sys.version_info[:2], hashlib.sha256(b"".join(open(name, "rb").read() for name in sys.argv[1:])).hexdigest())
PYTHON
)
    if [ "$(cat "$1/.installed" 2>/dev/null)" = "$stamp" ]; then
        return
    fi
    say "installing $2"
    # --no-deps: the lock is complete, and one cap in mitmproxy's metadata is overridden ([tool.uv] in pyproject.toml)
    "$1/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r "$2"
    if [ "${3:-}" = editable ]; then
        "$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
    fi
    printf '%s' "$stamp" >"$1/.installed"
}

# The console's tests drive a real browser. Installed where this may be done; elsewhere those tests say what is missing.
ensure_chromium() {
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null && return
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 0
    say "installing Chromium, for the console's tests"
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 || true
}
