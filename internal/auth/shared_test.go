package auth

import (
	"context"
	"net/http/httptrace"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheRequestForATokenHasNotTheTraceOfTheFirstCall(t *testing.T) {
	t.Parallel()
	type key struct{}
	ctx := context.WithValue(t.Context(), key{}, "value")
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{})

	assert.Nil(t, httptrace.ContextClientTrace(shared{ctx}))
	assert.Equal(t, "value", shared{ctx}.Value(key{}))
	assert.NotNil(t, httptrace.ContextClientTrace(ctx), "the call keeps it")
}
