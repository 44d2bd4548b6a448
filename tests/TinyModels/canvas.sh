#!/bin/sh
# Draws the canvas twin of every workflow: workflows/NAME.json to workflows/canvas/NAME.json. From the repository's root.
set -eu
dotnet build tests/TinyModels -v quiet -nologo -clp:ErrorsOnly
mkdir -p workflows/canvas
for workflow in workflows/*.json; do
    dotnet run --project tests/TinyModels --no-build -- canvas "$workflow" "workflows/canvas/$(basename "$workflow")"
done
