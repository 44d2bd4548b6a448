#!/usr/bin/env bash
# Builds a project in Release when a source changed since the last time: build.sh PROJECT-FOLDER STAMP-NAME
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
project=$1
stamp="$root/artifacts/$2.stamp"
identity="${LIBTORCH:-}"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

if [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$identity" ]; then
  # A folder counts too: its time changes when a file in it comes or goes.
  changed=$(find "$root" -mindepth 1 \( -path "$root/artifacts" -o -path "$root/.git" -o -name node_modules \) -prune -o -newer "$stamp" \
    \( -type d -o -name '*.cs' -o -name '*.csproj' -o -name '*.props' -o -name '*.targets' -o -name '*.cpp' -o -name '*.cu' -o -name '*.sh' \) -print -quit)
  [ -z "$changed" ] && exit 0
fi

command -v dotnet >/dev/null || { echo "NodeHost needs the .NET 10 SDK: https://dotnet.microsoft.com/download (or your distribution's dotnet-sdk-10.0)." >&2; exit 1; }
bash "$root/eng/install.sh"
mkdir -p "$root/artifacts"
touch "$stamp.new"
echo "building NodeHost" >&2
log="$root/artifacts/build.log"
dotnet build "$root/$project" -c Release -v quiet -clp:ErrorsOnly >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
echo "$identity" > "$stamp.new.content"
touch -r "$stamp.new" "$stamp.new.content"
mv "$stamp.new.content" "$stamp"
rm -f "$stamp.new"
