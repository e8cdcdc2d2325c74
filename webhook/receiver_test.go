package webhook_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

func TestEveryOutcomeHasItsStatusCode(t *testing.T) {
	t.Parallel()
	sign := func(secret string, at time.Time) http.Header { return webhook.Sign(body, secret, nonce, at) }
	for _, tt := range []struct {
		name     string
		method   string
		header   http.Header
		opts     []webhook.ReceiverOption
		function func(int) error
		want     int
	}{
		{name: "handled", header: sign(secret, signed), want: 200},
		{name: "delivered twelve hours late", header: sign(secret, signed.Add(-12*time.Hour)), want: 200},
		{name: "not signed", header: http.Header{}, want: 401},
		{name: "signed with another secret", header: sign("another", signed), want: 401},
		{name: "signed too long ago", header: sign(secret, signed.Add(-25*time.Hour)), want: 503},
		{name: "signed in the future", header: sign(secret, signed.Add(time.Hour)), want: 503},
		{name: "older than the option allows", header: sign(secret, signed.Add(-time.Minute)), opts: []webhook.ReceiverOption{webhook.WithMaxAge(time.Second)}, want: 503},
		{name: "another method", method: http.MethodPut, header: sign(secret, signed), want: 405},
		{name: "a larger body than allowed", header: sign(secret, signed), opts: []webhook.ReceiverOption{webhook.WithMaxBody(int64(len(body)) - 1)}, want: 413},
		{name: "a body as large as allowed", header: sign(secret, signed), opts: []webhook.ReceiverOption{webhook.WithMaxBody(int64(len(body)))}, want: 200},
		{name: "a function that fails", header: sign(secret, signed), function: func(int) error { return errors.New("broken") }, want: 500},
		{name: "a function that fails as a signature does", header: sign(secret, signed), function: func(int) error { return webhook.ErrNotSigned }, want: 500},
		{name: "a function that panics", header: sign(secret, signed), function: func(int) error { panic("broken") }, want: 500},
		{name: "a function that aborts", header: sign(secret, signed), function: func(int) error { panic(http.ErrAbortHandler) }, want: 500},
		{name: "a duplicate of one that was handled", header: sign(secret, signed), opts: []webhook.ReceiverOption{webhook.WithDeduper(&deduper{state: webhook.StateCommitted})}, want: 200},
		{name: "a duplicate of one in flight", header: sign(secret, signed), opts: []webhook.ReceiverOption{webhook.WithDeduper(&deduper{state: webhook.StateInFlight})}, want: 503},
		{name: "a deduper that fails", header: sign(secret, signed), opts: []webhook.ReceiverOption{webhook.WithDeduper(&deduper{state: webhook.StateNew, beginErr: errors.New("down")})}, want: 503},
		{name: "a deduper that returns an invalid state", header: sign(secret, signed), opts: []webhook.ReceiverOption{webhook.WithDeduper(&deduper{})}, want: 503},
		{name: "a deduper that fails in the end", header: sign(secret, signed), opts: []webhook.ReceiverOption{webhook.WithDeduper(&deduper{state: webhook.StateNew, doneErr: errors.New("down")})}, want: 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			receiver := newReceiver(t, tt.opts...)
			countCalls(receiver, tt.function)
			server := httptest.NewServer(receiver)
			defer server.Close()
			method := tt.method
			if method == "" {
				method = http.MethodPost
			}
			req, err := http.NewRequestWithContext(t.Context(), method, server.URL, bytes.NewReader(body))
			require.NoError(t, err)
			req.Header = tt.header
			answer, err := server.Client().Do(req)
			require.NoError(t, err)
			text, err := io.ReadAll(answer.Body)
			require.NoError(t, err)
			require.NoError(t, answer.Body.Close())

			assert.Equal(t, tt.want, answer.StatusCode)
			if tt.want == 200 {
				assert.Empty(t, text)
			} else {
				assert.Equal(t, http.StatusText(tt.want)+"\n", string(text), "only the standard text")
			}
			assert.Equal(t, tt.want == 405, answer.Header.Get("Allow") == "POST")
			assert.Equal(t, tt.want == 503, answer.Header.Get("Retry-After") != "")
		})
	}
}

func TestAnyOfSeveralSecretsIsAccepted(t *testing.T) {
	t.Parallel()
	receiver := newReceiver(t, webhook.WithSecret("the next one"), webhook.WithSecret("that of receipts"))
	for given, want := range map[string]int{secret: 200, "the next one": 200, "that of receipts": 200, "another": 401, "": 401} {
		req := newCallback(t, body, nonce)
		req.Header = webhook.Sign(body, given, "nonce-"+given, signed)
		assert.Equal(t, want, serve(receiver, req).Code, given)
	}
}

func TestWithoutVerificationEveryCallbackIsHandled(t *testing.T) {
	t.Parallel()
	memory := &deduper{state: webhook.StateCommitted}
	receiver, err := webhook.NewReceiver(webhook.WithoutVerification(), webhook.WithDeduper(memory))
	require.NoError(t, err)
	calls := countCalls(receiver, nil)
	for range 2 {
		assert.Equal(t, 200, serve(receiver, newCallback(t, body, nonce)).Code)
	}
	req := newCallback(t, body, nonce)
	clear(req.Header)
	assert.Equal(t, 200, serve(receiver, req).Code)
	assert.Equal(t, 3, calls.count())
	assert.Empty(t, memory.done)
}

func TestADuplicateOfAHandledCallbackIsNotHandledAgain(t *testing.T) {
	t.Parallel()
	receiver := newReceiver(t)
	calls := countCalls(receiver, nil)
	for range 3 {
		assert.Equal(t, 200, serve(receiver, newCallback(t, body, nonce)).Code)
	}
	assert.Equal(t, 1, calls.count())
	assert.Equal(t, 200, serve(receiver, newCallback(t, []byte(`{"app_id":"B"}`), nonce)).Code)
	assert.Equal(t, 2, calls.count())
}

func TestACallbackIsHandledAgainUntilItsHandlerSucceeds(t *testing.T) {
	t.Parallel()
	receiver := newReceiver(t)
	calls := countCalls(receiver, func(call int) error {
		switch call {
		case 1:
			return errors.New("broken")
		case 2:
			panic("broken")
		default:
			return nil
		}
	})
	for i, want := range []int{500, 500, 200, 200} {
		assert.Equal(t, want, serve(receiver, newCallback(t, body, nonce)).Code, "delivery %d", i)
	}
	assert.Equal(t, 3, calls.count())
}

func TestConcurrentDuplicatesAreHandledOnce(t *testing.T) {
	t.Parallel()
	receiver := newReceiver(t)
	running, finish := make(chan struct{}), make(chan struct{})
	calls := countCalls(receiver, func(int) error {
		close(running)
		<-finish
		return nil
	})
	first := make(chan int)
	go func() { first <- serve(receiver, newCallback(t, body, nonce)).Code }()
	<-running
	second := serve(receiver, newCallback(t, body, nonce))
	assert.Equal(t, 503, second.Code)
	assert.NotEmpty(t, second.Header().Get("Retry-After"))
	close(finish)
	assert.Equal(t, 200, <-first)
	assert.Equal(t, 200, serve(receiver, newCallback(t, body, nonce)).Code)
	assert.Equal(t, 1, calls.count())
}

func TestWithMaxConcurrentBoundsTheRunningHandlers(t *testing.T) {
	t.Parallel()
	receiver := newReceiver(t, webhook.WithMaxConcurrent(2))
	running, finish := make(chan struct{}), make(chan struct{})
	calls := countCalls(receiver, func(call int) error {
		if call <= 2 {
			running <- struct{}{}
			<-finish
		}
		return nil
	})
	answers := make(chan int)
	callback := func(id string) *http.Request { return newCallback(t, fmt.Appendf(nil, `{"app_id":%q}`, id), nonce) }
	for _, id := range []string{"1", "2"} {
		go func() { answers <- serve(receiver, callback(id)).Code }()
		<-running
	}
	assert.Equal(t, 503, serve(receiver, callback("3")).Code)
	unsigned := callback("4")
	clear(unsigned.Header)
	assert.Equal(t, 401, serve(receiver, unsigned).Code, "the signature comes before the count")

	close(finish)
	assert.Equal(t, 200, <-answers)
	assert.Equal(t, 200, <-answers)
	assert.Equal(t, 200, serve(receiver, callback("3")).Code, "it is handled when it is redelivered")
	assert.Equal(t, 3, calls.count())
}

func TestASlotIsFreedHoweverAHandlerEnds(t *testing.T) {
	t.Parallel()
	memory := &deduper{state: webhook.StateNew}
	receiver := newReceiver(t, webhook.WithMaxConcurrent(1), webhook.WithDeduper(memory))
	calls := countCalls(receiver, func(call int) error {
		switch call {
		case 1:
			panic("broken")
		case 2:
			runtime.Goexit()
		}
		return nil
	})
	for range 3 {
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			serve(receiver, newCallback(t, body, nonce))
		}()
		<-ended
	}
	assert.Equal(t, 3, calls.count())
	assert.Equal(t, []bool{false, false, true}, memory.done)
}

func TestDoneIsCalledAfterTheClientDisconnected(t *testing.T) {
	t.Parallel()
	memory := &deduper{state: webhook.StateNew}
	receiver := newReceiver(t, webhook.WithDeduper(memory), webhook.WithMaxAge(time.Hour))
	ctx, leave := context.WithCancel(t.Context())
	webhook.OnAny(receiver, func(ctx context.Context, _ webhook.Event) error {
		leave()
		return ctx.Err()
	})
	assert.Equal(t, 500, serve(receiver, newCallback(t, body, nonce).WithContext(ctx)).Code, "the function has the context of the request")
	require.Equal(t, []bool{false}, memory.done)
	require.NoError(t, memory.doneIn[0].Err())
	assert.Equal(t, signed.Add(time.Hour), memory.until.UTC(), "a duplicate is too old then")
}
