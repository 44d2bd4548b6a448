#!/usr/bin/env bash
# Installs what NodeHost needs besides the .NET SDK, and says so; does nothing where everything is there.
set -euo pipefail

have_library() { ldconfig -p 2>/dev/null | grep -q "$1" || compgen -G "/usr/lib/*/$1*" >/dev/null; }
have_torch() {
  local python root
  [ -n "${LIBTORCH:-}" ] && return 0
  python=$(command -v python3 || true)
  root=$(dirname "$(dirname "${python:-/usr/bin/python3}")")
  compgen -G "$root/lib/python3*/site-packages/torch/lib/libtorch_cpu.so" >/dev/null && return 0
  [ -e /usr/include/ATen/ATen.h ]
}

packages=()
have_torch || packages+=(libtorch-dev libopenblas0-openmp)
have_library libvips.so.42 || packages+=(libvips42)
command -v "${CXX:-g++}" >/dev/null || packages+=(g++)

# Beside Debian's libtorch: OpenBLAS on libtorch's own threads, a fifth faster (docs/performance.md). A wish, not a need.
if [ ${#packages[@]} -eq 0 ] && [ -e /usr/include/ATen/ATen.h ] && ! compgen -G "/usr/lib/*/openblas-openmp/libopenblas.so.0" >/dev/null; then
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "installing libopenblas0-openmp (apt)" >&2
    install="env DEBIAN_FRONTEND=noninteractive timeout 60 apt-get install -y -qq --no-install-recommends libopenblas0-openmp"
    $install >/dev/null 2>&1 || { timeout 60 apt-get update -qq && $install; } >/dev/null 2>&1 ||
      echo "could not install libopenblas0-openmp: everything works, matrix products are slower" >&2
  fi
fi
[ ${#packages[@]} -eq 0 ] && exit 0

by_hand="install ${packages[*]} (Debian 12: apt-get install ${packages[*]}), or set LIBTORCH to an unpacked libtorch, and start again"
command -v apt-get >/dev/null || { echo "NodeHost needs ${packages[*]} and there is no apt-get here: $by_hand." >&2; exit 1; }
sudo=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "NodeHost needs ${packages[*]} and may not install them: as root, $by_hand." >&2; exit 1; }
  sudo=(sudo)
fi
echo "installing ${packages[*]} (apt)" >&2
log=$(mktemp)
if ! { "${sudo[@]}" apt-get update -qq && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"; } >"$log" 2>&1; then
  reason=$(tail -n 1 "$log")
  rm -f "$log"
  echo "$reason; could not install ${packages[*]}: $by_hand." >&2
  exit 1
fi
rm -f "$log"
