# Help names every command and every option; usage that is wrong ends with 2 and one line.
. "$(dirname "$0")/common.sh"

works --version
head -n 1 said.out | grep -qE '^heavyopt [0-9]+\.[0-9]+\.[0-9]+' || fault "--version does not begin with the version"
works help
cp said.out overview
works --help
cmp -s said.out overview || fault "--help is not help"
works
cmp -s said.out overview || fault "no argument is not help"
commands=$(sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p' overview)
for wanted in optimize convert inspect evaluate generate help; do
    echo "$commands" | grep -qx "$wanted" || fault "help does not list $wanted"
done
for command in $commands; do
    [ "$command" != help ] || continue
    works help "$command"
    cp said.out page
    works "$command" --help
    cmp -s said.out page || fault "$command --help is not help $command"
    grep -q '^Usage: heavyopt '"$command" page || fault "help $command has no usage line"
    [ "$(awk 'length > 100' page | wc -l)" = 0 ] || fault "help $command has long lines"
    for common in --json --quiet --help --version; do
        grep -q -e "$common" page || fault "help $command does not list $common"
    done
    refuses 2 'unknown option --no-such-thing' "$command" --no-such-thing
done
works help optimize
for option in input output portfolio-size algorithms effort seed threads time-limit fitness metric drawdown-threshold \
    returns include exclude no-cache rebuild json quiet; do
    grep -qE -e "--$option( |\$)" said.out || fault "help optimize does not list --$option"
done

refuses 2 'unknown command.*did you mean optimize' optimise
refuses 2 'did you mean inspect' help inspct
refuses 2 'command is missing' --json
refuses 2 'needs --input' optimize
refuses 2 '--input is empty' optimize ''
refuses 2 '--output is empty' optimize x.csv --output ''
refuses 2 'did you mean --portfolio-size' optimize x.csv --portfolio-siez 5
refuses 2 '--seed needs a value' optimize x.csv --seed
refuses 2 '--threads' optimize x.csv --threads many
refuses 2 '--fitness' optimize x.csv --fitness best
# What the fitness chosen does not look at is said.
table good.csv 8 20
"$program" optimize good.csv -p 3 -e quick -a hc --no-bound --no-cache -q --report none -o idle -m roi -f ratio \
    --penalty multiplicative --weight sharpe=1 >/dev/null 2>said.idle || fault "idle settings end a run"
for option in --metric '--penalty multiplicative' --weight; do
    grep -q "^heavyopt: warning: $option counts with --fitness .*, and this run's is ratio\$" said.idle ||
        fault "$option without effect goes unsaid"
done
rm -rf idle said.idle good.csv
finish
