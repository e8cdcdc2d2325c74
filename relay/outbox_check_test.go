package relay_test

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
)

func TestAnEntryForTheFarFutureWaitsOrIsRejected(t *testing.T) {
	t.Parallel()
	r, srv := open(t), conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()
	last := time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC)
	waiting := []time.Time{
		time.Now().Add(time.Hour), time.Now().AddDate(100, 0, 0), time.Date(2200, 1, 1, 0, 0, 0, 1, time.UTC), last.Add(-1), last,
		last.In(time.FixedZone("", 14*3600)),
	}
	for i, at := range waiting {
		require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: "w" + string(rune('a'+i)), After: at}), at)
	}
	for _, at := range []time.Time{
		last.Add(1), time.Date(2262, 4, 12, 0, 0, 0, 0, time.UTC), time.Date(2263, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC),
		time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC), time.Unix(1<<62, 0), time.Unix(math.MaxInt64, 0), time.Now().Add(1<<63 - 1),
	} {
		argument := argumentOf(r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: "never", After: at}), "Entry.After")
		require.NotNil(t, argument, at)
		assert.Contains(t, argument.Reason, "2262-01-01")
	}
	past := []time.Time{{}, time.Unix(0, 0), time.Date(-5000, 1, 1, 0, 0, 0, 0, time.UTC), time.Unix(-1<<62, 0), time.Now(), time.Now().Add(-1 << 62)}
	work(t, r, srv.NewClient(t))
	for i, at := range past {
		id := "p" + string(rune('a'+i))
		require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: id, After: at}), at)
		inState(t, r, id, relay.StateAccepted)
	}
	assert.Len(t, srv.Sent(), len(past))
	view, err := r.Overview(t.Context())
	require.NoError(t, err)
	assert.Equal(t, len(waiting), view.Apps[0].Later)
}

func TestAnAppThatCannotBeSentIsRejected(t *testing.T) {
	t.Parallel()
	r := open(t)
	for name, app := range map[string]string{
		"300 letters": strings.Repeat("x", 300), "252 letters": strings.Repeat("x", 252), "encoded": strings.Repeat("é", 42),
		"control": "app\n1", "nul": "\x00", "del": "a\x7f", "invisible": "app\u200b", "not UTF-8": "\xff", "space": " app", "only space": "  ",
	} {
		asRequest := argumentOf(r.Outbox().Enqueue(t.Context(), message(app), relay.Entry{ID: "a"}), "AppID")
		require.NotNil(t, asRequest, name)
		asEntry := argumentOf(r.Outbox().Enqueue(t.Context(), message(""), relay.Entry{ID: "a", App: app}), "Entry.App")
		require.NotNil(t, asEntry, name)
		if len(app) > 42 {
			assert.Contains(t, asEntry.Reason, "251", name)
		}
	}
	view, err := r.Overview(t.Context())
	require.NoError(t, err)
	assert.Empty(t, view.Apps)
}

func TestTheLongestAppIsSent(t *testing.T) {
	t.Parallel()
	r := open(t, relay.WithPrefix(strings.Repeat("P", 32)))
	client, bodies := wire(t, conversation.DialectPlatform)
	work(t, r, client, relay.WithRates(1000, 1000))
	for i, app := range []string{strings.Repeat("x", 251), strings.Repeat("é", 41) + "-_9Az", strings.Repeat("*", 83), "a.b >*", "ÄPP"} {
		for id, after := range map[string]time.Time{
			strings.Repeat("é", 63) + strconv.Itoa(i): {}, strings.Repeat(".", 127) + strconv.Itoa(i): time.Now().Add(time.Millisecond),
		} {
			require.NoError(t, r.Outbox().Enqueue(t.Context(), message(app), relay.Entry{ID: id, After: after}), app)
			inState(t, r, id, relay.StateAccepted)
			assert.Contains(t, <-bodies, `"app_id":"`+app+`"`)
		}
	}
}

func TestWhatTheClientRejectsIsNotEnqueued(t *testing.T) {
	t.Parallel()
	r := open(t)
	client, bodies := wire(t, conversation.DialectPlatform)
	for name, change := range map[string]func(*conversation.SendMessageRequest){
		"no content":     func(r *conversation.SendMessageRequest) { r.Message = conversation.AppMessage{} },
		"an empty text":  func(r *conversation.SendMessageRequest) { r.Message = conversation.Text("") },
		"no recipient":   func(r *conversation.SendMessageRequest) { r.Recipient = conversation.Recipient{} },
		"a local file":   func(r *conversation.SendMessageRequest) { r.Message = conversation.Media("file:///menu.pdf") },
		"Latin-1":        func(r *conversation.SendMessageRequest) { r.Message = conversation.Text("caf\xe9") },
		"other metadata": func(r *conversation.SendMessageRequest) { r.ConversationMetadata = "text" },
		"no JSON":        func(r *conversation.SendMessageRequest) { r.Message = flow(conversation.JSONObject{"a": math.NaN()}) },
	} {
		req := message("app")
		change(req)
		_, err := client.Messages.Send(t.Context(), req)
		want, ok := errors.AsType[*conversation.ArgumentError](err)
		require.True(t, ok, name)
		got := argumentOf(r.Outbox().Enqueue(t.Context(), req, relay.Entry{ID: "a"}), want.Field)
		require.NotNil(t, got, name)
		assert.Equal(t, &conversation.ArgumentError{Operation: "relay.Outbox.Enqueue", Field: want.Field, Reason: want.Reason}, got, name)
	}
	tooLong := message("app")
	tooLong.MessageMetadata = strings.Repeat("x", 1025)
	require.NotNil(t, argumentOf(r.Outbox().Enqueue(t.Context(), tooLong, relay.Entry{ID: "a"}), "message_metadata"), "a limit of the platform")
	counts, err := r.Outbox().Counts(t.Context())
	require.NoError(t, err)
	assert.Empty(t, counts)
	assert.Empty(t, bodies)
}

func TestWhatCannotBeStoredIsRejectedWithoutChecksToo(t *testing.T) {
	t.Parallel()
	r := open(t, relay.WithoutRequestChecks())
	for field, change := range map[string]func(*conversation.SendMessageRequest){
		"message.text_message.text": func(r *conversation.SendMessageRequest) { r.Message = conversation.Text("caf\xe9") },
		"req":                       func(r *conversation.SendMessageRequest) { r.Message = flow(conversation.JSONObject{"a": math.NaN()}) },
	} {
		req := message("app")
		change(req)
		argument := argumentOf(r.Outbox().Enqueue(t.Context(), req, relay.Entry{ID: "a"}), field)
		require.NotNil(t, argument, field)
		assert.Equal(t, "relay.Outbox.Enqueue", argument.Operation, field)
	}
	counts, err := r.Outbox().Counts(t.Context())
	require.NoError(t, err)
	assert.Empty(t, counts)
}

func TestWhatAWorkerAddsDoesNotInvalidateARequest(t *testing.T) {
	t.Parallel()
	r, srv := open(t), conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()
	work(t, r, srv.NewClient(t))
	for id, metadata := range map[string]string{
		strings.Repeat("<", 128): `{"k":"` + strings.Repeat("é", 1024-8) + `"}`, strings.Repeat("é", 64): "", "text": strings.Repeat("é", 1024),
	} {
		req := message("")
		req.MessageMetadata = metadata
		require.NoError(t, r.Outbox().Enqueue(t.Context(), req, relay.Entry{ID: id, App: srv.AppID()}), id)
		inState(t, r, id, relay.StateAccepted)
	}
}

func TestAStoredRequestThatTheClientRejectsIsRejected(t *testing.T) {
	t.Parallel()
	r, srv := open(t, relay.WithoutRequestChecks()), conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()
	work(t, r, srv.NewClient(t))
	req := message(srv.AppID())
	req.Message = conversation.Text("")
	require.NoError(t, r.Outbox().Enqueue(t.Context(), req, relay.Entry{ID: "a"}), "as an earlier version stored it")
	assert.Contains(t, inState(t, r, "a", relay.StateRejected).Reason, "message.text_message.text is empty")
	assert.Empty(t, srv.Sent())
}
