#!/bin/sh
# Makes the lock files anew from pyproject.toml and servers.in. Needs uv on the PATH. No download address is written.
set -eu
cd "$(dirname "$0")/../.."
compile() { uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate "$@"; }
compile pyproject.toml -o packaging/locks/runtime.txt
compile pyproject.toml --group dev -o packaging/locks/dev.txt
compile packaging/locks/servers.in -o packaging/locks/servers.txt
