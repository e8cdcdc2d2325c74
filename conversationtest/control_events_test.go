package conversationtest_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestTheStreamHasEverythingThatHappens(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{})
	events := listen(t, srv, "", "")
	hooked(srv, "secret", conversation.TriggerMessageDelivery)

	id := sendText(t, srv, "hello")
	var sent published
	requests := map[any]any{} // The requests end in any order.
	for len(requests) < 2 || sent.kind == "" {
		switch next := events.next(); next.kind {
		case "request":
			requests[next.data["operation"]] = next.data["seq"]
		case "sent":
			sent = next
		}
	}
	assert.Equal(t, map[any]any{"token": 1.0, "Messages.Send": 2.0}, requests)
	assert.Equal(t, id, sent.data["message_id"])
	assert.Equal(t, srv.AppID(), sent.data["app_id"])
	assert.Equal(t, "15551230000", sent.data["identity"])
	assert.Equal(t, "SMS", sent.data["channel"])
	assert.Contains(t, sent.data["body"], "message")

	require.NoError(t, srv.Fail(id, conversation.Reason{Code: conversation.ReasonChannelFailure}))
	report := events.until("report")
	assert.Equal(t, id, report.data["message_id"])
	assert.Equal(t, "FAILED", report.data["status"])
	assert.Contains(t, report.data["reason"], "code")
	callback := events.until("callback")
	assert.Equal(t, "MESSAGE_DELIVERY", callback.data["trigger"])
	assert.InDelta(t, 0, callback.data["attempts"], 0)
	attempt := events.until("callback_attempt")
	assert.Equal(t, callback.data["seq"], attempt.data["seq"])
	assert.Equal(t, callback.data["body"], attempt.data["body"])
	assert.InDelta(t, 200, attempt.data["status"], 0)
	assert.Equal(t, true, attempt.data["delivered"])

	message := srv.Receive(sms(), conversationtest.InboundText("hi"))
	received := events.until("received")
	assert.Equal(t, message.ID, received.data["message_id"])
	assert.Equal(t, map[string]any{"text_message": map[string]any{"text": "hi"}}, received.data["contact_message"])
	event := srv.Composing(sms())
	assert.Equal(t, event, events.until("received").data["event_id"])
	srv.OptOut(sms())
	assert.Equal(t, "opt_out", events.until("received").data["event"])

	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Operation: "Apps.List", Status: 403})
	_, err := srv.NewClient(t).Apps.List(t.Context())
	require.ErrorIs(t, err, conversation.ErrForbidden)
	fault := events.until("fault")
	assert.Equal(t, "status", fault.data["kind"])
	assert.Equal(t, "Apps.List", fault.data["happened_to"])
	assert.InDelta(t, 1, fault.data["hits"], 0)
	assert.Equal(t, "status", events.until("request").data["fault"])

	srv.Advance(time.Hour)
	assert.Equal(t, "1h0m0s", events.until("clock").data["advanced"])
	srv.Reset()
	assert.Equal(t, "0s", events.until("reset").data["advanced"])
}

func TestTheStreamResumesAfterAnEvent(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ query, lastEventID, first string }{
		"all":                          {"?after=0", "", "1"},
		"after an event":               {"?after=2", "", "3"},
		"a browser that reconnects":    {"?after=0", "3", "4"},
		"the newest":                   {"?after=4", "", "5"},
		"new ones":                     {"", "", "5"},
		"an event of another server":   {"?after=70", "", "1"},
		"a browser of another server":  {"", "70", "1"},
		"a reconnect before any event": {"?after=4", "0", "1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := start(t, conversationtest.Config{})
			for range 4 {
				srv.Advance(time.Minute)
			}
			events := listen(t, srv, tc.query, tc.lastEventID)
			srv.Advance(time.Minute)
			first := events.next()
			assert.Equal(t, "clock", first.kind)
			assert.Equal(t, tc.first, first.id)
		})
	}
}

func TestTheStreamRejectsWhatIsNoEvent(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{})
	for _, target := range []string{"/_fake/events?after=x", "/_fake/events?after=-1", "/_fake/events?after=1.5"} {
		answer := httptest.NewRecorder()
		srv.Control().ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil))
		assert.Equal(t, http.StatusBadRequest, answer.Code)
		assert.Contains(t, answer.Body.String(), "events: after:")
	}
}

// pipe is the ResponseWriter of a client that reads from a pipe: a write waits for the reader.
type pipe struct {
	io.Writer
	header http.Header
}

func (p pipe) Header() http.Header { return p.header }
func (pipe) WriteHeader(int)       {}
func (pipe) Flush()                {}

// listenInMemory opens a stream that nobody reads yet. The channel is closed when the handler returns.
func listenInMemory(ctx context.Context, t *testing.T, srv *conversationtest.Server, query string) (stream, <-chan struct{}) {
	t.Helper()
	reader, writer := io.Pipe()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/_fake/events"+query, nil)
		srv.Control().ServeHTTP(pipe{writer, http.Header{}}, r)
		_ = writer.Close() // It never fails.
	}()
	t.Cleanup(func() { _ = reader.Close() })
	return newStream(t, bufio.NewScanner(reader)), ended
}

func TestASlowReaderLosesTheOldestAndHoldsUpNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		ctx, cancel := context.WithCancel(t.Context())
		events, ended := listenInMemory(ctx, t, srv, "?after=0")
		synctest.Wait()
		const count = 20_000
		for range count {
			srv.Advance(time.Second)
		}

		seen, lost := 0, 0
		for seen+lost < count {
			next := events.next()
			if next.kind == "lost" {
				number, ok := next.data["lost"].(float64)
				require.True(t, ok)
				lost += int(number)
				continue
			}
			seen++
			assert.Equal(t, strconv.Itoa(seen+lost), next.id)
		}
		assert.Equal(t, 8192, seen)
		cancel()
		<-ended
	})
}

func TestTheStreamHasACommentEvery15Seconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		events, ended := listenInMemory(t.Context(), t, srv, "")
		var comments []time.Duration
		began := time.Now()
		for len(comments) < 4 && events.text.Scan() {
			if strings.HasPrefix(events.text.Text(), ":") {
				comments = append(comments, time.Since(began))
			}
		}
		assert.Equal(t, []time.Duration{0, 15 * time.Second, 30 * time.Second, 45 * time.Second}, comments)
		go srv.Close()
		for events.text.Scan() {
			assert.Empty(t, events.text.Text())
		}
		<-ended
	})
}

func TestAStreamEndsWithTheServerAndWithItsClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		ctx, cancel := context.WithCancel(t.Context())
		gone, goneEnded := listenInMemory(ctx, t, srv, "")
		stays, staysEnded := listenInMemory(t.Context(), t, srv, "")
		for _, events := range []stream{gone, stays} {
			require.True(t, events.text.Scan())
			require.True(t, events.text.Scan())
		}
		cancel()
		<-goneEnded
		synctest.Wait()
		srv.Close()
		<-staysEnded
		_, late := listenInMemory(t.Context(), t, srv, "")
		<-late
	})
}

func TestAResetForgetsTheEventsBeforeIt(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{})
	for range 10 {
		srv.Advance(time.Minute)
	}
	srv.Reset()
	srv.Advance(time.Minute)
	for _, query := range []string{"?after=0", "?after=7", "?after=10"} {
		events := listen(t, srv, query, "")
		first, second := events.next(), events.next()
		assert.Equal(t, []string{"11", "reset"}, []string{first.id, first.kind}, "nothing is lost")
		assert.Equal(t, []string{"12", "clock"}, []string{second.id, second.kind})
	}
}

func TestAStreamOnTheAddressOfTheServerDoesNotHoldUpItsClose(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{ServeControl: true})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.BaseURL()+"/_fake/events", nil)
	require.NoError(t, err)
	client := http.Client{Transport: &http.Transport{}}
	resp, err := client.Do(r)
	require.NoError(t, err)
	defer func() { assert.NoError(t, resp.Body.Close()) }()
	events := newStream(t, bufio.NewScanner(resp.Body))
	srv.Advance(time.Second)
	assert.Equal(t, "clock", events.next().kind)

	srv.Close()
	for events.text.Scan() {
		assert.Empty(t, events.text.Text())
	}
}

func TestTheStreamHasNothingOfARequestOfBeforeAReset(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Latency: time.Minute})
		client := srv.NewClient(t, conversation.WithTimeout(time.Hour))
		time.AfterFunc(time.Second, srv.Reset)
		lists(t.Context(), t, client)
		srv.Advance(time.Second)
		events, ended := listenInMemory(t.Context(), t, srv, "?after=0")
		assert.Equal(t, "reset", events.next().kind)
		assert.Equal(t, "clock", events.next().kind)
		srv.Close()
		<-ended
	})
}
