# Shared by ./demo and ./check; sourced in the root of the tree.

# A folder entered through a link has two names, and CMake remembers one of them: always the physical one here.
cd "$(pwd -P)"
mkdir -p build

# Each argument a line.
say() {
    printf "%s\n" "$@"
}

# One build at a time in this folder; the second waits. unlock lets it go on.
lock() {
    command -v flock >/dev/null || return 0
    exec 9>build/.lock
    flock -n 9 && return 0
    say "waiting for another build in this folder"
    flock 9
}

unlock() {
    exec 9>&-
}

# build PRESET [TARGET]: quietly, into build/PRESET; the log is build/PRESET.log.
build() {
    if [ ! -e "build/$1/build.ninja" ]; then
        cmake --preset "$1" >"build/$1.log" 2>&1 || return 1
    fi
    cmake --build "build/$1" ${2:+--target "$2"} >"build/$1.log" 2>&1
}
