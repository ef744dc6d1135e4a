# The systemd unit of share/: systemd knows every key of it, and it starts what there is.
set -eu
command -v systemd-analyze >/dev/null || { echo "skipped: no systemd-analyze here"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unit="$HEAVYOPT_SOURCE/share/heavyopt.service"
sed "s|/usr/local/bin/heavyopt|$(command -v sleep)|; s|^User=.*|User=$(id -un)|" "$unit" >"$work/heavyopt.service"
systemd-analyze verify "$work/heavyopt.service" >"$work/said" 2>&1 || { cat "$work/said"; exit 1; }
# A misspelt key is a warning and no fault to systemd.
[ ! -s "$work/said" ] || { cat "$work/said"; exit 1; }
sed 's/^RestartSec=/RestartSecs=/' "$work/heavyopt.service" >"$work/misspelt.service"
systemd-analyze verify "$work/misspelt.service" 2>&1 | grep -q RestartSecs || { echo "a misspelt key is not seen"; exit 1; }
# The options that it gives to the program exist.
sed -n 's/^ExecStart=[^ ]* //p' "$unit" >"$work/line"
read -r command options <"$work/line"
"$HEAVYOPT_BUILD/heavyopt" help "$command" >"$work/help"
for option in $options; do
    case $option in --*) grep -q -e "$option" "$work/help" || { echo "$command has no $option"; exit 1; } ;; esac
done
