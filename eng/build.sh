#!/usr/bin/env bash
# Publishes a program to artifacts/app/NAME when a source changed since the last time: build.sh PROJECT-FOLDER NAME
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
project=$1
name=$2
stamp="$root/artifacts/app/$name.stamp"
identity="${LIBTORCH:-}"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

if [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$identity" ]; then
  # A folder counts too: its time changes when a file in it comes or goes.
  changed=$(find "$root" -mindepth 1 \( -path "$root/artifacts" -o -path "$root/.git" -o -path "$root/docs" -o -name node_modules \
    -o -path "$root/input" -o -path "$root/output" -o -path "$root/temp" -o -path "$root/user" -o -path "$root/models" -o -path "$root/custom_nodes" \) -prune -o -newer "$stamp" \
    \( -type d -o -name '*.cs' -o -name '*.csproj' -o -name '*.props' -o -name '*.targets' -o -name '*.cpp' -o -name '*.cu' -o -name '*.html' -o -name '*.sh' -o -path "$root/workflows/*" \) -print -quit)
  [ -z "$changed" ] && exit 0
fi

command -v dotnet >/dev/null || { echo "NodeHost needs the .NET 10 SDK: https://dotnet.microsoft.com/download, or your distribution's dotnet-sdk-10.0." >&2; exit 1; }
bash "$root/eng/install.sh"
mkdir -p "$root/artifacts/app"
touch "$stamp.new" # from before the build, so that what changes while it runs counts as newer
echo "building NodeHost" >&2
log="$root/artifacts/app/$name.log"
case $(uname -m) in aarch64) runtime=linux-arm64 ;; *) runtime=linux-x64 ;; esac
publish() {
  dotnet publish "$root/$project" -c Release -r "$runtime" --self-contained false -o "$root/artifacts/app/$name" -v quiet -clp:ErrorsOnly "$@" >"$log" 2>&1
}
# Compiled ahead of time it starts a good deal faster; where the compiler package cannot be had, it runs all the same.
publish -p:PublishReadyToRun=true || publish || { cat "$log" >&2; exit 1; }
echo "$identity" > "$stamp"
touch -r "$stamp.new" "$stamp"
rm -f "$stamp.new"
