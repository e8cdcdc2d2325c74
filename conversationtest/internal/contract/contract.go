// Package contract checks requests against the two contracts of the Conversation API: openapi.yaml and that of the live
// platform.
package contract

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// NoOperation is the only problem of a request whose operation a contract does not have.
const NoOperation = "the contract has no such operation"

// Request is a request whose operation is known.
type Request struct {
	// HTTP is the request as it arrived. Its body is not read.
	HTTP *http.Request

	// Path is the path of the operation as the contracts write it, such as /v1/projects/{project_id}/messages.
	Path string

	// Params holds the parameters of the path, unescaped.
	Params map[string]string

	// Body is the body.
	Body []byte

	// Now is when the request arrived.
	Now time.Time
}

// OpenAPI returns the problems that r has by openapi.yaml. Each begins with the path of a field. The Batch API, which
// openapi.yaml lacks, is that of the live platform.
func OpenAPI(r Request) []string {
	if r.isBatch() {
		return Platform(r)
	}
	return openAPIDocument().problems(r)
}

// Platform returns the problems that r has by the contract of the live platform, which ignores fields that are null.
func Platform(r Request) []string {
	r.Body = withoutNulls(r.Body)
	if r.isBatch() {
		return r.batchProblems()
	}
	if problems := platformDocument().problems(r); len(problems) > 0 {
		return problems
	}
	return rules(r)
}

// Either returns nil if r keeps one of the contracts, else the problems by the contract that fits r better, or by both.
func Either(r Request) []string {
	openAPI := OpenAPI(r)
	if len(openAPI) == 0 || r.isBatch() {
		return openAPI
	}
	platform := Platform(r)
	switch {
	case len(platform) < len(openAPI), slices.Contains(openAPI, NoOperation):
		return platform
	case len(platform) > len(openAPI), slices.Equal(platform, openAPI):
		return openAPI
	default:
		return append(openAPI, "or by the live platform: "+strings.Join(platform, "; "))
	}
}
