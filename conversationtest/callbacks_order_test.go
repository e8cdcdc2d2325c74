package conversationtest_test

import (
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

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
