#!/usr/bin/env bash
# Makes this machine ready to build: finds out where TorchSharp comes from, and installs what is missing for it.
# Sourced by run.sh and test.sh. Says what it installs before it does; does nothing the second time.
#
#   TORCH_PROVIDER=nuget|system   decides instead of looking (-p:TorchProvider=… does the same for one command)
#   LIBTORCH_HOME=/path           a libtorch or PyTorch folder for the system provider, instead of Debian's package

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "setup: $*"; }
fail() { printf '%s\n' "setup: error: $*" >&2; exit 1; }

require_dotnet() {
    command -v dotnet >/dev/null || fail "the .NET SDK 10 must be on the PATH, but there is no dotnet; install it from https://dot.net."
    dotnet --version >/dev/null 2>&1 || fail "the .NET SDK must be 10 or later, but found $(dotnet --list-sdks | tail -n 1); install .NET 10 from https://dot.net."
}

# A restore of one package answers the question better than any query: it is what the build will ask. Into a folder of
# its own, so that a package cached from some other feed does not answer.
feed_has_torchsharp() {
    local probe
    probe=$(mktemp -d)
    printf '%s' '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup><PackageReference Include="TorchSharp" Version="[0.105.1]" /></ItemGroup></Project>' > "$probe/probe.csproj"
    printf '<Project />' > "$probe/Directory.Build.props"
    local found=1
    dotnet restore "$probe/probe.csproj" --packages "$probe/packages" --verbosity quiet >/dev/null 2>&1 && found=0
    rm -rf "$probe"
    return $found
}

record_provider() {
    printf '<!-- Written by scripts/setup.sh; delete it to have the package feed asked again. -->\n<Project>\n  <PropertyGroup>\n    <TorchProvider Condition="'"'"'$(TorchProvider)'"'"' == '"''"'">%s</TorchProvider>\n  </PropertyGroup>\n</Project>\n' "$1" > TorchProvider.props
}

recorded_provider() { sed -n 's:.*<TorchProvider[^>]*>\(.*\)</TorchProvider>.*:\1:p' TorchProvider.props 2>/dev/null || true; }

choose_provider() {
    local wanted=${TORCH_PROVIDER:-} before
    before=$(recorded_provider)
    if [ -n "$wanted" ]; then
        case $wanted in nuget | system) ;; *) fail "TORCH_PROVIDER must be nuget or system, but got '$wanted'." ;; esac
        [ "$before" = "$wanted" ] || record_provider "$wanted"
        say "TorchSharp comes from '$wanted', as TORCH_PROVIDER says."
    elif [ -z "$before" ]; then
        if feed_has_torchsharp; then
            record_provider nuget
            say "TorchSharp comes from the package feed (provider 'nuget'); TORCH_PROVIDER=system overrides that."
        else
            record_provider system
            say "the package feed has no TorchSharp 0.105.1, so the libtorch of this machine is used (provider 'system'); TORCH_PROVIDER=nuget overrides that."
        fi
    fi
    provider=$(recorded_provider)
}

missing_packages() {
    command -v "${CXX:-c++}" >/dev/null || printf 'g++ '
    if [ -z "${LIBTORCH_HOME:-}" ]; then
        [ -f /usr/include/ATen/ATen.h ] || printf 'libtorch-dev '
        # Without it Debian's matrix products use the reference BLAS, many times slower.
        compgen -G '/usr/lib/*/openblas-pthread/libblas.so.3' >/dev/null || printf 'libopenblas0-pthread '
    fi
}

install_system_packages() {
    local packages sudo=""
    packages=$(missing_packages)
    [ -n "$packages" ] || return 0
    command -v apt-get >/dev/null || fail "the system provider needs $packages, but this machine has no apt-get; install libtorch and set LIBTORCH_HOME."
    [ "$(id -u)" = 0 ] || sudo=sudo
    [ -z "$sudo" ] || command -v sudo >/dev/null || fail "installing $packages needs root; run this as root, or install them yourself."
    say "installing from this machine's package archive: $packages"
    $sudo apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq $packages >/dev/null
}

require_dotnet
choose_provider
[ "$provider" = nuget ] || install_system_packages
