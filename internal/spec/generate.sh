#!/usr/bin/env bash
# Writes the effective contracts, types.gen.go and the peer of bench from openapi.yaml and the overlays. Called by `make generate`.
set -euo pipefail
cd "$(dirname "$0")/../.."
export GOWORK=off

# The fake embeds the effective contracts, so that its module holds them.
contracts=conversationtest/internal/contract

# apply TARGET DOCUMENT OVERLAY...
apply() {
  local target=$1 made
  shift
  made=$(cd internal/tools && go run ./overlay "${@/#/../../}")
  printf '# Made by "make generate" from %s. DO NOT EDIT.\n%s\n' "${*##*/}" "$made" >"$target"
}

apply $contracts/effective.yaml openapi.yaml internal/spec/overlay{,-messages,-callbacks,-apps,-operations}.yaml
apply $contracts/effective-platform.yaml $contracts/effective.yaml internal/spec/platform-overlay.yaml

go_view=$(mktemp)
trap 'rm -f "$go_view"' EXIT
apply "$go_view" $contracts/effective.yaml internal/spec/go-overlay.yaml
go tool -modfile=internal/tools/go.mod oapi-codegen -config internal/spec/oapi-codegen.yaml "$go_view"

# The client that bench compares with: the output of the same generator for the same contract.
go tool -modfile=internal/tools/go.mod oapi-codegen -config bench/peer/oapi-codegen.yaml $contracts/effective.yaml
