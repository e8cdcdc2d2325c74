package conversationtest_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestCallbacksCanBeDeliveredTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		h := hooked(srv, "s3cret", conversation.TriggerMessageInbound)
		srv.DuplicateCallbacks(1)

		say(srv, "a", "b")
		settle(t, srv)

		assert.Equal(t, []string{"a", "a", "b"}, h.texts(t))
		assert.Equal(t, h.all()[0].header, h.all()[1].header, "a copy has the same nonce and signature")
		var copies []bool
		for _, callback := range srv.Callbacks() {
			copies = append(copies, callback.Duplicate)
		}
		assert.Equal(t, []bool{false, true, false}, copies)
	})
}

func TestTheSeedDecidesWhichCallbacksAreDeliveredTwice(t *testing.T) {
	t.Parallel()
	texts := func(part float64, seed uint64) []string {
		var got []string
		cfg := conversationtest.Config{Callbacks: conversationtest.CallbackConfig{Duplicate: part, Seed: seed}}
		synctest.Test(t, func(t *testing.T) {
			srv := inMemory(t, cfg)
			h := hooked(srv, "", conversation.TriggerMessageInbound)
			say(srv, "a", "b", "c", "d", "e", "f", "g", "h")
			settle(t, srv)
			got = h.texts(t)
		})
		return got
	}

	assert.Len(t, texts(1, 1), 16)
	assert.Len(t, texts(0, 1), 8)
	some := texts(0.5, 1)
	assert.Greater(t, len(some), 8)
	assert.Less(t, len(some), 16)
	assert.Equal(t, some, texts(0.5, 1))
	assert.NotEqual(t, some, texts(0.5, 2))
}

func TestDuplicatesOnDemandAddUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		hooked(srv, "", conversation.TriggerMessageSubmit)
		srv.DuplicateCallbacks(1)
		srv.DuplicateCallbacks(1)
		for range 3 {
			sendText(t, srv, "hello")
		}
		require.NoError(t, srv.WaitForCallbacks(t.Context()))
		assert.Len(t, srv.Callbacks(), 5)
	})
}
