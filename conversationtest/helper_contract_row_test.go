package conversationtest_test

import (
	"context"
	"slices"

	"github.com/sinchgo/conversation"
)

// contractRow is how an operation is called through the SDK.
type contractRow struct {
	// call makes the call with one of the requests, or with nil if the operation takes none.
	call contractCall
	// reply has the type that the reply is decoded into; nil where nothing comes back.
	reply any
	// minimal is the smallest request; nil params of a list mean no filter.
	minimal any
	// platformMinimal takes its place where the platform requires more.
	platformMinimal any
	// full are requests that fill, among them, every field.
	full []any
	// platformFull are more of these, which only the platform takes.
	platformFull []any
}

type contractCall = func(context.Context, *conversation.Client, any) (any, error)

func (r contractRow) minimalRequest(dialect conversation.Dialect) any {
	if dialect == conversation.DialectPlatform && r.platformMinimal != nil {
		return r.platformMinimal
	}
	return r.minimal
}

// fullRequests gives the full requests of a dialect: a single nil where there is nothing to fill.
func (r contractRow) fullRequests(dialect conversation.Dialect) []any {
	if len(r.full) == 0 {
		return []any{nil}
	}
	if dialect == conversation.DialectPlatform {
		return slices.Concat(r.full, r.platformFull)
	}
	return r.full
}

// withRequest makes the call of a row whose requests are of type Req.
func withRequest[Req, Reply any](call func(context.Context, *conversation.Client, *Req) (*Reply, error)) contractCall {
	return func(ctx context.Context, client *conversation.Client, request any) (any, error) {
		typed, _ := request.(*Req) // Nil stays nil.
		return call(ctx, client, typed)
	}
}

// withoutRequest makes the call of a row without requests.
func withoutRequest[Reply any](call func(context.Context, *conversation.Client) (*Reply, error)) contractCall {
	return func(ctx context.Context, client *conversation.Client, _ any) (any, error) { return call(ctx, client) }
}

// withoutReply makes the call of a row without requests and replies.
func withoutReply(call func(context.Context, *conversation.Client) error) contractCall {
	return func(ctx context.Context, client *conversation.Client, _ any) (any, error) {
		return nil, call(ctx, client)
	}
}

// fromSource gives the options of a call for a message, whose request is the source to look in, or nil.
func fromSource(source any) []conversation.RequestOption {
	named, ok := source.(conversation.MessageSource)
	if !ok || named == "" {
		return nil
	}
	return []conversation.RequestOption{conversation.WithMessageSource(named)}
}
