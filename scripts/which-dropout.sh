#!/usr/bin/env bash
# The tables of docs/which-dropout.md, each by one command:
#     scripts/which-dropout.sh TABLE [--dry-run | options of compare]
#     scripts/which-dropout.sh page        puts the tables of which there are results into the page
# Without arguments it prints the names of the tables; --dry-run prints the command in place of running it. Results go to results/which-dropout/TABLE, and a table that was interrupted goes on where it stopped.
# Image data are looked for where compare looks ($NSDROPOUT_DATA, data/). segment and diabetes are in Debian's package weka; where it is not installed, apt-get fetches the package into results.
# NSDROPOUT=nsdropout runs an installed command in place of ./run.sh.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=results/which-dropout
command=${NSDROPOUT:-./run.sh}

# Every method that has a rate gets the same grid. concrete and variational weigh their term by 1/N, N being the samples fitted to, as their papers do.
all_methods() { # 1/N
    local rates=p=0.1..0.7/0.2
    echo --layers "none,concrete:entropy=$1,variational:divergence=$1,gap-matched" \
        --grid "dropout:$rates,gaussian:$rates,dropconnect:$rates,targeted:$rates,nsdropout:$rates:label-free=true,nsdropout:$rates:shared=true"
}

# Where a run takes long: fewer methods and rates; fewest where it takes longest.
few_methods() { # 1/N
    local rates=p=0.1..0.7/0.3
    echo --layers "none,concrete:entropy=$1,gap-matched" --grid "dropout:$rates,nsdropout:$rates:label-free=true"
}

fewest_methods() {
    echo --layers none,gap-matched --grid dropout:p=0.1..0.7/0.3
}

# What an epoch costs: no run ends early.
one_rate() {
    local rate=p=0.3
    echo --layers "none,dropout:$rate,fast-dropout:$rate,gap-matched,concrete:entropy=0.00031,variational:divergence=0.00031,gaussian:$rate,dropconnect:$rate,targeted:$rate,nsdropout:$rate:label-free=true,nsdropout:$rate:shared=true" \
        --epochs 10 --patience none
}

small="--hidden 128,128 --after all"
wide="--hidden 512,512 --after all"

arguments_of() { # TABLE; null where there is none of that name
    case $1 in
    fashion-1000) echo --dataset fashion-mnist --train-samples 1000 $small --seeds 1..20 $(all_methods 0.00125) ;;
    segment) echo --dataset $folder/data/segment.csv $small --seeds 1..20 $(all_methods 0.00068) ;;
    diabetes) echo --dataset $folder/data/diabetes.csv $small --seeds 1..20 $(all_methods 0.002) ;;
    optdigits) echo --dataset optdigits $small --seeds 1..10 $(all_methods 0.00033) ;;
    mnist-1000) echo --dataset mnist --train-samples 1000 $small --seeds 1..10 $(all_methods 0.00125) ;;
    fashion-4000) echo --dataset fashion-mnist --train-samples 4000 $small --seeds 1..10 $(few_methods 0.00031) ;;
    fashion-1000-wide) echo --dataset fashion-mnist --train-samples 1000 $wide --seeds 1..10 $(few_methods 0.00125) ;;
    cifar-cnn) echo --dataset cifar-10 --train-samples 2000 --model cnn --seeds 1..10 $(few_methods 0.00063) ;;
    fashion-20000) echo --dataset fashion-mnist --train-samples 20000 $small --seeds 1..10 $(fewest_methods) ;;
    seconds) echo --dataset fashion-mnist --train-samples 4000 $small --seeds 1..5 $(one_rate) ;;
    *) return 1 ;;
    esac
}

tables="fashion-1000 segment diabetes optdigits mnist-1000 fashion-4000 fashion-1000-wide cifar-cnn fashion-20000 seconds"
page=docs/which-dropout.md

# A row for each method, a column for each table: the error of none, and what the others err more. Then the same of dropout with one rate for all seeds.
overview() { # FILES of --markdown
    awk -F' *[|] *' '
        FNR == 1 { name = FILENAME; sub(/.*\//, "", name); sub(/[.]md$/, "", name); names[++columns] = name; part = 0 }
        /^[|] method/ { part = 1; next }
        /^[|] one rate/ { part = 2; for (i = 3; i < NF; i++) header[i] = "dropout, " $i; next }
        /^[|] ---/ { next }
        !/^[|]/ { part = 0 }
        part == 1 {
            method = $2; sub(/:(entropy|divergence)=.*/, "", method)
            put(method, method == "none" ? $3 : difference($4, $5))
        }
        part == 2 && $2 == "dropout" { for (i = 3; i < NF; i++) { split($i, cell, ", "); sub(/ .*/, "", cell[2]); put(header[i], cell[2]) } }
        function difference(text, p) { sub(/ .*/, "", text); return text (p ~ /^</ || p < 0.05 ? "*" : "") }
        function put(row, text) {
            if (!(row in known)) {
                known[row] = 1
                # Rates come in their order, whichever table had them first.
                for (at = ++count; part == 2 && rows[at - 1] ~ /^dropout, / && rows[at - 1] > row; at--) rows[at] = rows[at - 1]
                rows[at] = row
            }
            cells[row, columns] = text
        }
        END {
            line = "| less than none |"; rule = "| --- |"
            for (i = 1; i <= columns; i++) { line = line " " names[i] " |"; rule = rule " --- |" }
            print line; print rule
            for (r = 1; r <= count; r++) {
                line = "| " (rows[r] == "none" ? "none: test error in %" : rows[r]) " |"
                for (i = 1; i <= columns; i++) line = line " " cells[rows[r], i] " |"
                print line
            }
        }' "$@"
}

# Puts standard input between the marks of a table.
put_into_page() { # MARK
    new=$(cat) awk -v start="<!-- $1 -->" '
        $0 == start { print; print ""; print ENVIRON["new"]; print ""; skip = 1 }
        $0 == "<!-- end of table -->" { skip = 0 }
        !skip' $page >$page.new
    mv $page.new $page
}

# Of seconds only names and times are of interest.
write_page() {
    local name files=()
    for name in $tables; do
        [ -f "$folder/$name/results.json" ] || continue
        $command report "$folder/$name" --markdown >"$folder/$name.md"
        if [ "$name" = seconds ]; then
            awk -F'|' '/^[|] one rate/ { exit } /^[|]/ { print "|" $2 "|" $(NF - 1) "|" }' "$folder/$name.md" | put_into_page "table $name"
        else
            files+=("$folder/$name.md")
            put_into_page "table $name" <"$folder/$name.md"
        fi
    done
    overview "${files[@]}" | put_into_page overview
}

# ARFF is CSV behind a header. The class is the last column.
csv_of() { # FILE...
    awk 'tolower($1) == "@attribute" && FNR == NR { gsub("\047", "", $2); names = names (names == "" ? "" : ",") $2 }
         tolower($1) == "@data" && FNR == NR { print names }
         tolower($1) == "@data" { in_data = FILENAME; next }
         in_data == FILENAME && NF > 0 && $1 !~ /^%/' "$@"
}

fetch_tables() {
    [ ! -f $folder/data/diabetes.csv ] || return 0
    mkdir -p $folder/data
    local arff=/usr/share/doc/weka/examples
    if [ ! -d $arff ]; then
        (cd $folder/data && apt-get download weka >&2 && dpkg-deb -x weka_*.deb weka && rm weka_*.deb)
        arff=$folder/data/weka$arff
    fi
    csv_of $arff/segment-challenge.arff $arff/segment-test.arff >$folder/data/segment.csv
    csv_of $arff/diabetes.arff >$folder/data/diabetes.csv
}

if [ $# -eq 0 ]; then
    printf '%s\n' $tables
    exit
fi

table=$1
shift
if [ "$table" = page ]; then
    write_page
    exit
fi

if ! arguments=$(arguments_of "$table"); then
    echo "TABLE must be one of $tables, but got '$table'." >&2
    exit 2
fi

# shellcheck disable=SC2206 # words are what is wanted: no argument has a space
arguments=(compare $arguments --protocol holdout --threads 1 --out "$folder/$table")
[ "$table" = seconds ] || arguments+=(--tune-by selection)
if [ "${1:-}" = --dry-run ]; then
    echo "$command ${arguments[*]}"
    exit
fi

case $table in segment | diabetes) fetch_tables ;; esac
# Seed after seed goes through all methods, so that whatever else the machine does meets them all; a command goes on with the runs of the one before.
if [ "$table" = seconds ]; then
    for seeds in 1 1..2 1..3 1..4; do
        $command "${arguments[@]/#1..5/$seeds}" "$@" >/dev/null
    done
fi
exec $command "${arguments[@]}" "$@"
