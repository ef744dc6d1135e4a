#!/bin/sh
# The long suite of killed writers: a hundred random moments of each. ./check kills five of each.
#   HEAVYOPT_BUILD=$PWD/build/release tests/store/long_kill.sh [ROUNDS]
set -eu
cd "$(dirname "$0")/../.."
export KILL_ROUNDS="${1:-100}" HEAVYOPT_BUILD="${HEAVYOPT_BUILD:-$PWD/build/release}"
exec "$(command -v build/venv/bin/python3 || command -v python3)" tests/store/test_kill.py
