package webhook_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

// keeper keeps what it receives, and then calls f, if it is not nil.
type keeper struct {
	f       func() error
	bodies  [][]byte
	headers []http.Header
}

func (k *keeper) keep(_ context.Context, body []byte, header http.Header) error {
	k.bodies, k.headers = append(k.bodies, body), append(k.headers, header)
	if k.f == nil {
		return nil
	}
	return k.f()
}

func TestForwardRespondsWithTheOutcomeOfItsFunction(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		opts   []webhook.ReceiverOption
		change func(*http.Request)
		f      func() error
		want   int
		kept   int
		log    string
	}{
		{name: "kept", want: 200, kept: 1, log: `"level":"DEBUG"`},
		{name: "not kept", f: func() error { return errors.New("disk full") }, want: 503, kept: 1, log: "the function failed: disk full"},
		{name: "a panic", f: func() error { panic("no disk") }, want: 503, kept: 1, log: "the function panicked: no disk"},
		{name: "not signed", change: func(r *http.Request) { r.Header = http.Header{} }, want: 401, log: "not signed"},
		{name: "malformed", change: func(r *http.Request) { r.Header.Add(prefix, "x") }, want: 400, log: "duplicated"},
		{name: "another method", change: func(r *http.Request) { r.Method = http.MethodPut }, want: 405, log: "not POST"},
		{name: "too large", opts: []webhook.ReceiverOption{webhook.WithMaxBody(1)}, want: 413, log: `"status_code":413`},
		{name: "a duplicate", opts: []webhook.ReceiverOption{webhook.WithDeduper(&deduper{state: webhook.StateCommitted})}, want: 200, kept: 1, log: `"status_code":200`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			receiver := newReceiver(t, append(tt.opts, webhook.WithLogger(logger))...)
			calls := countCalls(receiver, nil)
			kept := &keeper{f: tt.f}
			req := newCallback(t, body, nonce)
			if tt.change != nil {
				tt.change(req)
			}
			answer := serve(receiver.Forward(kept.keep), req)
			assert.Equal(t, tt.want, answer.Code)
			assert.Equal(t, tt.want == 503, answer.Header().Get("Retry-After") != "")
			require.Len(t, kept.bodies, tt.kept)
			if tt.kept > 0 {
				assert.Equal(t, body, kept.bodies[0])
				assert.Equal(t, nonce, kept.headers[0].Get(prefix+"-Nonce"))
			}
			assert.Zero(t, calls.count(), "the functions wait for Handle")
			assert.Contains(t, log.String(), tt.log)
		})
	}
}

func TestForwardPassesOnSignedBodiesThatAreNotCallbacks(t *testing.T) {
	t.Parallel()
	kept := &keeper{}
	forward := newReceiver(t).Forward(kept.keep)
	assert.Equal(t, 200, serve(forward, newCallback(t, []byte("not JSON"), nonce)).Code)
	assert.Equal(t, 200, serve(forward, newCallback(t, []byte("not JSON"), nonce)).Code)
	assert.Len(t, kept.bodies, 2, "callbacks are not deduplicated")
}

func TestForwardSharesTheSlotsOfItsReceiver(t *testing.T) {
	t.Parallel()
	receiver := newReceiver(t, webhook.WithMaxConcurrent(1))
	inner := receiver.Forward((&keeper{}).keep)
	second, third := newCallback(t, body, "second"), newCallback(t, body, "third")
	outer := receiver.Forward(func(context.Context, []byte, http.Header) error {
		assert.Equal(t, 503, serve(inner, second).Code)
		assert.Equal(t, 503, serve(receiver, third).Code)
		return nil
	})
	assert.Equal(t, 200, serve(outer, newCallback(t, body, nonce)).Code)
	assert.Equal(t, 200, serve(inner, newCallback(t, body, "fourth")).Code, "the slot is free again")
}

func TestForwardPanicsWithoutAFunctionOrAReceiver(t *testing.T) {
	t.Parallel()
	var none *webhook.Receiver
	assert.PanicsWithValue(t, "webhook: Forward: the function is nil", func() { newReceiver(t).Forward(nil) })
	assert.PanicsWithValue(t, "webhook: Forward: the receiver is nil: create it with NewReceiver", func() { none.Forward((&keeper{}).keep) })
}

func TestHandleRunsTheHandlerOfAnEvent(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken " + phone)
	event, err := webhook.Parse(body)
	require.NoError(t, err)
	for _, tt := range []struct {
		name string
		f    func(int) error
		want error
		text string
		log  string
	}{
		{name: "handled", log: `"status_code":200`},
		{name: "failed", f: func(int) error { return broken }, want: broken, text: "webhook: the function failed: broken " + phone, log: "failed: broken +*******"},
		{name: "panicked", f: func(int) error { panic("broken") }, text: "webhook: the function panicked: broken", log: `"stack":"goroutine`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			// Neither the deduper nor the bound on functions is asked.
			receiver := newReceiver(t, webhook.WithLogger(logger), webhook.WithDeduper(&deduper{state: webhook.StateCommitted}))
			calls := countCalls(receiver, tt.f)
			err := receiver.Handle(t.Context(), event)
			assert.Equal(t, 1, calls.count())
			assert.Contains(t, log.String(), tt.log)
			if tt.text == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, tt.text)
			assert.Equal(t, tt.want != nil, errors.Is(err, broken))
		})
	}
}

func TestHandlePassesContextAndEventToTheHandler(t *testing.T) {
	t.Parallel()
	type key struct{}
	receiver := newReceiver(t)
	var got webhook.Event
	webhook.OnAny(receiver, func(ctx context.Context, e webhook.Event) error {
		got = e
		assert.Equal(t, "mine", ctx.Value(key{}))
		return nil
	})
	event := &webhook.OptIn{}
	require.NoError(t, receiver.Handle(context.WithValue(t.Context(), key{}, "mine"), event))
	assert.Same(t, event, got)
	assert.ErrorContains(t, receiver.Handle(t.Context(), nil), "the event is nil")
}
