#!/usr/bin/env bash
# Makes this machine ready to build: checks the .NET SDK, and on Linux that TorchSharp's library can be loaded.
# Sourced by run.sh, test.sh and bench.sh; may be run by itself. Says what it does, and does nothing the second time.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "setup: $*" >&2; }
fail() { say "error: $*"; exit 1; }

require_dotnet() {
    command -v dotnet >/dev/null || fail "the .NET SDK 10 must be on the PATH, but there is no dotnet; install it from https://dot.net."
    dotnet --version >/dev/null 2>&1 || fail "the .NET SDK must be 10 or later, but found $(dotnet --list-sdks | tail -n 1); install .NET 10 from https://dot.net."
}

# TorchSharp's library for Linux asks for the libstdc++ of GCC 13; scripts/LoadableTorchSharp.cs says why an older one does as well.
libstdcxx_is_old() {
    local libstdcxx
    libstdcxx=$(/sbin/ldconfig -p | sed -n 's/.*libstdc++\.so\.6 (libc6,x86-64.* => //p' | head -n 1)
    [ -n "$libstdcxx" ] && ! grep -qa 'GLIBCXX_3\.4\.32' "$libstdcxx"
}

make_torchsharp_loadable() {
    local version packages name=libLibTorchSharp.so
    version=$(sed -n 's:.*<TorchSharpVersion>\(.*\)</TorchSharpVersion>.*:\1:p' build/Torch.props | head -n 1)
    [ ! -e ".native/$version/$name" ] || return 0
    libstdcxx_is_old || return 0
    dotnet restore src/NsDropoutTorch.Cli -nologo -v quiet || fail "the packages could not be restored."
    packages=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
    say "$(dotnet run scripts/LoadableTorchSharp.cs -- "$packages/torchsharp/$version/runtimes/linux-x64/native/$name" ".native/$version/$name" 2>&1)"
    [ -e ".native/$version/$name" ] || exit 1
}

require_dotnet
[ "$(uname -sm)" != "Linux x86_64" ] || make_torchsharp_loadable
