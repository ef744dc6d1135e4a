# The manual page says what the program says.
. "$(dirname "$0")/common.sh"
"$python" "$HEAVYOPT_SOURCE/tools/manual_page" --check "$program" || fault "docs/heavyopt.1 is out of date"
finish
