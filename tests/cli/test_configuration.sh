# Configuration as a user meets it: what wins, what is said, what is refused, and that a run obeys.
. "$(dirname "$0")/common.sh"
mkdir -p share/config
table input.csv 30 40
printf '[optimization]\nportfolio_size = 4  # K\n' >share/config/parquet_arrow_config.ini
printf '[ALGORITHMS]\r\nuse_random_search = True\r\n' >share/config/production_config.ini
printf '[optimize]\nseed = 5\n' >own.ini

works optimize input.csv --share share -c own.ini --json -q
[ "$(value said.out 'd["best"]["size"], d["settings"]["seed"], d["settings"]["algorithms"]')" = "(4, 5, 'rs')" ] ||
    fault "the files are not obeyed: $(head -c 500 said.out)"
HEAVYOPT_SHARE=share works optimize input.csv -p 3 --json -q
[ "$(value said.out 'd["best"]["size"]')" = 3 ] || fault "the command line does not win"
HEAVYOPT_OPTIMIZE_INPUT=input.csv HEAVYOPT_OPTIMIZATION_PORTFOLIO_SIZE=5 works optimize --share share --json -q
[ "$(value said.out 'd["best"]["size"]')" = 5 ] || fault "the environment does not win"

works config optimize --share share
grep -q '^portfolio-size = 4    # share/config/parquet_arrow_config.ini:2 \[optimization\] portfolio_size$' said.out ||
    fault "config does not say where a value is from"
works config --write-default fresh.ini
refuses 2 'fresh.ini is there already' config --write-default fresh.ini
refuses 2 'no command is named optimise' config optimise
refuses 2 'missing.ini: No such file' optimize input.csv -c missing.ini
printf '[optimization]\nportfolio_size = many\n' >bad.ini
refuses 2 'bad.ini:2 \[optimization\] portfolio_size = many: expected a whole number' optimize input.csv -c bad.ini
printf '[optimization]\nportfolio_sise = 3\n' >near.ini
refuses 2 'near.ini:2 \[optimization\] portfolio_sise: unknown key: did you mean portfolio_size' \
    optimize input.csv -c near.ini --strict-config
works optimize input.csv -p 3 -a rs -c near.ini -q
[ "$(grep -c 'warning: near.ini:2' said.err)" = 1 ] || fault "an unknown key is not warned of once"
mkdir tables zones
cp input.csv tables/whole.csv
table zones/part.csv 12 20
printf '[PATHS]\ndata_folder = tables\nconsolidated_dir = zones\n' >paths.ini
works inspect -c paths.ini --json -q
[ "$(value said.out 'd["strategies"]')" = 30 ] || fault "the tables of data_folder are not the input"
works inspect zones/part.csv -c paths.ini --json -q
[ "$(value said.out 'd["strategies"]')" = 12 ] || fault "data_folder wins over a named input"
printf '[OPTIMIZATION]\nzone_optimization_enabled = true\n' >>paths.ini
works config optimize -c paths.ini
grep -q '^input = zones    # paths.ini:3 \[PATHS\] consolidated_dir$' said.out || fault "zones are not searched in consolidated_dir"
works config consolidate -c paths.ini
grep -q '^input =     # default$' said.out || fault "data_folder is taken for a folder of trade logs"
refuses 2 'is no regular file' optimize input.csv -c share
head -c 5000000 /dev/zero | tr '\0' '#' >large.ini
refuses 2 'large.ini: 5000000 bytes' optimize input.csv -c large.ini
finish
