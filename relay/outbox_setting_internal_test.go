package relay

import (
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// wrongSettings return clients whose setting is wrong until mend is called.
func wrongSettings() map[string]func(t *testing.T, srv *conversationtest.Server) (client *conversation.Client, mend func()) {
	fault := func(f conversationtest.Fault) func(t *testing.T, srv *conversationtest.Server) (*conversation.Client, func()) {
		return func(t *testing.T, srv *conversationtest.Server) (*conversation.Client, func()) {
			t.Helper()
			return srv.NewClient(t), srv.Fault(f).Remove
		}
	}
	const missing = `{"error":{"code":404,"status":"NOT_FOUND","message":"app \"A\" not found"}}`
	return map[string]func(t *testing.T, srv *conversationtest.Server) (*conversation.Client, func()){
		"403":          fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Operation: "Messages.Send", Status: http.StatusForbidden}),
		"wrong app":    fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Operation: "Messages.Send", Status: http.StatusNotFound, Body: missing}),
		"wrong region": fault(conversationtest.Fault{Kind: conversationtest.FaultHTML, Operation: "Messages.Send", Status: http.StatusNotFound}),
		"wrong host":   fault(conversationtest.Fault{Kind: conversationtest.FaultUnknownHost, Operation: "Messages.Send"}),
		"401 token":    fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Operation: "token", Status: http.StatusUnauthorized}),
		"401":          fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Operation: "Messages.Send", Status: http.StatusUnauthorized}),
	}
}

func TestAWrongSettingDoesNotBurnTheQueue(t *testing.T) {
	t.Parallel()
	n, pace, soak := 300, []OutboxOption{WithRates(300, 0), WithConcurrency(16)}, os.Getenv("CONVERSATION_SOAK") != ""
	if soak {
		n, pace = 10_000, []OutboxOption{WithRates(2000, 4000), WithConcurrency(64)}
	}
	for name, start := range wrongSettings() {
		t.Run(name, func(t *testing.T) {
			if !soak { // each sends much in a soak
				t.Parallel()
			}
			var text words
			r, srv := opened(t, WithLogger(slog.New(slog.NewTextHandler(&text, nil))))
			enqueueMany(t, r, srv.AppID(), n, Entry{})
			client, mend := start(t, srv)
			_, stop := runWorker(t, r, client, pace...)
			var view *Overview
			require.Eventually(t, func() bool {
				var err error
				view, err = r.Overview(t.Context())
				return err == nil && len(view.Pauses) > 0
			}, time.Minute, 20*time.Millisecond)
			assert.Equal(t, srv.AppID(), view.Pauses[0].App)
			assert.NotEmpty(t, view.Pauses[0].Reason)
			assert.WithinDuration(t, view.At, view.Pauses[0].Since, time.Minute)
			stop() // another worker must not burn the queue either
			runWorker(t, r, client, pace...)
			requests := len(srv.Requests())
			assert.Never(t, func() bool { return len(srv.Requests())-requests >= 10 }, 2500*time.Millisecond, 100*time.Millisecond, "it probes")
			assert.Empty(t, srv.Sent())
			mend()
			setByOperators(t, r, control{Resumed: 1})
			counts := statesOf(t, r, 5*time.Minute, func(counts map[State]int) bool { return counts[StateAccepted]+counts[StateRejected] == n })
			assert.LessOrEqual(t, counts[StateRejected], settingTrips)
			assert.Len(t, srv.Sent(), counts[StateAccepted])
			for id, times := range sentIDs(srv.Sent()) {
				assert.Equal(t, 1, times, id)
			}
			listed := 0
			for _, err := range r.scan(t.Context(), r.names.outbox, headersOnly(r.names.all(kindRejected))) {
				require.NoError(t, err)
				listed++
			}
			assert.Equal(t, counts[StateRejected], listed)
			require.Eventually(t, func() bool {
				view, err := r.Overview(t.Context())
				return err == nil && len(view.Pauses) == 0
			}, 10*time.Second, 20*time.Millisecond)
			assert.Equal(t, 1, text.count("an app is paused"))
			assert.Equal(t, 1, text.count("an app goes on"))
		})
	}
}

// words is a log.
type words struct {
	mu   sync.Mutex
	text strings.Builder
}

func (w *words) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *words) count(part string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Count(w.text.String(), part)
}

func TestWhatIsWrongWithMessagesDoesNotPauseTheirApp(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]conversationtest.Fault{
		"400": {Status: http.StatusBadRequest},
		"404": {Status: http.StatusNotFound, Body: `{"error":{"code":404,"status":"NOT_FOUND","message":"contact \"my app\" not found"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, srv := opened(t)
			f.Kind, f.Operation = conversationtest.FaultStatus, "Messages.Send"
			srv.Fault(f)
			enqueueMany(t, r, srv.AppID(), 30, Entry{})
			runWorker(t, r, srv.NewClient(t), WithRates(100, 0))
			statesOf(t, r, 20*time.Second, func(counts map[State]int) bool { return counts[StateRejected] == 30 })
		})
	}
}
