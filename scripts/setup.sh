#!/usr/bin/env bash
# Makes this machine ready to build: checks the .NET SDK, and on Linux that TorchSharp's library can be loaded.
# Sourced by run.sh, test.sh and bench.sh; may be run by itself. Says what it does, and does nothing the second time.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "setup: $*" >&2; }
fail() { say "error: $*"; exit 1; }

# .NET knows cultures by ICU, and does not start without it unless it is told that there is none.
install_icu() {
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        say "installing ICU, which .NET needs"
        apt-get update -qq || true
        # shellcheck disable=SC2046 # One package, whose name tells its version.
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(apt-cache search --names-only '^libicu[0-9]+$' | cut -d ' ' -f 1 | tail -n 1) >/dev/null || true
    fi
    [ -n "$(dotnet --version 2>/dev/null)" ] || fail "ICU must be there for .NET to start, but there is none; install it (on Debian 12: libicu72), or set DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 to do without."
}

require_dotnet() {
    command -v dotnet >/dev/null || fail "the .NET SDK 10 must be on the PATH, but there is no dotnet; install it from https://dot.net."
    case $(dotnet --version 2>&1) in *"valid ICU package"*) install_icu ;; esac
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
