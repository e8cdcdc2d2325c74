package pgconversation

import (
	"log/slog"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/stretchr/testify/assert"
)

// TestARequestDoesNotLeaveLongAfterItsRecord is about a process that was suspended in between: its entry may have become unknown.
func TestARequestDoesNotLeaveLongAfterItsRecord(t *testing.T) {
	t.Parallel()
	w := &Worker{pace: newPacer(nil, nil, 1, 1), health: newHealth(slog.New(slog.DiscardHandler))}
	for ago, want := range map[time.Duration]error{0: nil, leaveTime / 2: nil, leaveTime + time.Second: errNoTurn, time.Hour: errNoTurn} {
		now := time.Now()
		a := &attempt{
			worker: w, job: &river.Job[SendArgs]{}, arrived: now.Add(-ago), asked: now.Add(-ago),
			turn: turn{slot: slot{now, now.Add(time.Minute)}},
		}
		assert.Equal(t, want, a.gate(t.Context()), ago)
		assert.Equal(t, want == nil, !a.sent.IsZero())
	}
}
