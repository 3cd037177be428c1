#!/usr/bin/env bash
# Sets everything up and runs all tests; arguments go to dotnet test (./test.sh --filter NSDropout).
# The last line is "N passed, N failed, N skipped". NSDROPOUT_DATA names a folder with the real data sets.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=scripts/setup.sh
source scripts/setup.sh

# The report is also opened in a browser; without one those tests say that they are skipped.
if ! command -v chromium >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    say "installing chromium for the tests of the report"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || say "chromium could not be installed"
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
# Built first, test projects run side by side, each on one core: small tensors gain nothing by more threads, and two projects would contend for them.
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
dotnet build NsDropoutTorch.sln -c Release -nologo -v quiet
dotnet test NsDropoutTorch.sln -c Release -nologo -v quiet --no-build "$@" 2>&1 | tee "$log" || status=$?

awk -v status="$status" '
    match($0, /Failed: *[0-9]+, Passed: *[0-9]+, Skipped: *[0-9]+/) {
        split(substr($0, RSTART, RLENGTH), n, /[^0-9]+/)
        failed += n[2]; passed += n[3]; skipped += n[4]
    }
    END {
        if (passed + failed == 0) { print "no test was executed"; failed = 1 }
        else if (status != 0 && failed == 0) { print "a test project did not run to its end"; failed = 1 }
        printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
        exit failed > 0
    }' "$log"
