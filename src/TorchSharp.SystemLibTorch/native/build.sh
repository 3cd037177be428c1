#!/bin/sh
# Builds the provider's native side: build.sh OUTPUT. LIBTORCH_HOME names a libtorch or PyTorch installation
# (a folder with include/ and lib/); without it the system's own (Debian: libtorch-dev) is taken.
set -eu

output=$1
here=$(dirname "$0")
compiler=${CXX:-c++}

if [ -n "${LIBTORCH_HOME:-}" ]; then
    [ -f "$LIBTORCH_HOME/include/ATen/ATen.h" ] || {
        echo "error: LIBTORCH_HOME must name a folder with include/ATen/ATen.h and lib/, but got '$LIBTORCH_HOME'." >&2
        exit 1
    }
    includes="-I$LIBTORCH_HOME/include -I$LIBTORCH_HOME/include/torch/csrc/api/include"
    libraries=$LIBTORCH_HOME/lib
    link="-L$libraries -Wl,-rpath,$libraries"
    cuda=$libraries/libtorch_cuda.so
    config=$LIBTORCH_HOME/share/cmake/Torch/TorchConfig.cmake
else
    echo '#include <ATen/ATen.h>' | "$compiler" -x c++ -std=c++17 -fsyntax-only - 2>/dev/null || {
        echo "error: libtorch must be installed to build the system provider, but <ATen/ATen.h> was not found;" \
             "install libtorch-dev, or set LIBTORCH_HOME to a libtorch or PyTorch folder." >&2
        exit 1
    }
    includes="-I/usr/include/torch/csrc/api/include" link="" cuda="" config=""
fi

# PyTorch's own builds before 2.7 use the old C++ ABI; their CMake file says so.
abi=""
if [ -n "$config" ] && [ -f "$config" ]; then
    abi=$(sed -n 's/.*\(-D_GLIBCXX_USE_CXX11_ABI=[01]\).*/\1/p' "$config" | head -n 1)
fi

# libtorch_cuda is named by no symbol of ours; unless it is linked all the same, its kernels never register.
if [ -n "$cuda" ] && [ -f "$cuda" ]; then link="$link -Wl,--no-as-needed -ltorch_cuda -lc10_cuda"; fi

mkdir -p "$(dirname "$output")"
# shellcheck disable=SC2086
"$compiler" -std=c++17 -O2 -fPIC -shared -fvisibility=hidden -w $abi $includes "$here/shim.cpp" \
    -o "$output.tmp" $link -ltorch -ltorch_cpu -lc10
mv "$output.tmp" "$output"
