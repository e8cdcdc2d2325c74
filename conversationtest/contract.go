package conversationtest

import (
	"net/http"
	"slices"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest/internal/contract"
)

// Contract is the contract that requests must keep. A request that breaks it is answered with 400, and the error names
// the field.
type Contract int

const (
	// PlatformContract accepts what the live platform accepts: the requests of conversation.DialectPlatform. Code that
	// passes with it passes on Sinch. It is the default.
	PlatformContract Contract = iota
	// OpenAPIContract accepts what openapi.yaml accepts, to the letter: the requests of conversation.DialectOpenAPI.
	OpenAPIContract
	// EitherContract accepts what openapi.yaml or the live platform accepts, for servers with clients of both dialects.
	EitherContract
)

// dialect returns the dialect of clients that keep the contract.
func (c Contract) dialect() conversation.Dialect {
	if c == OpenAPIContract {
		return conversation.DialectOpenAPI
	}
	return conversation.DialectPlatform
}

// check returns an error for a call that breaks the contract.
func (c Contract) check(call *call) error {
	problems := c.problems(contract.Request{
		HTTP: call.request, Path: call.route.path(), Params: call.params, Body: call.body, Now: call.project.now(),
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
	case EitherContract:
		return contract.Either(r)
	default:
		return contract.Platform(r)
	}
}
