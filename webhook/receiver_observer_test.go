package webhook_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// observer records what it sees, and adds its name to a list in the context.
type observer struct {
	name string

	mu    sync.Mutex
	steps []string
	ended []ended
}

type ended struct {
	names  []string // of the context
	info   webhook.CallbackInfo
	result webhook.CallbackResult
}

type namesKey struct{}

func names(ctx context.Context) []string {
	found, _ := ctx.Value(namesKey{}).([]string)
	return found
}

func (o *observer) CallbackStarted(ctx context.Context, info webhook.CallbackInfo) context.Context {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.steps = append(o.steps, strings.TrimSpace("started "+info.Operation+" "+string(info.Trigger)))
	return context.WithValue(ctx, namesKey{}, append(names(ctx), o.name))
}

func (o *observer) CallbackEnded(ctx context.Context, info webhook.CallbackInfo, result webhook.CallbackResult) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.steps = append(o.steps, strings.TrimSpace("ended "+info.Operation+" "+string(info.Trigger)))
	o.ended = append(o.ended, ended{names(ctx), info, result})
}

// only returns the only callback that ended.
func (o *observer) only(t *testing.T) ended {
	t.Helper()
	require.Len(t, o.ended, 1)
	return o.ended[0]
}

// eventObserver accepts events too.
type eventObserver struct{ observer }

func (o *eventObserver) CallbackParsed(ctx context.Context, info webhook.CallbackInfo, event webhook.Event) context.Context {
	o.steps = append(o.steps, "parsed "+info.Operation+" "+string(info.Trigger)+" of "+event.Meta().AppID)
	return context.WithValue(ctx, namesKey{}, append(names(ctx), o.name+" parsed"))
}

var inbound = []byte(`{"app_id":"A","message":{"id":"hello 46701234567"}}`)

func TestAnObserverSeesACallbackAndItsContextReachesTheFunction(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first, second := &observer{name: "first"}, &eventObserver{observer{name: "second"}}
		receiver := newReceiver(t, webhook.WithObserver(first), webhook.WithObserver(second))
		var inFunction []string
		webhook.On(receiver, func(ctx context.Context, _ *webhook.MessageInbound) error {
			inFunction = names(ctx)
			time.Sleep(3 * time.Second)
			return nil
		})
		assert.Equal(t, 200, serve(receiver, newCallback(t, inbound, nonce)).Code)

		assert.Equal(t, []string{"first", "second", "second parsed"}, inFunction)
		assert.Equal(t, []string{"started Receiver.ServeHTTP", "ended Receiver.ServeHTTP MESSAGE_INBOUND"}, first.steps)
		assert.Equal(t, []string{
			"started Receiver.ServeHTTP", "parsed Receiver.ServeHTTP MESSAGE_INBOUND of A", "ended Receiver.ServeHTTP MESSAGE_INBOUND",
		}, second.steps)
		want := ended{
			names:  []string{"first"},
			info:   webhook.CallbackInfo{Operation: "Receiver.ServeHTTP", Trigger: conversation.TriggerMessageInbound},
			result: webhook.CallbackResult{StatusCode: 200, Size: len(inbound), Age: time.Second, Duration: 3 * time.Second},
		}
		assert.Equal(t, want, first.only(t))
		want.names = []string{"first", "second"}
		assert.Equal(t, want, second.only(t))
	})
}

func TestAnObserverSeesForwardedCallbacksAndTheirHandling(t *testing.T) {
	t.Parallel()
	watching := &eventObserver{}
	receiver := newReceiver(t, webhook.WithObserver(watching))
	failure := errors.New("no room for " + phone)
	webhook.On(receiver, func(context.Context, *webhook.MessageInbound) error { return failure })
	forward := receiver.Forward(func(ctx context.Context, _ []byte, _ http.Header) error {
		assert.Len(t, names(ctx), 1)
		return nil
	})
	for _, sent := range []string{string(inbound), `{"something_new":{}}`, `no JSON`} {
		require.Equal(t, 200, serve(forward, newCallback(t, []byte(sent), nonce)).Code)
	}
	event, err := webhook.Parse(inbound)
	require.NoError(t, err)
	require.ErrorIs(t, receiver.Handle(t.Context(), event), failure)

	assert.Equal(t, []string{
		"started Receiver.Forward", "ended Receiver.Forward MESSAGE_INBOUND",
		"started Receiver.Forward", "ended Receiver.Forward UNSPECIFIED_TRIGGER",
		"started Receiver.Forward", "ended Receiver.Forward",
		"started Receiver.Handle MESSAGE_INBOUND", "parsed Receiver.Handle MESSAGE_INBOUND of A", "ended Receiver.Handle MESSAGE_INBOUND",
	}, watching.steps)
	handled := watching.ended[3].result
	handled.Duration = 0
	assert.Equal(t, webhook.CallbackResult{StatusCode: 500, Reason: webhook.ReasonFunctionFailed}, handled)
}

// TestAnObserverSeesWhyACallbackWasRejected has a callback for each reason that does not need a wrong request, which
// TestEachCauseHasItsOwnReason has.
func TestAnObserverSeesWhyACallbackWasRejected(t *testing.T) {
	t.Parallel()
	app := func(secrets []string, err error) webhook.ReceiverOption {
		return webhook.WithAppSecrets(func(context.Context, string) ([]string, error) { return secrets, err })
	}
	fixed := webhook.WithSecret(secret)
	for name, tt := range map[string]struct {
		opts     []webhook.ReceiverOption
		body     string
		function func(int) error
		reason   webhook.CallbackReason
		status   int
		trigger  string
	}{
		"handled before":      {[]webhook.ReceiverOption{fixed, webhook.WithDeduper(&deduper{state: webhook.StateCommitted})}, "", nil, webhook.ReasonHandledBefore, 200, "MESSAGE_INBOUND"},
		"in flight":           {[]webhook.ReceiverOption{fixed, webhook.WithDeduper(&deduper{state: webhook.StateInFlight})}, "", nil, webhook.ReasonInFlight, 503, "MESSAGE_INBOUND"},
		"Begin fails":         {[]webhook.ReceiverOption{fixed, webhook.WithDeduper(&deduper{beginErr: webhook.ErrTooOld})}, "", nil, webhook.ReasonDeduper, 503, "MESSAGE_INBOUND"},
		"Begin returns 0":     {[]webhook.ReceiverOption{fixed, webhook.WithDeduper(&deduper{})}, "", nil, webhook.ReasonDeduper, 503, "MESSAGE_INBOUND"},
		"a function fails":    {[]webhook.ReceiverOption{fixed}, "", func(int) error { return webhook.ErrTooOld }, webhook.ReasonFunctionFailed, 500, "MESSAGE_INBOUND"},
		"a function parses":   {[]webhook.ReceiverOption{fixed}, "", func(int) error { return &webhook.ParseError{} }, webhook.ReasonFunctionFailed, 500, "MESSAGE_INBOUND"},
		"a function panics":   {[]webhook.ReceiverOption{fixed}, "", func(int) error { panic(webhook.ErrTooOld) }, webhook.ReasonFunctionPanicked, 500, "MESSAGE_INBOUND"},
		"not a callback":      {[]webhook.ReceiverOption{fixed}, "[]", nil, webhook.ReasonNotCallback, 400, ""},
		"two payloads":        {[]webhook.ReceiverOption{fixed}, `{"message":{},"event":{}}`, nil, webhook.ReasonNotCallback, 400, ""},
		"no app id":           {[]webhook.ReceiverOption{app([]string{secret}, nil)}, "{}", nil, webhook.ReasonNotSigned, 401, ""},
		"two app ids":         {[]webhook.ReceiverOption{app([]string{secret}, nil)}, `{"app_id":"A","app_id":"B"}`, nil, webhook.ReasonNotCallback, 400, ""},
		"no secret":           {[]webhook.ReceiverOption{app(nil, nil)}, "", nil, webhook.ReasonBadSignature, 401, ""},
		"a look-up fails":     {[]webhook.ReceiverOption{app(nil, webhook.ErrTooOld)}, "", nil, webhook.ReasonAppSecrets, 503, ""},
		"a secret is invalid": {[]webhook.ReceiverOption{app([]string{"a secret\n"}, nil)}, "", nil, webhook.ReasonAppSecrets, 503, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			watching := &observer{}
			receiver, err := webhook.NewReceiver(append(tt.opts, webhook.WithObserver(watching), at(time.Second), quiet())...)
			require.NoError(t, err)
			countCalls(receiver, tt.function)
			sent := inbound
			if tt.body != "" {
				sent = []byte(tt.body)
			}
			assert.Equal(t, tt.status, serve(receiver, newCallback(t, sent, nonce)).Code)
			got := watching.only(t)
			assert.Equal(t, tt.reason, got.result.Reason)
			assert.Equal(t, tt.status, got.result.StatusCode)
			assert.Equal(t, tt.trigger, string(got.info.Trigger))
			assert.Equal(t, len(sent), got.result.Size)
		})
	}
}

func TestTooManyRunningFunctionsAreAReason(t *testing.T) {
	t.Parallel()
	watching := &observer{}
	receiver := newReceiver(t, webhook.WithMaxConcurrent(1), webhook.WithObserver(watching))
	second := newCallback(t, []byte(`{"message":{}}`), nonce)
	webhook.On(receiver, func(context.Context, *webhook.MessageInbound) error {
		assert.Equal(t, 503, serve(receiver, second).Code)
		return nil
	})
	require.Equal(t, 200, serve(receiver, newCallback(t, inbound, nonce)).Code)
	require.Len(t, watching.ended, 2)
	assert.Equal(t, webhook.ReasonTooManyRunning, watching.ended[0].result.Reason)
	assert.Empty(t, watching.ended[1].result.Reason)
}

// brokenObserver panics, or returns no context.
type brokenObserver struct{ panics bool }

func (o brokenObserver) CallbackStarted(context.Context, webhook.CallbackInfo) context.Context {
	if o.panics {
		panic("no room for " + phone)
	}
	return nil
}

func (o brokenObserver) CallbackEnded(ctx context.Context, _ webhook.CallbackInfo, _ webhook.CallbackResult) {
	o.CallbackStarted(ctx, webhook.CallbackInfo{})
}

func (o brokenObserver) CallbackParsed(ctx context.Context, _ webhook.CallbackInfo, _ webhook.Event) context.Context {
	return o.CallbackStarted(ctx, webhook.CallbackInfo{})
}

func TestTheLastObserverSeesTheEndFirst(t *testing.T) {
	t.Parallel()
	var order []string
	receiver := newReceiver(t, webhook.WithObserver(ending(func() { order = append(order, "first") })),
		webhook.WithObserver(ending(func() { order = append(order, "second") })))
	serve(receiver, newCallback(t, inbound, nonce))
	assert.Equal(t, []string{"second", "first"}, order)
}

// ending is called at the end of each callback.
type ending func()

func (ending) CallbackStarted(context.Context, webhook.CallbackInfo) context.Context { return nil }

func (f ending) CallbackEnded(context.Context, webhook.CallbackInfo, webhook.CallbackResult) { f() }

func TestABrokenObserverChangesNothing(t *testing.T) {
	t.Parallel()
	for _, panics := range []bool{true, false} {
		var log bytes.Buffer
		watching := &observer{name: "second"}
		receiver := newReceiver(t, webhook.WithLogger(slog.New(slog.NewTextHandler(&log, nil))),
			webhook.WithObserver(brokenObserver{panics}), webhook.WithObserver(watching))
		calls := countCalls(receiver, nil)
		assert.Equal(t, 200, serve(receiver, newCallback(t, inbound, nonce)).Code)
		assert.Equal(t, 1, calls.count())
		assert.Equal(t, []string{"second"}, watching.only(t).names)
		assert.Equal(t, panics, strings.Count(log.String(), "level=ERROR msg=\"webhook: an observer panicked\"") == 3, log.String())
		assert.NotContains(t, log.String(), "45 67")
	}
}

// contextHandler adds what an observer put into the context, as handlers add the ids of a trace.
type contextHandler struct{ slog.Handler }

func (h contextHandler) Handle(ctx context.Context, record slog.Record) error {
	record.AddAttrs(slog.Any("names", names(ctx)))
	return h.Handler.Handle(ctx, record)
}

func TestTheLogHasTheContextOfTheObserver(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	receiver := newReceiver(t, webhook.WithObserver(&observer{name: "trace-4711"}),
		webhook.WithLogger(slog.New(contextHandler{slog.NewTextHandler(&log, nil)})))
	serve(receiver, forged(t))
	assert.Contains(t, log.String(), "level=INFO")
	assert.Contains(t, log.String(), "trace-4711")
	assert.Equal(t, 1, strings.Count(log.String(), "\n"), "one record")
}

func TestAFunctionThatEndsItsGoroutineEndsTheCallback(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	watching := &observer{}
	receiver := newReceiver(t, webhook.WithObserver(watching), webhook.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	countCalls(receiver, func(int) error { runtime.Goexit(); return nil })
	req := newCallback(t, inbound, nonce)
	var running sync.WaitGroup
	running.Go(func() { serve(receiver, req) })
	running.Wait()
	assert.Equal(t, webhook.ReasonFunctionPanicked, watching.only(t).result.Reason)
	assert.Zero(t, watching.only(t).result.StatusCode)
	assert.Contains(t, log.String(), "level=ERROR")
}
