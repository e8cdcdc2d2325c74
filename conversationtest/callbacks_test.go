package conversationtest_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestACallbackIsSignedWithTheSecretOfItsWebhook(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	cfg := conversationtest.Config{Clock: func() time.Time { return at }}
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, cfg)
		h := hooked(srv, "s3cret", conversation.TriggerMessageInbound)

		say(srv, "hi", "again")
		settle(t, srv)

		got := h.all()
		require.Len(t, got, 2)
		for _, one := range got {
			nonce := one.header.Get("x-sinch-webhook-signature-nonce")
			mac := hmac.New(sha256.New, []byte("s3cret"))
			mac.Write([]byte(one.body + "." + nonce + ".1772366400"))
			assert.NotEmpty(t, nonce)
			assert.Equal(t, "1772366400", one.header.Get("x-sinch-webhook-signature-timestamp"))
			assert.Equal(t, "HmacSHA256", one.header.Get("x-sinch-webhook-signature-algorithm"))
			assert.Equal(t, base64.StdEncoding.EncodeToString(mac.Sum(nil)), one.header.Get("x-sinch-webhook-signature"))
			assert.Equal(t, "application/json", one.header.Get("Content-Type"))
		}
		assert.NotEqual(t, got[0].header.Get("x-sinch-webhook-signature-nonce"), got[1].header.Get("x-sinch-webhook-signature-nonce"))
	})
}

func TestACallbackToAWebhookWithoutASecretIsNotSigned(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		h := hooked(srv, "", conversation.TriggerMessageInbound)

		say(srv, "hi")
		settle(t, srv)

		require.Len(t, h.all(), 1)
		for name := range h.all()[0].header {
			assert.NotContains(t, name, "Signature")
		}
	})
}

func TestOnlyWhatAWebhookAsksForIsDeliveredToIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		hooked(srv, "", conversation.TriggerConversationStart)
		_, err := srv.NewClient(t).Webhooks.Create(t.Context(), srv.AppID(), &conversation.CreateWebhookRequest{
			AppID: srv.AppID(), Target: "https://shop.example/grpc", TargetType: conversation.TargetTypeGRPC,
			Triggers: allTriggers,
		})
		require.NoError(t, err)

		say(srv, "hi", "again")
		settle(t, srv)

		assert.Equal(t, []conversation.WebhookTrigger{conversation.TriggerConversationStart}, triggersOf(srv))
	})
}

func TestEveryWebhookOfAnAppGetsACallbackOfItsOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		first := hooked(srv, "one", conversation.TriggerMessageInbound)
		second := newListener()
		srv.Handle("https://shop.example/second", second)
		srv.AddWebhook("https://shop.example/second", "two", conversation.TriggerMessageInbound)

		say(srv, "hi")
		settle(t, srv)

		require.Len(t, first.all(), 1)
		require.Len(t, second.all(), 1)
		assert.Equal(t, first.all()[0].body, second.all()[0].body)
		assert.NotEqual(t, first.all()[0].header.Get("x-sinch-webhook-signature"), second.all()[0].header.Get("x-sinch-webhook-signature"))
	})
}

func TestCallbacksArriveInTheOrderOfTheEvents(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		h := hooked(srv, "", conversation.TriggerMessageInbound)

		say(srv, "a", "b", "c", "d", "e", "f")
		settle(t, srv)

		assert.Equal(t, []string{"a", "b", "c", "d", "e", "f"}, h.texts(t))
	})
}

func TestACallbackThatFailsIsTriedAgainWithTheSameSignature(t *testing.T) {
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

		assert.Equal(t, []time.Duration{0, time.Hour, 2 * time.Hour}, h.afters(), "the delay ends to double at an hour")
		assert.False(t, srv.Callbacks()[0].Delivered)
		assert.Equal(t, http.StatusTeapot, srv.Callbacks()[0].Status)
		assert.Equal(t, "it was answered with 418", srv.Callbacks()[0].Failure)
	})
}

func TestEachAttemptCanBeSignedAgain(t *testing.T) {
	t.Parallel()
	cfg := conversationtest.Config{Callbacks: conversationtest.CallbackConfig{SignAgain: true}}
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, cfg)
		h := hooked(srv, "s3cret", conversation.TriggerMessageInbound)
		h.answer = func(number int) int { return []int{http.StatusBadGateway, http.StatusOK}[number-1] }

		say(srv, "hi")
		settle(t, srv)

		got := h.all()
		require.Len(t, got, 2)
		assert.Equal(t, "946684800", got[0].header.Get("x-sinch-webhook-signature-timestamp"))
		assert.Equal(t, "946684805", got[1].header.Get("x-sinch-webhook-signature-timestamp"))
		assert.NotEqual(t, got[0].header.Get("x-sinch-webhook-signature-nonce"), got[1].header.Get("x-sinch-webhook-signature-nonce"))
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

func TestAnAppHasNoMoreCallbacksInASecondThanItsRate(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rate int
		last time.Duration
	}{
		"by default": {0, 2 * time.Second},
		"chosen":     {10, 5 * time.Second},
		"none":       {-1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := conversationtest.Config{Callbacks: conversationtest.CallbackConfig{Rate: test.rate}}
			synctest.Test(t, func(t *testing.T) {
				srv := inMemory(t, cfg)
				h := hooked(srv, "", conversation.TriggerMessageInbound)
				other := newListener()
				other.began = h.began
				srv.Handle("https://shop.example/other", other)
				srv.AddWebhook("https://shop.example/other", "", conversation.TriggerMessageInbound)

				say(srv, slices.Repeat([]string{"hi"}, 30)...)
				settle(t, srv)

				times := slices.Sorted(slices.Values(slices.Concat(h.afters(), other.afters())))
				require.Len(t, times, 60)
				assert.Equal(t, test.last, times[59])
				for i := range times {
					if rate := max(test.rate, 0); rate > 0 && i >= rate {
						assert.GreaterOrEqual(t, times[i]-times[i-rate], time.Second)
					}
				}
			})
		})
	}
}

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

func TestAPartOfTheCallbacksIsDeliveredTwiceAsTheSeedSays(t *testing.T) {
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

func TestCallbacksCanArriveInAnotherOrder(t *testing.T) {
	t.Parallel()
	sent := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	texts := func(seed uint64) []string {
		var got []string
		cfg := conversationtest.Config{Callbacks: conversationtest.CallbackConfig{Reorder: time.Second, Seed: seed}}
		synctest.Test(t, func(t *testing.T) {
			srv := inMemory(t, cfg)
			h := hooked(srv, "", conversation.TriggerMessageInbound)
			say(srv, sent...)
			settle(t, srv)
			got = h.texts(t)
			assert.Less(t, h.afters()[7], time.Second)
		})
		return got
	}

	got := texts(1)
	assert.ElementsMatch(t, sent, got)
	assert.NotEqual(t, sent, got)
	assert.Equal(t, got, texts(1))
	assert.NotEqual(t, got, texts(2))
}

func TestCallbacksOfAWebhookRunOneAtATimeUnlessTheyMayRunTogether(t *testing.T) {
	t.Parallel()
	for name, parallel := range map[string]bool{"one at a time": false, "together": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := conversationtest.Config{Callbacks: conversationtest.CallbackConfig{Parallel: parallel}}
			synctest.Test(t, func(t *testing.T) {
				srv := inMemory(t, cfg)
				began := time.Now()
				srv.Handle(hookURL, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(time.Second) }))
				srv.AddWebhook(hookURL, "", conversation.TriggerMessageInbound)

				say(srv, "a", "b", "c")
				settle(t, srv)

				want := 3 * time.Second
				if parallel {
					want = time.Second
				}
				assert.Equal(t, want, time.Since(began))
			})
		})
	}
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

func TestAURLWithoutAHandlerIsPostedOverTheNetwork(t *testing.T) {
	t.Parallel()
	h := newListener()
	mux := http.NewServeMux()
	mux.Handle("POST /hook", h)
	mux.Handle("POST /moved", http.RedirectHandler("/hook", http.StatusTemporaryRedirect))
	target := httptest.NewServer(mux)
	defer target.Close()
	srv := conversationtest.NewServer(conversationtest.Config{
		Callbacks: conversationtest.CallbackConfig{MaxAttempts: 2, RetryDelay: time.Millisecond},
	})
	defer srv.Close()
	srv.AddWebhook(target.URL+"/hook?shop=7", "s3cret", conversation.TriggerMessageInbound)
	srv.AddWebhook(target.URL+"/moved", "", conversation.TriggerConversationStart)
	srv.AddWebhook("http://127.0.0.1:1/", "", conversation.TriggerContactCreate)

	say(srv, "hi")
	settle(t, srv)

	assert.Equal(t, []string{"hi"}, h.texts(t), "a redirect is not followed")
	for _, callback := range srv.Callbacks() {
		switch callback.Trigger {
		case conversation.TriggerMessageInbound:
			assert.True(t, callback.Delivered)
			assert.Equal(t, 1, callback.Attempts)
		case conversation.TriggerConversationStart:
			assert.False(t, callback.Delivered)
			assert.Equal(t, http.StatusTemporaryRedirect, callback.Status)
		default:
			assert.False(t, callback.Delivered)
			assert.Equal(t, 2, callback.Attempts)
			assert.Zero(t, callback.Status)
			assert.NotEmpty(t, callback.Failure)
		}
	}
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
