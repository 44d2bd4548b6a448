#!/usr/bin/env bash
# Installs the JavaScript clients that tests/Server.Tests drives the server with (node, npm, tests/Clients); does nothing where they are there.
set -euo pipefail
clients=$(cd "$(dirname "${BASH_SOURCE[0]}")/../tests/Clients" && pwd)

if ! command -v npm >/dev/null; then
  sudo=()
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  "${sudo[@]}" apt-get update -qq
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm
fi
stamp=$clients/node_modules/.nodehost-stamp
cmp -s "$clients/package-lock.json" "$stamp" && exit 0
cd "$clients"
npm ci --ignore-scripts --no-audit --no-fund
cp package-lock.json "$stamp"
