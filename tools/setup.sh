#!/bin/sh
# What `make run` (argument: run) or `make test` and `make check` (argument: dev) need on a Debian machine: system packages, .venv,
# locked Python packages. Does only what is missing, so that a second call takes no time.
set -eu

cd "$(dirname "$0")/.."
kind="${1:-dev}"

packages="python3-venv make ca-certificates libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
 fonts-dejavu-core fonts-noto-core fonts-noto-cjk"
if [ "$kind" = dev ]; then
    packages="$packages git postgresql redis-server chromium poppler-utils"
fi

say() { echo "$@" >&2; }

missing=""
if command -v dpkg-query >/dev/null 2>&1; then
    for package in $packages; do
        state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$state" = installed ] || missing="$missing $package"
    done
else
    say "This is not Debian: please see to it yourself that the machine has what these packages bring:" $packages
fi

if [ -n "$missing" ]; then
    install="apt-get install -y --no-install-recommends$missing"
    if [ "$(id -u)" = 0 ]; then
        as_root=""
    elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        as_root="sudo"
    else
        say "These system packages are missing, and installing them needs root. Type this as root, then try again:"
        say ""
        say "    apt-get update && $install"
        say ""
        exit 1
    fi
    say "Installing system packages:$missing"
    log=$(mktemp)
    # shellcheck disable=SC2086
    if ! { $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q && $as_root env DEBIAN_FRONTEND=noninteractive $install; } >"$log" 2>&1
    then
        tail -n 20 "$log" >&2
        rm -f "$log"
        say "The system packages could not be installed. Type this as root, then try again:"
        say ""
        say "    apt-get update && $install"
        say ""
        exit 1
    fi
    rm -f "$log"
fi

python=python3.11
command -v $python >/dev/null 2>&1 || python=python3
if ! $python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    say "Python 3.11 is needed; $python is older or missing."
    exit 1
fi

# A clone that was moved has an environment that points nowhere.
if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    say "Making .venv"
    $python -m venv --clear .venv
fi

lock="requirements/run.lock"
[ "$kind" = dev ] && lock="requirements/dev.lock"
stamp=".venv/.installed-$kind"
wanted=$(sha256sum "$lock")
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
    say "Installing the Python packages of $lock"
    uv=.venv/bin/uv
    [ -x $uv ] || .venv/bin/python -m pip install -q --disable-pip-version-check uv==0.13.9 || true
    if ! { [ -x $uv ] && $uv pip install -q --python .venv/bin/python --require-hashes -r "$lock"; }; then
        say "uv could not do it (it does not read pip's configuration); trying pip, which takes a minute longer."
        .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$lock"
    fi
    echo "$wanted" >"$stamp"
fi
