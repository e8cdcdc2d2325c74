package auth

import (
	"context"
	"net/http/httptrace"
)

// shared is the context of a request for a token, which many calls wait for. It has the values of the call that was first, but not its
// trace: hooks that stop that call must not stop the others.
type shared struct{ context.Context } //nolint:containedctx // It is a context.

func (s shared) Value(key any) any {
	value := s.Context.Value(key)
	if _, ok := value.(*httptrace.ClientTrace); ok {
		return nil
	}
	return value
}
