package relay_test

import (
	"bytes"
	"context"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/webhook"
)

func TestANormalEndOfRunIsNotLogged(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	r := open(t, relay.WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelInfo}))))
	srv := newFake(t)
	receiver, err := webhook.NewReceiver(webhook.WithSecret("a secret of a webhook"))
	require.NoError(t, err)
	for i := range 30 {
		require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: strconv.Itoa(i)}))
	}
	for _, after := range []time.Duration{0, time.Millisecond, 20 * time.Millisecond, 300 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		received := make(chan error, 1)
		go func() { received <- r.Inbox().Run(ctx, receiver) }()
		require.NoError(t, r.Outbox().Run(ctx, srv.NewClient(t), relay.WithUnknown(relay.UnknownDrop, time.Second)))
		require.NoError(t, <-received)
		cancel()
	}
	assert.Empty(t, bytes.TrimSpace([]byte(log.String())))
}
