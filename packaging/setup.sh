# Sourced by ./run and ./test: a virtual environment with locked dependencies, and the system libraries that Qt needs.

libraries_offscreen="libglib2.0-0 libdbus-1-3 libegl1 libgl1 libfontconfig1 libxkbcommon0"
libraries_window="libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0"
libraries_tests="age poppler-utils iproute2 unzip openssl strace dbus gnome-keyring"
servers_tests="nginx-light libnginx-mod-http-dav-ext apache2-bin openssh-server openssh-client liberasurecode1"

# say COMMAND PACKAGES: installs by apt when root, else prints the exact command and stops.
install_packages() {
    local missing=() package
    command -v dpkg-query >/dev/null || return 0
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" = 0 ]; then
        echo "Installing ${missing[*]}"
        DEBIAN_FRONTEND=noninteractive apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    else
        echo "Some system libraries are missing. Please run this, then start again:" >&2
        echo "  sudo apt-get install --no-install-recommends ${missing[*]}" >&2
        exit 1
    fi
}

# A Python 3.11, 3.12 or 3.13 that can make a virtual environment.
find_python() {
    local name
    for name in python3.11 python3 python3.12 python3.13; do
        if command -v "$name" >/dev/null &&
            "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "dsadesk needs Python 3.11, 3.12 or 3.13. On Debian 12: sudo apt-get install python3 python3-venv" >&2
    exit 1
}

# setup runtime|dev: does its work once for each state of the lock file; later starts only compare a stamp.
setup() {
    local kind=$1 lock=packaging/locks/$1.txt servers="" stamp wanted python
    [ "$kind" = runtime ] || servers=packaging/locks/servers.txt
    wanted=$(cat "$lock" ${servers:+"$servers"} packaging/setup.sh | sha256sum | cut -d' ' -f1)
    stamp=.venv/.dsadesk-$kind
    # What tests need includes what running needs.
    if [ "$kind" = runtime ] && [ -f .venv/.dsadesk-dev ]; then
        stamp=.venv/.dsadesk-dev
        wanted=$(cat packaging/locks/dev.txt packaging/locks/servers.txt packaging/setup.sh | sha256sum | cut -d' ' -f1)
        lock=packaging/locks/dev.txt
    fi
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && return 0
    # shellcheck disable=SC2086
    install_packages $libraries_offscreen $libraries_window
    # shellcheck disable=SC2086
    [ "$kind" = runtime ] || RUNLEVEL=1 install_packages $libraries_tests $servers_tests
    python=$(find_python)
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        install_packages python3-venv
    fi
    if [ ! -x .venv/bin/python ]; then
        echo "Making a virtual environment"
        "$python" -m venv .venv
    fi
    echo "Installing the locked dependencies (once)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    if [ -n "$servers" ]; then
        # Their own environment: what a server needs is nothing that the program may lean on.
        [ -x .venv-servers/bin/python ] || "$python" -m venv .venv-servers
        .venv-servers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$servers"
    fi
    .venv/bin/python -c 'import pathlib, sysconfig, sys; pathlib.Path(sysconfig.get_path("purelib"), "dsadesk-source.pth").write_text(sys.argv[1])' "$PWD/src"
    echo "$wanted" >"$stamp"
}
