#!/usr/bin/env bash
# Makes the effective contracts and types.gen.go from openapi.yaml and the overlays. Called by `make generate`.
set -euo pipefail
cd "$(dirname "$0")/../.."
export GOWORK=off

# apply DOCUMENT OVERLAY TARGET
apply() {
  local made
  made=$(cd internal/tools && go run ./overlay "../../$1" "../../$2")
  printf '# Made by "make generate" from %s and %s. DO NOT EDIT.\n%s\n' "$(basename "$1")" "$(basename "$2")" "$made" >"$3"
}

apply openapi.yaml internal/spec/overlay.yaml internal/spec/effective.yaml
apply internal/spec/effective.yaml internal/spec/platform-overlay.yaml internal/spec/effective-platform.yaml
go tool -modfile=internal/tools/go.mod oapi-codegen -config internal/spec/oapi-codegen.yaml internal/spec/effective.yaml
