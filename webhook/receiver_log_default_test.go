package webhook_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

// TestWithoutALoggerTheDefaultOneGetsAllButSuccesses changes the default logger, so no other test may run meanwhile.
//
//nolint:paralleltest // It changes slog.Default.
func TestWithoutALoggerTheDefaultOneGetsAllButSuccesses(t *testing.T) {
	receiver, err := webhook.NewReceiver(webhook.WithSecret(secret), at(0))
	require.NoError(t, err)
	fail := errors.New("no room for " + phone)
	countCalls(receiver, func(int) error { return fail })

	previous := slog.Default()
	defer slog.SetDefault(previous)
	var log bytes.Buffer
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))) // after NewReceiver

	assert.Equal(t, 401, serve(receiver, forged(t)).Code)
	assert.Contains(t, log.String(), "level=INFO msg=\"webhook: callback\" status_code=401 duration=")

	log.Reset()
	assert.Equal(t, 500, serve(receiver, newCallback(t, body, nonce)).Code)
	assert.Contains(t, log.String(), "level=ERROR")
	assert.Contains(t, log.String(), "the function failed: no room for +*******")

	log.Reset()
	require.Error(t, receiver.Handle(t.Context(), &webhook.OptIn{}))
	assert.Contains(t, log.String(), "level=ERROR")

	log.Reset()
	assert.Equal(t, 503, serve(receiver.Forward((&keeper{f: func() error { return fail }}).keep), newCallback(t, body, nonce)).Code)
	assert.Contains(t, log.String(), "level=ERROR", "of the function of Forward")

	log.Reset()
	fail = nil
	assert.Equal(t, 200, serve(receiver, newCallback(t, body, nonce)).Code)
	assert.Empty(t, log.String(), "successes are for a logger that was passed")

	broken, err := webhook.NewReceiver(webhook.WithSecret(secret), at(0), webhook.WithDeduper(&deduper{state: webhook.StateNew, doneErr: errors.New("down")}))
	require.NoError(t, err)
	assert.Equal(t, 200, serve(broken, newCallback(t, body, nonce)).Code)
	assert.Contains(t, log.String(), "Deduper.Done failed")

	log.Reset()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelError})))
	assert.Equal(t, 401, serve(receiver, forged(t)).Code)
	assert.Empty(t, log.String(), "the level of the default logger counts")

	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	for _, quiet := range []*slog.Logger{slog.New(slog.DiscardHandler), slog.New(slog.NewTextHandler(&bytes.Buffer{}, nil))} {
		assert.Equal(t, 401, serve(newReceiver(t, webhook.WithLogger(quiet)), forged(t)).Code)
	}
	assert.Empty(t, log.String(), "a logger that was passed is the only one")
}

// forged returns the request of a callback that is signed with another secret.
func forged(t *testing.T) *http.Request {
	t.Helper()
	req := newCallback(t, body, nonce)
	req.Header = webhook.Sign(body, "another", nonce, signed)
	return req
}
