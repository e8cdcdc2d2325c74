package relay_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
)

// heardLog counts the records that contain a text.
type heardLog struct {
	slog.Handler

	text  string
	count *atomic.Int64
}

// Handle implements [slog.Handler].
func (h heardLog) Handle(_ context.Context, record slog.Record) error {
	if strings.Contains(record.Message, h.text) {
		h.count.Add(1)
	}
	return nil
}

// Enabled implements [slog.Handler].
func (heardLog) Enabled(context.Context, slog.Level) bool { return true }

// TestRunWaitsForAnEngineThatIsAwayAtTheStart is a cluster that has lost a server and elects a leader.
func TestRunWaitsForAnEngineThatIsAwayAtTheStart(t *testing.T) {
	t.Parallel()
	var waits atomic.Int64
	b := newBench(t, relay.WithLogger(slog.New(heardLog{slog.DiscardHandler, "delivers no callbacks", &waits})))
	ids := heard(b.receiver, fine)
	require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n"))
	b.shutdown(t)
	run(t, b.Relay, b.receiver)
	require.Eventually(t, func() bool { return waits.Load() > 0 }, soon, time.Millisecond)
	b.start(t)
	assert.Equal(t, "1", next(t, ids))
	assert.Equal(t, int64(1), waits.Load(), "logged once")
}
