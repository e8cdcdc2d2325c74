package conversationtest_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestACallbackThatFailsIsRetriedWithTheSameSignature(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		h := hooked(srv, "s3cret", conversation.TriggerMessageInbound)
		h.answer = func(number int) int {
			return []int{http.StatusServiceUnavailable, http.StatusNotFound, http.StatusFound, http.StatusNoContent}[number-1]
		}

		say(srv, "hi")
		settle(t, srv)

		assert.Equal(t, []time.Duration{0, 5 * time.Second, 15 * time.Second, 35 * time.Second}, h.afters())
		for _, one := range h.all() {
			assert.Equal(t, h.all()[0].header, one.header)
			assert.Equal(t, h.all()[0].body, one.body)
		}
		callbacks := srv.Callbacks()
		require.Len(t, callbacks, 1)
		assert.True(t, callbacks[0].Delivered)
		assert.False(t, callbacks[0].GivenUp)
		assert.Equal(t, 4, callbacks[0].Attempts)
		assert.Equal(t, http.StatusNoContent, callbacks[0].Status)
		assert.Empty(t, callbacks[0].Failure)
		assert.Equal(t, h.began.Add(35*time.Second), callbacks[0].Time)
		assert.NotEmpty(t, callbacks[0].Header.Get("x-sinch-webhook-signature"))
	})
}

func TestACallbackIsGivenUpAfterTheLastAttempt(t *testing.T) {
	t.Parallel()
	cfg := conversationtest.Config{Callbacks: conversationtest.CallbackConfig{MaxAttempts: 3, RetryDelay: time.Hour}}
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, cfg)
		h := hooked(srv, "", conversation.TriggerMessageInbound)
		h.answer = func(int) int { return http.StatusTeapot }

		say(srv, "hi")
		settle(t, srv)

		assert.Equal(t, []time.Duration{0, time.Hour, 2 * time.Hour}, h.afters(), "the delay doubles up to an hour")
		assert.False(t, srv.Callbacks()[0].Delivered)
		assert.True(t, srv.Callbacks()[0].GivenUp)
		assert.Equal(t, http.StatusTeapot, srv.Callbacks()[0].Status)
		assert.Equal(t, "it was answered with 418", srv.Callbacks()[0].Failure)
	})
}

func TestARetryDoesNotKeepLaterCallbacksWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		h := hooked(srv, "", conversation.TriggerMessageInbound)
		h.answer = func(number int) int {
			if number == 1 {
				return http.StatusInternalServerError
			}
			return http.StatusOK
		}

		say(srv, "first")
		synctest.Wait()
		say(srv, "second")
		settle(t, srv)

		assert.Equal(t, []string{"first", "second", "first"}, h.texts(t))
		assert.Equal(t, []time.Duration{0, 0, 5 * time.Second}, h.afters())
	})
}

func TestAHandlerThatTakesTooLongHasFailed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		var attempts atomic.Int32
		srv.Handle(hookURL, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if attempts.Add(1) == 1 {
				<-r.Context().Done()
			}
		}))
		srv.AddWebhook(hookURL, "", conversation.TriggerMessageInbound)
		began := time.Now()

		say(srv, "hi")
		time.Sleep(12 * time.Second)
		assert.Equal(t, "there was no answer within 10s", srv.Callbacks()[0].Failure)
		assert.Zero(t, srv.Callbacks()[0].Status)
		settle(t, srv)

		assert.True(t, srv.Callbacks()[0].Delivered)
		assert.Equal(t, 15*time.Second, time.Since(began))
	})
}
