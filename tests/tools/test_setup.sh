# The set-up by itself: what is missing is one line and exit 4; a moved folder loses the builds of its old place.
set -eu
copy="$(mktemp -d)/a folder"
trap 'rm -rf "${copy%/*}"' EXIT
mkdir -p "$copy/tools" "$copy/fake" "$copy/build/venv" "$copy/build/old" "$copy/build/own"
cp "$HEAVYOPT_SOURCE/tools/setup" "$copy/tools/"
cd "$copy"
fake() {
    printf '#!/bin/sh\n%s\n' "$2" >"fake/$1"
    chmod +x "fake/$1"
}
faults=0
fault() {
    echo "FAULT: $*"
    faults=1
}

# Not root, and a package is missing.
fake dpkg-query 'case "$*" in *ninja-build*) exit 1 ;; esac; printf "install ok installed"'
fake sudo 'exit 1'
fake id 'echo 1000'
code=0
PATH="$copy/fake:$PATH" tools/setup >out 2>err || code=$?
[ "$code" = 4 ] || fault "missing packages end with $code"
[ ! -s out ] && [ "$(wc -l <err)" = 1 ] || fault "missing packages are not one line: $(cat out err)"
grep -q 'needs root: ninja-build$' err || fault "the missing package is not named: $(cat err)"

# Root, and no way to install it.
fake id 'echo 0'
fake apt-get 'echo no network; exit 100'
code=0
PATH="$copy/fake:$PATH" tools/setup >out 2>err || code=$?
[ "$code" = 4 ] && [ "$(wc -l <err)" = 1 ] || fault "a failed installation: $code, $(cat err)"
grep -q 'could not be installed.*ninja-build$' err || fault "the missing package is not named: $(cat err)"

# All is there: silence, quickly; the build that belongs elsewhere goes, the own one stays.
fake dpkg-query 'printf "install ok installed"'
for wheel in $(sed -n 's/^wheels="\(.*\)"$/\1/p' tools/setup); do
    : >"build/venv/.done-$wheel"
done
ln -s venv build/site
echo 'CMAKE_HOME_DIRECTORY:INTERNAL=/somewhere/else' >build/old/CMakeCache.txt
echo "CMAKE_HOME_DIRECTORY:INTERNAL=$(pwd -P)" >build/own/CMakeCache.txt
PATH="$copy/fake:$PATH" tools/setup >out 2>err || fault "with everything there: $?"
[ ! -s out ] && [ ! -s err ] || fault "with everything there: $(cat out err)"
[ ! -e build/old ] || fault "the build of the old place stays"
[ -e build/own/CMakeCache.txt ] || fault "the build of this place is gone"
exit "$faults"
