#!/usr/bin/env bash
# Sets everything up and runs the command line: ./run.sh compares no dropout, dropout and NSDropout on MNIST where it is
# found (NSDROPOUT_DATA or data/), else on optdigits, which is part of the repository. ./run.sh compare --help shows what else it takes.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=scripts/setup.sh
source scripts/setup.sh

project=src/NsDropoutTorch.Cli/NsDropoutTorch.Cli.csproj
output=src/NsDropoutTorch.Cli/bin/Release/net10.0
if ! log=$(dotnet build "$project" -c Release -nologo -v quiet -consoleLoggerParameters:NoSummary 2>&1); then
    printf '%s\n' "$log" >&2
    exit 1
fi

[ $# -gt 0 ] || set -- compare
exec dotnet "$output/nsdropout.dll" "$@"
