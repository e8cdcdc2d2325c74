package conversationtest_test

import (
	"math"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// hour is more than all retries of a callback take, and less than a token lives.
const hour = time.Hour

func TestAdvanceExpiresTokens(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for name, clock := range map[string]func() time.Time{
		"the real clock": nil, "an injected clock": func() time.Time { return start },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWire(t, conversationtest.Config{TokenLifetime: hour, Clock: clock})
			bearer := "Bearer " + w.token()

			w.srv.Advance(59 * time.Minute)
			assert.Equal(t, http.StatusOK, w.listAs(bearer).status)

			w.srv.Advance(time.Minute)
			w.listAs(bearer).fails(http.StatusUnauthorized, "UNAUTHENTICATED", "expired")
			assert.Equal(t, http.StatusOK, w.listAs("Bearer "+w.token()).status)
		})
	}
}

func TestAdvanceMovesIDsAndAcceptTimes(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, cfg conversationtest.Config) {
		t.Helper()
		srv := start(t, cfg)
		say(srv, "first")
		first := sendText(t, srv, "first")
		srv.Advance(24 * time.Hour)
		second := sendText(t, srv, "second")

		assert.Less(t, first[:6], second[:6], "an id begins with the time")
		sent := srv.Sent()
		assert.InDelta(t, 24*time.Hour, sent[1].AcceptedTime.Sub(sent[0].AcceptedTime), float64(time.Minute))
		received := srv.Receive(sms(), conversationtest.InboundText("later"))
		assert.WithinDuration(t, time.Now().Add(24*time.Hour), received.AcceptTime.Time, time.Minute)
	})
}

func TestAdvanceRunsTheRetriesOfCallbacks(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, cfg conversationtest.Config) {
		t.Helper()
		srv := start(t, cfg)
		h := hooked(srv, "secret", conversation.TriggerMessageInbound)
		h.answer = func(int) int { return http.StatusInternalServerError }
		say(srv, "hi")
		awaitAttempts(t, srv, 1)

		srv.Advance(4 * time.Second)
		srv.Advance(time.Second)
		awaitAttempts(t, srv, 2)

		srv.Advance(hour) // The other three, of which each is only scheduled after the one before.
		settle(t, srv)
		assert.Equal(t, 5, srv.Callbacks()[0].Attempts)
	})
}

// awaitAttempts waits until the first callback was tried so often.
func awaitAttempts(t *testing.T, srv *conversationtest.Server, count int) {
	t.Helper()
	require.Eventually(t, func() bool {
		callback := srv.Callbacks()[0]
		return callback.Attempts == count && callback.Status != 0
	}, time.Minute, time.Millisecond)
}

func TestAdvanceRunsOnlyWhatIsDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		h := hooked(srv, "secret", conversation.TriggerMessageInbound)
		h.answer = func(int) int { return http.StatusInternalServerError }
		say(srv, "hi")
		synctest.Wait()

		srv.Advance(20 * time.Second) // The second attempt is due after 5, the third after 15, the fourth after 35 seconds.
		synctest.Wait()
		assert.Len(t, h.all(), 3)
		assert.Zero(t, h.afters()[2])

		settle(t, srv)
		assert.Equal(t, []time.Duration{15 * time.Second, 55 * time.Second}, h.afters()[3:], "what is left of 35 and 75 seconds")
	})
}

func TestAdvanceRunsReportsOfTheScriptInOrder(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, cfg conversationtest.Config) {
		t.Helper()
		cfg.Script, cfg.ScriptDelay = conversationtest.ScriptRead, hour
		srv := start(t, cfg)
		h := hooked(srv, "secret", conversation.TriggerMessageDelivery)
		sendText(t, srv, "hi")
		sendText(t, srv, "again")
		assert.Empty(t, h.all())

		srv.Advance(4 * hour)
		settle(t, srv)
		assert.Equal(t, []string{"QUEUED_ON_CHANNEL", "QUEUED_ON_CHANNEL", "DELIVERED", "DELIVERED", "READ", "READ"}, statuses(t, srv))
		assert.Len(t, h.all(), 6)
	})
}

func TestAdvanceMovesThePaceOfCallbacks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Callbacks: conversationtest.CallbackConfig{Rate: 1}})
		h := hooked(srv, "", conversation.TriggerMessageInbound)
		say(srv, "1", "2", "3")
		synctest.Wait()
		require.Len(t, h.all(), 1)

		srv.Advance(time.Second)
		synctest.Wait()
		assert.Len(t, h.all(), 2, "it waited for its turn, and the third still does")
		settle(t, srv)
		assert.Equal(t, []time.Duration{0, 0, time.Second}, h.afters())
	})
}

func TestAdvanceEndsTheDelayOfAnAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Latency: 10 * time.Second})
		client := srv.NewClient(t)
		began := time.Now()
		time.AfterFunc(time.Second, func() { srv.Advance(4 * time.Second) })
		time.AfterFunc(2*time.Second, func() { srv.Advance(10 * time.Second) })
		lists(t.Context(), t, client)
		assert.Equal(t, 2*time.Second, time.Since(began))
	})
}

func TestAdvanceRejectsTimesThatAreNotAhead(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{})
	for d, problem := range map[time.Duration]string{
		0:             "0s is not positive",
		-time.Second:  "-1s is not positive",
		math.MinInt64: "is not positive",
		math.MaxInt64: "100 years ahead at most",
	} {
		func() {
			defer func() { assert.Contains(t, recover(), problem) }()
			srv.Advance(d)
		}()
	}
	srv.Advance(99 * 365 * 24 * hour)
	assert.Panics(t, func() { srv.Advance(2 * 365 * 24 * hour) })
	_, err := srv.NewClient(t).Apps.List(t.Context())
	require.NoError(t, err, "a token of that time is valid")
}
