#!/usr/bin/env bash
# Builds torch_shim.cpp against the libtorch that is found: $LIBTORCH, else the torch package of the python3 on PATH
# (only located on disk, never executed), else the system's. Writes artifacts/native/libnodehost_torch.so and does nothing when it is current.
# Another source beside the shim: build.sh SOURCE.cpp LIBRARY-NAME; only to check one: build.sh --check SOURCE.cpp [FLAGS...]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$here/../../artifacts/native
check=0
[ "${1:-}" = "--check" ] && check=1 && shift
source=${1:-$here/torch_shim.cpp}
name=${2:-nodehost_torch}

find_libtorch() { # prints: root include-dir lib-dir
  local root site python
  if [ -n "${LIBTORCH:-}" ]; then
    [ -e "$LIBTORCH/lib/libtorch_cpu.so" ] || { echo "LIBTORCH=$LIBTORCH holds no lib/libtorch_cpu.so" >&2; return 1; }
    echo "$LIBTORCH $LIBTORCH/include $LIBTORCH/lib"; return
  fi
  python=$(command -v python3 || true)
  if [ -n "$python" ]; then
    root=$(dirname "$(dirname "$python")")
    for site in "$root"/lib/python3*/site-packages/torch "$root"/local/lib/python3*/dist-packages/torch /usr/lib/python3/dist-packages/torch; do
      [ -e "$site/lib/libtorch_cpu.so" ] && [ -e "$site/include/ATen/ATen.h" ] && { echo "$site $site/include $site/lib"; return; }
    done
  fi
  for lib in /usr/lib/"$(uname -m)"-linux-gnu /usr/lib64 /usr/lib /usr/local/lib; do
    [ -e "$lib/libtorch_cpu.so" ] && [ -e /usr/include/ATen/ATen.h ] && { echo "/usr /usr/include $lib"; return; }
  done
  echo "libtorch not found: install Debian's libtorch-dev (apt-get install libtorch-dev), a CUDA PyTorch, or set LIBTORCH to an unpacked libtorch." >&2
  return 1
}

read -r root include lib < <(find_libtorch) || exit 1
[ -n "${root:-}" ] || exit 1
if [ "$check" -eq 1 ]; then
  exec "${CXX:-g++}" -std=c++17 -fsyntax-only -w -I"$here" -I"$include" -I"$include/torch/csrc/api/include" "${@:2}" "$source"
fi

digest() { cat "$source" "$here"/*.h "$here/build.sh" | sha256sum | cut -c1-16; }
stamp="$root $(digest) $(stat -Lc %s-%Y "$lib/libtorch_cpu.so")"
target="$out/lib$name.so"
[ -e "$target" ] && [ "$(cat "$out/$name.stamp" 2>/dev/null)" = "$stamp" ] && exit 0

abi=1 # the C++ ABI that libtorch was built with stands in its TorchConfig
config=$(ls "$root"/share/cmake/Torch/TorchConfig.cmake "$lib"/cmake/Torch/TorchConfig.cmake 2>/dev/null | head -n 1 || true)
[ -n "$config" ] && grep -q '_GLIBCXX_USE_CXX11_ABI=0' "$config" && abi=0

libraries="-ltorch -ltorch_cpu -lc10"
cuda=()
if [ -e "$lib/libtorch_cuda.so" ]; then
  libraries="-Wl,--no-as-needed $libraries -ltorch_cuda -lc10_cuda"
  for home in "${CUDA_HOME:-/usr/local/cuda}" "$root"/../nvidia/cuda_runtime "$root"/../nvidia/cu13; do
    [ -e "$home/include/cuda_runtime_api.h" ] || continue
    cuda+=(-I"$home/include")
    runtime=$(ls "$home"/lib64/libcudart.so* "$home"/lib/libcudart.so* 2>/dev/null | head -n 1 || true)
    [ -n "$runtime" ] && libraries="$libraries $runtime -Wl,-rpath,$(dirname "$runtime")"
    break
  done
fi

mkdir -p "$out"
echo "building $(basename "$source") against the libtorch in $root (about half a minute, once)" >&2
compile() {
  "${CXX:-g++}" -std="$1" -O2 -fPIC -shared -fvisibility=hidden -w -D_GLIBCXX_USE_CXX11_ABI=$abi \
    -I"$include" -I"$include/torch/csrc/api/include" "${cuda[@]}" "$source" -o "$target.$$" \
    -L"$lib" -Wl,-rpath,"$lib" $libraries
}
compile c++17 2>"$out/$name.log" || compile c++20 2>>"$out/$name.log" || { tail -n 20 "$out/$name.log" >&2; exit 1; }
mv "$target.$$" "$target"
echo "$stamp" > "$out/$name.stamp"
