// Package spec holds the contracts that requests are checked against.
package spec

import _ "embed"

// OpenAPI is effective.yaml: openapi.yaml with our names, as DialectOpenAPI speaks it.
//
//go:embed effective.yaml
var OpenAPI []byte

// Platform is effective-platform.yaml: the live platform, as DialectPlatform speaks it.
//
//go:embed effective-platform.yaml
var Platform []byte
