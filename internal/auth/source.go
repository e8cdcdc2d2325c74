package auth

import (
	"context"
	"errors"
	"time"

	"golang.org/x/oauth2"

	"github.com/sinchgo/conversation/internal/transport"
	"github.com/sinchgo/conversation/internal/wire"
)

// FromSource returns a function that fetches tokens from the caller's own source, which caches them itself.
func FromSource(source oauth2.TokenSource) func(context.Context) (Fetched, *Failure) {
	return func(context.Context) (Fetched, *Failure) {
		token, err := source.Token()
		if err != nil {
			return Fetched{}, sourceError(err)
		}
		return checkedToken(token, 0)
	}
}

// sourceError returns the failure of a token source. It does not keep an [oauth2.RetrieveError], which prints the body of
// the token endpoint's reply.
func sourceError(err error) *Failure {
	answer, ok := errors.AsType[*oauth2.RetrieveError](err)
	if !ok {
		return &Failure{Reason: "the token source failed", Err: transport.WithoutURL(err)}
	}
	status := 0
	if answer.Response != nil {
		status = answer.Response.StatusCode
	}
	failed := rejected(status, answer.ErrorCode)
	failed.refused = false // the source decides when to try another credential
	return failed
}

// checkedToken returns a failure if the token cannot be sent in a header.
func checkedToken(token *oauth2.Token, lifetime time.Duration) (Fetched, *Failure) {
	if token == nil || token.AccessToken == "" {
		return Fetched{}, &Failure{Reason: "the token is empty"}
	}
	header := token.Type() + " " + token.AccessToken
	if !wire.ValidHeaderValue(header) {
		return Fetched{}, &Failure{Reason: "the token holds characters that no header can"}
	}
	return Fetched{header: header, lifetime: lifetime}, nil
}
