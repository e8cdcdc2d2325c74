package conversationtest_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestCloseCancelsAHandlerAndWaitsForIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		var ended atomic.Bool
		srv.Handle(hookURL, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			time.Sleep(time.Second)
			ended.Store(true)
		}))
		srv.AddWebhook(hookURL, "", conversation.TriggerMessageInbound)
		say(srv, "hi", "never delivered")
		synctest.Wait()
		waited := make(chan error, 1)
		go func() { waited <- srv.WaitForCallbacks(context.WithoutCancel(t.Context())) }()
		synctest.Wait()

		srv.Close()

		assert.True(t, ended.Load())
		require.ErrorContains(t, <-waited, "the server is closed")
		assert.Equal(t, "the server is closed", srv.Callbacks()[0].Failure)
		assert.Zero(t, srv.Callbacks()[1].Attempts)

		say(srv, "after the end")
		synctest.Wait()
		assert.Zero(t, srv.Callbacks()[2].Attempts)
		srv.Close()
	})
}

func TestCloseDoesNotWaitForARetry(t *testing.T) {
	t.Parallel()
	cfg := conversationtest.Config{Callbacks: conversationtest.CallbackConfig{Rate: 1}}
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, cfg)
		h := hooked(srv, "", conversation.TriggerMessageInbound)
		h.answer = func(int) int { return http.StatusInternalServerError }
		say(srv, "hi", "kept back by the rate")
		synctest.Wait()
		began := time.Now()

		srv.Close()

		assert.Zero(t, time.Since(began))
		assert.Len(t, h.all(), 1)
	})
}

func TestCloseCancelsAPostOverTheNetwork(t *testing.T) {
	t.Parallel()
	reached, release := make(chan struct{}), make(chan struct{})
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(reached)
		<-release
	}))
	defer target.Close()
	defer close(release)
	srv := conversationtest.NewServer(conversationtest.Config{})
	srv.AddWebhook(target.URL, "", conversation.TriggerMessageInbound)
	say(srv, "hi")
	<-reached

	srv.Close()

	assert.Equal(t, "the server is closed", srv.Callbacks()[0].Failure)
}

func TestWaitingForCallbacksEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		require.NoError(t, srv.WaitForCallbacks(t.Context()), "there is nothing to wait for")
		h := hooked(srv, "", conversation.TriggerMessageInbound)
		h.answer = func(int) int { return http.StatusInternalServerError }
		say(srv, "hi")
		ctx, cancel := context.WithTimeout(t.Context(), 7*time.Second)
		defer cancel()

		err := srv.WaitForCallbacks(ctx)

		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Len(t, h.all(), 2, "a retry is waited for")
	})
}
