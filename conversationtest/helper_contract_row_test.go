package conversationtest_test

import (
	"context"
	"slices"

	"github.com/sinchgo/conversation"
)

// contractRow describes how to call an operation through the SDK.
type contractRow struct {
	// call calls the operation with one of the requests, or with nil if it has none.
	call contractCall
	// reply has the type of the reply. Nil if the operation has none.
	reply any
	// minimal is the smallest request. For a list, nil means no filter.
	minimal any
	// platformMinimal replaces minimal where the platform requires more.
	platformMinimal any
	// full are requests that together fill every field.
	full []any
	// platformFull are further full requests, which only the platform accepts.
	platformFull []any
}

type contractCall = func(context.Context, *conversation.Client, any) (any, error)

func (r contractRow) minimalRequest(dialect conversation.Dialect) any {
	if dialect == conversation.DialectPlatform && r.platformMinimal != nil {
		return r.platformMinimal
	}
	return r.minimal
}

// fullRequests returns the full requests of a dialect: a single nil if the operation has no request.
func (r contractRow) fullRequests(dialect conversation.Dialect) []any {
	if len(r.full) == 0 {
		return []any{nil}
	}
	if dialect == conversation.DialectPlatform {
		return slices.Concat(r.full, r.platformFull)
	}
	return r.full
}

// withRequest returns the call of a row whose requests are of type Req.
func withRequest[Req, Reply any](call func(context.Context, *conversation.Client, *Req) (*Reply, error)) contractCall {
	return func(ctx context.Context, client *conversation.Client, request any) (any, error) {
		typed, _ := request.(*Req) // Nil stays nil.
		return call(ctx, client, typed)
	}
}

// withoutRequest returns the call of a row without requests.
func withoutRequest[Reply any](call func(context.Context, *conversation.Client) (*Reply, error)) contractCall {
	return func(ctx context.Context, client *conversation.Client, _ any) (any, error) { return call(ctx, client) }
}

// withoutReply returns the call of a row without requests and replies.
func withoutReply(call func(context.Context, *conversation.Client) error) contractCall {
	return func(ctx context.Context, client *conversation.Client, _ any) (any, error) {
		return nil, call(ctx, client)
	}
}

// fromSource returns the options of a call for a message. The row's request is the source that holds the message, or nil.
func fromSource(source any) []conversation.RequestOption {
	named, ok := source.(conversation.MessageSource)
	if !ok || named == "" {
		return nil
	}
	return []conversation.RequestOption{conversation.WithMessageSource(named)}
}
