package conversationtest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// steer sends a request to the control API, without a socket.
func steer(t *testing.T, srv *conversationtest.Server, method, path, body string) (status int, answer map[string]any) {
	t.Helper()
	recorded := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	srv.Control().ServeHTTP(recorded, r)
	require.NoError(t, json.Unmarshal(recorded.Body.Bytes(), &answer), recorded.Body.String())
	return recorded.Code, answer
}

func TestTheClockIsMovedOverHTTP(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	w := newWire(t, conversationtest.Config{Clock: func() time.Time { return at }})
	bearer := "Bearer " + w.token()

	_, clock := steer(t, w.srv, http.MethodGet, "/_fake/clock", "")
	assert.Equal(t, map[string]any{"now": "2026-03-01T12:00:00Z", "advanced": "0s"}, clock)
	status, clock := steer(t, w.srv, http.MethodPost, "/_fake/clock", `{"advance": "59m"}`)
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, map[string]any{"now": "2026-03-01T12:59:00Z", "advanced": "59m0s"}, clock)
	assert.Equal(t, http.StatusOK, w.listAs(bearer).status)
	_, clock = steer(t, w.srv, http.MethodPost, "/_fake/clock", `{"advance": "1m"}`)
	assert.Equal(t, "1h0m0s", clock["advanced"])
	w.listAs(bearer).fails(http.StatusUnauthorized, "UNAUTHENTICATED", "expired")

	steer(t, w.srv, http.MethodPost, "/_fake/reset", "")
	_, clock = steer(t, w.srv, http.MethodGet, "/_fake/clock", "")
	assert.Equal(t, map[string]any{"now": "2026-03-01T12:00:00Z", "advanced": "0s"}, clock)
}

func TestTheClockIsNotMovedByWhatIsNoTimeAhead(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{})
	for body, problem := range map[string]string{
		`{}`:                                 `clock: advance: "" is not a duration`,
		`{"advance": "soon"}`:                `clock: advance: "soon" is not a duration`,
		`{"advance": "90"}`:                  `clock: advance: "90" is not a duration`,
		`{"advance": "0s"}`:                  "clock: advance: 0s is not positive",
		`{"advance": "-5m"}`:                 "clock: advance: -5m0s is not positive",
		`{"advance": "900000h"}`:             "100 years ahead at most",
		`{"advance": 90}`:                    "clock: advance: a JSON number is not allowed",
		`{"advance": "1m", "to": "12:00"}`:   `clock: field "to" is unknown`,
		`{"advance": "9999999999999999999"}`: "is not a duration",
	} {
		status, answer := steer(t, srv, http.MethodPost, "/_fake/clock", body)
		assert.Equal(t, http.StatusBadRequest, status, body)
		assert.Contains(t, answer["error"], problem, body)
	}
	_, clock := steer(t, srv, http.MethodGet, "/_fake/clock", "")
	assert.Equal(t, "0s", clock["advanced"])
}

func TestARetriedCallbackArrivesWhenTheClockIsMovedOverHTTP(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		h := hooked(srv, "secret", conversation.TriggerMessageInbound)
		h.answer = func(number int) int {
			if number == 1 {
				return http.StatusInternalServerError
			}
			return http.StatusOK
		}
		say(srv, "hi")
		synctest.Wait()
		steer(t, srv, http.MethodPost, "/_fake/clock", `{"advance": "5s"}`)
		settle(t, srv)
		require.Len(t, h.all(), 2)
		assert.Zero(t, h.afters()[1])
		assert.Equal(t, h.all()[0].header, h.all()[1].header, "it has the first signature")
	})
}

func TestAResetIsAskedForOverHTTP(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{})
	sendText(t, srv, "hello")
	status, answer := steer(t, srv, http.MethodPost, "/_fake/reset", "")
	assert.Equal(t, http.StatusOK, status)
	assert.Empty(t, answer)
	assert.Empty(t, srv.Sent())

	status, answer = steer(t, srv, http.MethodPost, "/_fake/reset", `{"app_id": "x"}`)
	assert.Equal(t, http.StatusBadRequest, status)
	assert.Contains(t, answer["error"], `reset: field "app_id" is unknown`)
	status, _ = steer(t, srv, http.MethodGet, "/_fake/reset", "")
	assert.Equal(t, http.StatusMethodNotAllowed, status)
}

func TestTheNextCallbacksAreDuplicatedOverHTTP(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{})
	h := hooked(srv, "secret", conversation.TriggerMessageInbound)
	_, answer := steer(t, srv, http.MethodPost, "/_fake/duplicate-callbacks", "")
	assert.InDelta(t, 1, answer["count"], 0)
	say(srv, "twice", "once")
	settle(t, srv)
	assert.Equal(t, []string{"twice", "twice", "once"}, h.texts(t))

	for body, problem := range map[string]string{
		`{"count": 0}`:  "duplicate-callbacks: count: 0 is not above 0",
		`{"count": -1}`: "-1 is not above 0",
		`{"times": 2}`:  `field "times" is unknown: use count`,
	} {
		status, answer := steer(t, srv, http.MethodPost, "/_fake/duplicate-callbacks", body)
		assert.Equal(t, http.StatusBadRequest, status)
		assert.Contains(t, answer["error"], problem)
	}
}
