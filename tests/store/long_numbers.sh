#!/bin/sh
# The long suite of the number parser: more than ten million random and hard texts, other ones than ./check tries, are
# what strtod makes of them, bit for bit.
#   HEAVYOPT_BUILD=$PWD/build/release tests/store/long_numbers.sh [TIMES]
set -eu
cd "$(dirname "$0")/../.."
export HEAVYOPT_MANY="${1:-5}"
exec "${HEAVYOPT_BUILD:-$PWD/build/release}/tests/store.number"
