# The launcher that traders double-click, run by Wine's cmd against a real server; and the files beside it.
set -eu
source_tree=${HEAVYOPT_SOURCE:-$PWD}
program=$HEAVYOPT_BUILD/heavyopt
bat="$source_tree/share/Samba_Only_HeavyDB_Launcher.bat"
[ -x "$program" ] || { echo "skipped: $program is not built"; exit 77; }
if LC_ALL=C grep -nP '[^\x00-\x7F]' "$bat"; then echo "the launcher is not plain ASCII"; exit 1; fi
[ "$(grep -c "$(printf '\r')\$" "$bat")" = "$(wc -l <"$bat")" ] || { echo "a line of the launcher lacks its CR"; exit 1; }
if grep -niE 'password *=|\\\\[a-z0-9.-]+\\[a-z]' "$bat" | grep -v 'such as'; then echo "an address or a password in the launcher"; exit 1; fi
if ! command -v wine >/dev/null || ! timeout 60 wine --version >/dev/null 2>&1; then
    echo "skipped: no Wine here (apt-get install wine64 wine)"
    exit 77
fi
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
share=$work/share
export WINEPREFIX=$work/wine WINEDEBUG=-all HEAVYOPT_CACHE=$work/cache
unset DISPLAY
mkdir -p "$share/input" "$share/config"
cp "$source_tree/examples/straddles.csv" "$share/input/"
touch -d '1 hour ago' "$share/input/straddles.csv"
printf '[PORTFOLIO_OPTIMIZATION]\r\nhft_portfolio_size: 12 ; short\r\n[optimize]\r\neffort = quick\r\n' >"$share/config/production_config.ini"
"$program" serve --share "$share" --poll 0.2 --quiet &
server=$!
timeout 120 wine wineboot -i >/dev/null 2>&1 || { echo "skipped: Wine does not start here"; exit 77; }
cp "$bat" "$work/l.bat"
cd "$work"
# Answers come with pauses: Wine's set /p swallows all that is there.
{ sleep 3; printf '2\n'; sleep 2; printf 'Straddles.csv\n'; sleep 20; printf '5\n'; sleep 3; printf '7\n'; } |
    HEAVYOPT_DRIVE="Z:$(printf %s "$share" | tr / '\\')" timeout 100 wine cmd /c l.bat >said.txt 2>/dev/null || {
    cat said.txt
    exit 1
}
tr -d '\r' <said.txt
grep -q 'HFT, 12 strategies' said.txt
grep -q '^  completed' said.txt
grep -q 'Results: Z:.*output.run_' said.txt
job=$(ls "$share"/jobs/completed/job_*.json)
grep -q '"portfolio_size": 12' "$job"
