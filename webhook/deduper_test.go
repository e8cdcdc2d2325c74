package webhook_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/webhook"
)

// TestTheKeyOfACallbackIsTheHashOfItsBytes has keys as users' tables hold them, so they never change.
func TestTheKeyOfACallbackIsTheHashOfItsBytes(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"":                          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"hello":                     "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
		`{"app_id":"A"}`:            "a39027e0a8abd97d020623d70ea144c5ce5d118c9a36aac26bd4227227ae5d7a",
		`{"app_id": "A"}`:           "83402a281abf04563fa76240e4df28e8329941f557bab3a4c811f5b2e6ce3277",
		"\ufeff" + `{"app_id":"A"}`: "42df3bef4b1b41ec5f1bf70906531a81463e2cdeb4862213b15a16400a46edfd",
		`{"app_id":"A"}` + "\n":     "789000762415232603a38ffd8592c1e6ec1e17b6d71e6b3b4b434161cadedd35",
	} {
		assert.Equal(t, want, webhook.DeduperKey([]byte(body)), "%q", body)
	}
}

func TestStatesHaveNames(t *testing.T) {
	t.Parallel()
	for state, want := range map[webhook.State]string{
		webhook.StateNew: "new", webhook.StateInFlight: "in flight", webhook.StateCommitted: "committed", 0: "State(0)",
	} {
		assert.Equal(t, want, state.String())
	}
}

// resigned has the ways in which Sinch may sign a callback when it redelivers it.
var resigned = map[string]struct {
	nonce string
	after time.Duration
}{
	"as before":          {nonce, 0},
	"with another nonce": {"another", 0},
	"at a later time":    {nonce, 4 * time.Minute},
	"at an earlier time": {nonce, -23 * time.Hour},
	"anew":               {"another", time.Second},
}

// redelivered returns the request of a callback that was delivered before.
func redelivered(t *testing.T, body []byte, nonce string, after time.Duration) *http.Request {
	t.Helper()
	req := newCallback(t, body, nonce)
	req.Header = webhook.Sign(body, secret, nonce, signed.Add(after))
	return req
}

func TestADuplicateIsDetectedHoweverItIsSigned(t *testing.T) {
	t.Parallel()
	for name, tt := range resigned {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			receiver := newReceiver(t)
			again := func() *http.Request { return redelivered(t, body, tt.nonce, tt.after) }
			calls := countCalls(receiver, func(call int) error {
				if call > 2 {
					return nil
				}
				answer := serve(receiver, again())
				assert.Equal(t, 503, answer.Code, "it is being handled")
				assert.NotEmpty(t, answer.Header().Get("Retry-After"))
				if call == 1 {
					return errors.New("broken")
				}
				return nil
			})
			assert.Equal(t, 500, serve(receiver, newCallback(t, body, nonce)).Code)
			assert.Equal(t, 200, serve(receiver, again()).Code)
			assert.Equal(t, 2, calls.count(), "it runs again after a failure")
			assert.Equal(t, 200, serve(receiver, again()).Code)
			assert.Equal(t, 200, serve(receiver, newCallback(t, body, nonce)).Code)
			assert.Equal(t, 2, calls.count(), "it was handled")

			forged := again()
			forged.Header.Set(prefix, "AAAA")
			assert.Equal(t, 401, serve(receiver, forged).Code, "a duplicate must be signed too")
		})
	}
}

func TestAnotherBodyIsAnotherCallback(t *testing.T) {
	t.Parallel()
	receiver := newReceiver(t)
	calls := countCalls(receiver, nil)
	for i, body := range []string{
		`{"app_id":"A","message":{"id":"M"}}`,
		`{"app_id":"A","message":{"id":"N"}}`,
		`{"app_id":"A","message":{"id":"M"}} `,
		`{"app_id":"A","message":{"id": "M"}}`,
		`{"message":{"id":"M"},"app_id":"A"}`,
	} {
		assert.Equal(t, 200, serve(receiver, newCallback(t, []byte(body), nonce)).Code, "with the same nonce")
		assert.Equal(t, i+1, calls.count(), body)
	}
}

func TestADeduperGetsTheKeyAndTheEndOfTheWindow(t *testing.T) {
	t.Parallel()
	memory := &deduper{state: webhook.StateNew}
	receiver := newReceiver(t, webhook.WithDeduper(memory), webhook.WithMaxAge(24*time.Hour))
	for name, tt := range resigned {
		assert.Equal(t, 200, serve(receiver, redelivered(t, body, tt.nonce, tt.after)).Code, name)
		assert.Equal(t, signed.Add(tt.after).Add(24*time.Hour), memory.until.UTC(), name)
	}
	const key = "6eb4360e806e96c78f76ed9cd15ff112841612861c149cdaa7d2097fde2a6220"
	assert.Equal(t, slices.Repeat([]string{key}, 2*len(resigned)), memory.keys, "of Begin and Done")
}

// TestAWrongClockForgetsNoCallback sets the clock wrong while one callback is received.
func TestAWrongClockForgetsNoCallback(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for name, off := range map[string]time.Duration{
		"12 hours ahead": 12 * time.Hour, "a day ahead": day, "a year ahead": 365 * day,
		"an hour behind": -time.Hour, "a year behind": -365 * day, "since 1970": -signed.Sub(time.Unix(0, 0)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := signed
			receiver := newReceiver(t, webhook.WithClock(func() time.Time { return now }))
			calls := map[string]int{}
			webhook.OnAny(receiver, func(_ context.Context, event webhook.Event) error {
				calls[event.Meta().AppID]++
				return nil
			})
			other := []byte(`{"app_id":"B","message":{"id":"M"}}`)
			assert.Equal(t, 200, serve(receiver, newCallback(t, body, nonce)).Code)
			now = signed.Add(off)
			assert.Equal(t, 200, serve(receiver, redelivered(t, other, "by the same clock", off)).Code)
			assert.Equal(t, 200, serve(receiver, redelivered(t, body, "by the same clock", off)).Code)
			now = signed.Add(time.Minute)
			assert.Equal(t, 200, serve(receiver, newCallback(t, body, nonce)).Code)
			assert.Equal(t, 200, serve(receiver, redelivered(t, body, "anew", time.Minute)).Code)
			assert.Equal(t, map[string]int{"A": 1, "B": 1}, calls)
		})
	}
}

func TestWithinTheWindowACallbackIsHandledOnce(t *testing.T) {
	t.Parallel()
	now := signed
	receiver := newReceiver(t, webhook.WithClock(func() time.Time { return now }))
	calls := countCalls(receiver, nil)
	for _, after := range []time.Duration{0, 12 * time.Hour, 24 * time.Hour} {
		now = signed.Add(after)
		assert.Equal(t, 200, serve(receiver, newCallback(t, body, nonce)).Code)
	}
	for _, after := range []time.Duration{24 * time.Hour, 48 * time.Hour, 72 * time.Hour} {
		now = signed.Add(after)
		assert.Equal(t, 200, serve(receiver, redelivered(t, body, "anew", after)).Code, "its window began again")
	}
	assert.Equal(t, 1, calls.count())
}

// panickyDeduper panics in one of its methods.
type panickyDeduper struct{ inBegin bool }

func (d panickyDeduper) Begin(context.Context, string, time.Time) (webhook.State, error) {
	if d.inBegin {
		panic("no table")
	}
	return webhook.StateNew, nil
}

func (panickyDeduper) Done(context.Context, string, bool) error { panic("no table") }

func TestAPanicOfADeduperIsItsError(t *testing.T) {
	t.Parallel()
	for inBegin, want := range map[bool]int{true: 503, false: 200} {
		var log bytes.Buffer
		receiver := newReceiver(t, webhook.WithDeduper(panickyDeduper{inBegin}), webhook.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
		assert.Equal(t, want, serve(receiver, newCallback(t, body, nonce)).Code)
		assert.Contains(t, log.String(), "it panicked: no table")
	}
}
