#!/usr/bin/env bash
# The tables of docs/which-dropout.md, each by one command:
#     scripts/which-dropout.sh TABLE [--dry-run | options of compare]
# Without TABLE it prints their names; --dry-run prints the command in place of running it. Results go to results/which-dropout/TABLE, and a table that was interrupted goes on where it stopped.
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

# Where a run takes long: fewer methods and rates, and eight seeds.
few_methods() { # 1/N
    local rates=p=0.1..0.7/0.3
    echo --layers "none,concrete:entropy=$1,gap-matched" --grid "dropout:$rates,nsdropout:$rates:label-free=true" --seeds 1..8
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
    fashion-4000) echo --dataset fashion-mnist --train-samples 4000 $small --seeds 1..10 $(all_methods 0.00031) ;;
    fashion-1000-wide) echo --dataset fashion-mnist --train-samples 1000 $wide --seeds 1..10 $(all_methods 0.00125) ;;
    cifar-cnn) echo --dataset cifar-10 --train-samples 2000 --model cnn $(few_methods 0.00063) ;;
    fashion-20000) echo --dataset fashion-mnist --train-samples 20000 $small $(few_methods 0.000063) ;;
    *) return 1 ;;
    esac
}

tables="fashion-1000 segment diabetes optdigits mnist-1000 fashion-4000 fashion-1000-wide cifar-cnn fashion-20000"

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
if ! arguments=$(arguments_of "$table"); then
    echo "TABLE must be one of $tables, but got '$table'." >&2
    exit 2
fi

# shellcheck disable=SC2206 # words are what is wanted: no argument has a space
arguments=(compare $arguments --protocol holdout --tune-by selection --threads 1 --out "$folder/$table")
if [ "${1:-}" = --dry-run ]; then
    echo "$command ${arguments[*]}"
    exit
fi

case $table in segment | diabetes) fetch_tables ;; esac
exec $command "${arguments[@]}" "$@"
