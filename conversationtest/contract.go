package conversationtest

import (
	"net/http"
	"slices"

	"github.com/sinchgo/conversation/conversationtest/internal/contract"
)

// Contract is the contract that requests must keep. A request that breaks it is answered with 400, and the error names
// the field.
type Contract int

const (
	// EitherContract accepts what openapi.yaml or the live platform accepts.
	EitherContract Contract = iota
	// OpenAPIContract accepts what openapi.yaml accepts: the requests of conversation.DialectOpenAPI.
	OpenAPIContract
	// PlatformContract accepts what the live platform accepts: the requests of conversation.DialectPlatform. Code that
	// passes with it passes on Sinch.
	PlatformContract
)

// check returns an error for a call that breaks the contract.
func (c Contract) check(call *call) error {
	problems := c.problems(contract.Request{
		HTTP: call.request, Path: call.route.path(), Params: call.params, Body: call.body,
	})
	if slices.Contains(problems, contract.NoOperation) { // A route of the other contract.
		return &apiError{status: http.StatusNotImplemented, message: contract.NoOperation}
	}
	return invalid(problems)
}

func (c Contract) problems(r contract.Request) []string {
	switch c {
	case OpenAPIContract:
		return contract.OpenAPI(r)
	case PlatformContract:
		return contract.Platform(r)
	default:
		return contract.Either(r)
	}
}
