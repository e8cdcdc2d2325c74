package conversationtest_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestWarmIsNotACallOfTheFake(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]conversationtest.Config{
		"in memory":   {InMemory: true},
		"on a socket": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := start(t, config)
			failing := srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus})
			require.NoError(t, srv.NewClient(t).Warm(t.Context()))
			assert.Zero(t, failing.Hits(), "it is not a call")
			requests := srv.Requests()
			require.Len(t, requests, 1)
			assert.Equal(t, "token", requests[0].Operation)
		})
	}
}

func TestWarmFailsIfTheServerIsUnreachable(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]conversationtest.Config{
		"in memory":   {InMemory: true},
		"on a socket": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := start(t, config)
			srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultRefuse})
			_, unreachable := errors.AsType[*conversation.TransportError](srv.NewClient(t).Warm(t.Context()))
			assert.True(t, unreachable)
		})
	}
}
