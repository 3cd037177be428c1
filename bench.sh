#!/usr/bin/env bash
# Sets everything up and measures: one table of ratios, each taken in this run, in about nine minutes.
#   ./bench.sh                          all suites
#   ./bench.sh quick layer trainer      some of them: start, layer, fastdropout, sibling, growth, capture, optimizer, trainer, loop, data
#   ./bench.sh sweep                    runs an hour of compare --jobs auto, of one run at a time, and of PyTorch: about four minutes
#   ./bench.sh --out FILE.md            writes the report as well, also behind names of suites (benchmarks/results keeps some)
#   ./bench.sh --filter '*'             BenchmarkDotNet: distributions of the layers' times, about twenty minutes
# Real MNIST and CIFAR-10 are measured where NSDROPOUT_DATA or data/ has them, and PyTorch where a python3 on the PATH imports torch
# (on Debian: apt-get install --no-install-recommends python3-torch libopenblas0-pthread).
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=scripts/setup.sh
source scripts/setup.sh

project=benchmarks/NsDropoutTorch.Benchmarks
if ! log=$(dotnet build "$project" -c Release -nologo -v quiet -consoleLoggerParameters:NoSummary 2>&1); then
    printf '%s\n' "$log" >&2
    exit 1
fi

exec dotnet "$project/bin/Release/net10.0/NsDropoutTorch.Benchmarks.dll" "$@"
