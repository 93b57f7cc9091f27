#!/bin/sh
# Installs the peers that the benches compare with, into the build folder.
set -eu
cd "$(dirname "$0")/.."
python3 -m venv target/bench-venv
target/bench-venv/bin/pip install --quiet rust-just
target/bench-venv/bin/just --version
