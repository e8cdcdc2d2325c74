#!/usr/bin/env bash
# Makes effective.yaml and types.gen.go from openapi.yaml and the overlay. Called by `make generate`.
set -euo pipefail
cd "$(dirname "$0")/../.."
export GOWORK=off

made=$(mktemp)
trap 'rm -f "$made"' EXIT

(cd internal/tools && go run ./overlay ../../openapi.yaml ../spec/overlay.yaml) >"$made"
{
  echo '# Made by "make generate" from openapi.yaml and overlay.yaml. DO NOT EDIT.'
  cat "$made"
} >internal/spec/effective.yaml

go tool -modfile=internal/tools/go.mod oapi-codegen -config internal/spec/oapi-codegen.yaml internal/spec/effective.yaml
