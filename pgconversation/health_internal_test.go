package pgconversation

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// watched is a health with a clock that a test sets.
type watched struct {
	*health
	at   time.Time
	text strings.Builder
}

func newWatched() *watched {
	w := &watched{at: time.Unix(1_700_000_000, 0)}
	w.health = newHealth(slog.New(slog.NewTextHandler(&w.text, nil)))
	w.now = func() time.Time { return w.at }
	return w
}

func (w *watched) logged(text string) int { return strings.Count(w.text.String(), text) }

func replied(status int) error { return &conversation.Error{StatusCode: status} }

// tell records an outcome of the app a several times.
func (w *watched) tell(times int, outcome conversation.Outcome, failure error) {
	for range times {
		w.record("a", outcome, failure)
	}
}

func TestFiveFailuresInARowHoldTheJobs(t *testing.T) {
	t.Parallel()
	rejected, unknown, notSent := conversation.OutcomeRejected, conversation.OutcomeUnknown, conversation.OutcomeNotSent
	for name, c := range map[string]struct {
		outcome conversation.Outcome
		failure error
		a, b    bool // the app that fails is held, and another
	}{
		"no answer":           {unknown, errors.New("reset"), true, true},
		"503":                 {unknown, replied(http.StatusServiceUnavailable), true, true},
		"not reached":         {notSent, errors.New("refused"), true, true},
		"no token":            {notSent, &conversation.AuthError{StatusCode: 503}, true, true},
		"token refused":       {notSent, &conversation.AuthError{StatusCode: 401}, true, false},
		"401":                 {rejected, replied(http.StatusUnauthorized), true, false},
		"403":                 {rejected, replied(http.StatusForbidden), true, false},
		"another path":        {rejected, replied(http.StatusNotFound), true, false},
		"400":                 {rejected, replied(http.StatusBadRequest), false, false},
		"429":                 {notSent, replied(http.StatusTooManyRequests), false, false},
		"accepted":            {conversation.OutcomeAccepted, nil, false, false},
		"403, but maybe sent": {unknown, replied(http.StatusForbidden), true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWatched()
			began := w.at
			w.at = w.at.Add(time.Millisecond)
			w.tell(breakerTrips-1, c.outcome, c.failure)
			assert.Zero(t, w.wait("a"))
			assert.False(t, w.stopped("a", began))
			w.tell(3, c.outcome, c.failure)
			assert.Equal(t, c.a, w.wait("a") > 0)
			assert.Equal(t, c.b, w.wait("b") > 0)
			assert.Equal(t, c.a, w.stopped("a", began), "what waits for its turn sends nothing")
			assert.Equal(t, c.b, w.stopped("b", began))
			assert.False(t, w.stopped("a", w.at), "a probe may send")
		})
	}
}

func TestOneSuccessAmongFailuresHoldsNothing(t *testing.T) {
	t.Parallel()
	w := newWatched()
	for range 10 {
		w.tell(breakerTrips-1, conversation.OutcomeRejected, replied(http.StatusForbidden))
		w.tell(breakerTrips-1, conversation.OutcomeUnknown, replied(http.StatusServiceUnavailable))
		w.tell(1, conversation.OutcomeAccepted, nil)
	}
	assert.Zero(t, w.wait("a"))
	assert.Empty(t, w.text.String())
	assert.Empty(t, w.settings, "nothing is kept of an app whose setting is right")
}

func TestOneProbeAtATimeIsSentUntilOneWorks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		outcome     conversation.Outcome
		failure     error
		begin, ends string
	}{
		"away":    {conversation.OutcomeUnknown, replied(http.StatusBadGateway), "Sinch does not answer", "Sinch works again"},
		"setting": {conversation.OutcomeRejected, replied(http.StatusForbidden), "an app is paused, because its setting is wrong", "an app goes on"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWatched()
			w.tell(breakerTrips, c.outcome, c.failure)
			var probes []time.Duration
			began := w.at
			for w.at.Sub(began) < time.Hour {
				if w.wait("a") == 0 {
					probes = append(probes, w.at.Sub(began))
					assert.Positive(t, w.wait("a"), "one at a time")
					w.tell(1, c.outcome, c.failure)
				}
				w.at = w.at.Add(100 * time.Millisecond)
			}
			require.Greater(t, len(probes), 6)
			assert.Equal(t, []time.Duration{time.Second, 3 * time.Second, 7 * time.Second, 15 * time.Second}, probes[:4])
			assert.Less(t, len(probes), 66, "an hour leaves few entries unknown")
			w.tell(1, conversation.OutcomeAccepted, nil)
			for range 10 {
				assert.Zero(t, w.wait("a"))
			}
			assert.Equal(t, 1, w.logged(c.begin))
			assert.Equal(t, 1, w.logged(c.ends))
			assert.Equal(t, 2, w.logged("level="))
		})
	}
}

func TestAProbeWithoutAResultIsFollowedByAnother(t *testing.T) {
	t.Parallel()
	w := newWatched()
	w.tell(breakerTrips, conversation.OutcomeRejected, replied(http.StatusForbidden))
	w.at = w.at.Add(breakerFirst)
	assert.Zero(t, w.wait("a"))
	assert.Positive(t, w.wait("a"))
	w.at = w.at.Add(probeTime)
	assert.Zero(t, w.wait("a"))
}

func TestFewJobsAreBackAtATimeDuringAHold(t *testing.T) {
	t.Parallel()
	w := newWatched()
	w.tell(breakerTrips, conversation.OutcomeRejected, replied(http.StatusForbidden))
	var backs []time.Time
	for range 10_000 {
		back := w.at.Add(w.settingWait("a"))
		assert.WithinRange(t, back, w.at.Add(breakerFirst), w.at.Add(maxHold))
		backs = append(backs, back)
	}
	assert.LessOrEqual(t, most(backs), 100)
}
