# An installed tree runs after it was moved to a path with a blank, with its own copies of the libraries, and another
# program builds against it through pkg-config.
set -eu
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cmake --install "$HEAVYOPT_BUILD" --prefix "$room/first" >"$room/log" 2>&1 || { cat "$room/log"; exit 1; }
mv "$room/first" "$room/moved tree"
tree="$room/moved tree"
"$tree/bin/heavyopt" --version >"$room/version"
"$HEAVYOPT_BUILD/heavyopt" --version | cmp - "$room/version"
# Nothing of the installed files is looked for where they were built.
for file in "$tree/bin/heavyopt" "$tree"/lib/libheavyopt.so.*.*; do
    if readelf -d "$file" | grep -E 'R(UN)?PATH' | grep -vE '\[\$ORIGIN[^]]*\]'; then
        echo "$file looks outside of its tree"
        exit 1
    fi
done
ldd "$tree/bin/heavyopt" | grep -E 'libarrow|libparquet|libhighs' | while read -r line; do
    case "$line" in *"moved tree"*) ;; *) echo "not its own: $line"; exit 1 ;; esac
done
cat >"$room/user.c" <<'C'
#include <heavyopt/command.h>
#include <stdio.h>
int main(void)
{
    printf("%zu commands\n", ho_command_count());
    return ho_command_find("optimize") == NULL;
}
C
# pkg-config escapes blanks for eval
eval "cc -std=c17 '$room/user.c' -o '$room/user' $(PKG_CONFIG_PATH="$tree/lib/pkgconfig" pkg-config --cflags --libs heavyopt) $(
    if readelf -d "$tree"/lib/libheavyopt.so.*.* | grep -q libasan; then echo -fsanitize=address,undefined; fi)"
LD_LIBRARY_PATH="$tree/lib" "$room/user"
# Only our own names are seen outside.
foreign=$(nm -D --defined-only "$tree"/lib/libheavyopt.so.*.* | awk '{print $3}' | grep -v '^ho_' || true)
[ -z "$foreign" ] || { echo "exported, and not ours: $foreign"; exit 1; }
