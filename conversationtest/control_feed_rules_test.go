package conversationtest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestTheStreamHasTheFaultsAfterEachChange(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{})
	events := listen(t, srv, "", "")

	first := srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultHTML})
	added := events.next()
	assert.Equal(t, "faults", added.kind)
	assert.Equal(t, r.get("faults"), added.data, "as in GET")
	r.ask(http.MethodPost, "faults", `{"kind": "slow", "delay": "1s"}`)
	assert.Equal(t, r.get("faults"), events.next().data)
	first.Remove()
	first.Remove() // It changes nothing.
	assert.Equal(t, r.get("faults"), events.next().data)
	srv.ClearFaults()
	srv.ClearFaults()
	assert.Equal(t, jsonObject{"faults": []any{}}, events.next().data)

	srv.Reset()
	assert.Equal(t, "reset", events.next().kind)
}

func TestTheStreamHasTheScriptsAfterEachChange(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{Script: conversationtest.ScriptDeliver, ScriptDelay: time.Minute})
	events := listen(t, srv, "", "")

	first := srv.Script(conversationtest.ScriptRule{Script: conversationtest.ScriptFail})
	added := events.next()
	assert.Equal(t, "scripts", added.kind)
	assert.Equal(t, r.get("scripts"), added.data, "as in GET")
	r.ask(http.MethodPost, "scripts", `{"script": "read", "delay": "1s"}`)
	assert.Equal(t, r.get("scripts"), events.next().data)
	first.Remove()
	first.Remove() // It changes nothing.
	assert.Equal(t, r.get("scripts"), events.next().data)
	srv.ClearScripts()
	srv.ClearScripts()
	assert.Equal(t, jsonObject{"script": "deliver", "delay": "1m0s", "scripts": []any{}}, events.next().data)

	srv.Reset()
	assert.Equal(t, "reset", events.next().kind)
}

func TestTheStreamHasAScriptThatHasApplied(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{Script: conversationtest.ScriptDeliver})
	srv.Script(conversationtest.ScriptRule{Script: conversationtest.ScriptNone, Channel: conversation.ChannelRCS, Times: 2})
	events := listen(t, srv, "", "")

	sendText(t, srv, "hello") // No rule is for SMS.
	id := sendOver(t, srv, conversation.ChannelRCS)
	applied := events.until("script")
	assert.Equal(t, id, applied.data["message_id"])
	assert.NotContains(t, applied.data, "event_id")
	assert.WithinDuration(t, time.Now(), timeIn(t, applied.data), time.Minute)
	assert.Equal(t, []any{1.0, false}, []any{applied.data["hits"], applied.data["spent"]})

	sendTyping(t, srv, conversation.ChannelRCS)
	applied = events.until("script")
	assert.Equal(t, srv.SentEvents()[0].EventID, applied.data["event_id"])
	delete(applied.data, "event_id")
	delete(applied.data, "time")
	assert.Equal(t, r.list("scripts", "scripts")[0], applied.data, "as in GET")
}

// timeIn returns the time of an event of the stream.
func timeIn(t *testing.T, data jsonObject) time.Time {
	t.Helper()
	text, _ := data["time"].(string)
	at, err := time.Parse(time.RFC3339Nano, text)
	require.NoError(t, err)
	return at
}
