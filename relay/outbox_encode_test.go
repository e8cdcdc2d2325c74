package relay_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
)

// wire returns a client of a server that accepts everything, and the bodies of the messages that it receives.
func wire(t *testing.T, dialect conversation.Dialect) (*conversation.Client, <-chan string) {
	t.Helper()
	bodies := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if !strings.HasSuffix(r.URL.Path, "messages:send") {
			http.NotFound(w, r)
			return
		}
		bodies <- string(body)
		_, _ = io.WriteString(w, `{"message_id":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}`)
	}))
	t.Cleanup(server.Close)
	client, err := conversation.NewClient("PROJECT", conversation.WithBasicAuth("KEY", "SECRET"), conversation.WithBaseURL(server.URL),
		conversation.WithDialect(dialect), conversation.WithoutLimitChecks())
	require.NoError(t, err)
	return client, bodies
}

// flow returns a message with free-form data.
func flow(data conversation.JSONObject) conversation.AppMessage {
	message := conversation.Text("Open the form.")
	message.ChannelSpecificMessage = map[conversation.Channel]conversation.ChannelSpecificMessage{
		conversation.ChannelWhatsApp: {Flows: &conversation.WhatsAppFlowMessage{Message: conversation.WhatsAppFlow{
			FlowID: "1", FlowToken: "t", FlowCTA: "Open", Header: &conversation.WhatsAppInteractiveHeader{Text: &conversation.WhatsAppInteractiveTextHeader{Text: "<&>"}},
			FlowActionPayload: &conversation.FlowActionPayload{Screen: "A", Data: data},
		}}},
	}
	return message
}

// unknownKind returns a message of a kind that the client does not know, or that is written as such.
func unknownKind(raw string) conversation.AppMessage {
	message := conversation.Text("Otherwise.")
	message.ChannelSpecificMessage = map[conversation.Channel]conversation.ChannelSpecificMessage{
		conversation.ChannelWhatsApp: {Unknown: json.RawMessage(raw)},
	}
	return message
}

func TestTheOutboxSendsTheBytesOfSend(t *testing.T) {
	t.Parallel()
	type entity struct {
		Z any     `json:"z"`
		A float64 `json:"a"`
	}
	messages := map[string]conversation.AppMessage{
		"text":            conversation.Text("Fish & <chips> \u2028 \\u003c \"quoted\" 🐟"),
		"large integers":  flow(conversation.JSONObject{"a": int64(math.MaxInt64), "b": uint64(math.MaxUint64), "c": int64(1<<53 + 1), "d": int64(-1 << 62)}),
		"numbers":         flow(conversation.JSONObject{"a": json.Number("1e400"), "b": json.Number("-0"), "c": json.Number("1.10"), "d": json.Number("123456789012345678901234567890")}),
		"floats":          flow(conversation.JSONObject{"a": 1e21, "b": 1e-7, "c": math.MaxFloat64, "d": 0.1, "e": float32(0.1), "f": math.Copysign(0, -1)}),
		"raw JSON":        flow(conversation.JSONObject{"z": json.RawMessage(` {"b": 1E400, "a": "\u003c<\u00e9", "a": [1.0, -0]} `)}),
		"nested":          flow(conversation.JSONObject{"a": map[string]any{"b": []any{json.Number("9007199254740993"), nil, true, map[string]any{}, []any{}}}}),
		"other types":     flow(conversation.JSONObject{"a": entity{Z: int64(1<<60 + 1), A: 1e21}, "b": [2]int64{1<<53 + 1}, "c": time.Unix(1, 5).UTC(), "d": []byte("x")}),
		"empty data":      flow(conversation.JSONObject{}),
		"no data":         flow(nil),
		"unknown kind":    unknownKind(`{"message_type":"NEW","b":12345678901234567890,"a":1e400}`),
		"a kind, as such": unknownKind(`{"message_type":"FLOWS","z":{"n":1e400},"message":{"flow_id":"<1>","new_field":9007199254740993}}`),
		"list":            conversation.ListMenu("Choose <one> & only", conversation.ListSection{Items: []conversation.Choice{{Item: &conversation.ChoiceItem{Title: "A", PostbackData: `{"n":9007199254740993}`}}}}),
		"location":        conversation.Location("Here", 1e-7, -179.99999999999997),
	}
	for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
		r := open(t)
		client, bodies := wire(t, dialect)
		work(t, r, client, relay.WithRates(1000, 1000))
		for name, content := range messages {
			req := &conversation.SendMessageRequest{
				AppID: "APP", Recipient: conversation.ToChannel(conversation.ChannelWhatsApp, "15551230000"), Message: content, CorrelationID: "of " + name,
				MessageMetadata: `{"n":9007199254740993}`, ConversationMetadata: ` {"z": 9007199254740993, "a": 1e400, "h": "<&>"} `, TTL: 315_576_000,
				ChannelProperties: map[conversation.ChannelPropertyKey]string{"b": "<", "a": "9007199254740993"},
			}
			sent := *req
			sent.MessageMetadata = `{"n":9007199254740993,"relay_id":"of ` + name + `"}`
			_, err := client.Messages.Send(t.Context(), &sent)
			require.NoError(t, err, name)
			want := <-bodies
			require.NoError(t, r.Outbox().Enqueue(t.Context(), req, relay.Entry{ID: "of " + name}), name)
			inState(t, r, "of "+name, relay.StateAccepted)
			assert.Equal(t, want, <-bodies, "%v: %s", dialect, name)
			require.NoError(t, r.Outbox().Enqueue(t.Context(), req, relay.Entry{ID: "of " + name}), "the same message again: %s", name)
		}
	}
}

func TestAMessageThatCannotBeDecodedIsRejected(t *testing.T) {
	t.Parallel()
	deep := json.RawMessage(strings.Repeat("[", 9_998) + strings.Repeat("]", 9_998))
	req := message("A")
	req.Message = flow(conversation.JSONObject{"a": deep})
	err := open(t).Outbox().Enqueue(t.Context(), req, relay.Entry{ID: "a"})
	require.NotNil(t, argumentOf(err, "request"), "%v", err)
}

func TestAnEntryOfAnEarlierVersionIsTheSameMessage(t *testing.T) {
	t.Parallel()
	r, js := engine(t)
	req := message("A")
	req.CorrelationID, req.Message = "old", conversation.Text("Fish & <chips>")
	stored, err := json.Marshal(req) // escapes HTML
	require.NoError(t, err)
	_, err = js.Publish(t.Context(), "sinch.outbox.entry.A.old", stored)
	require.NoError(t, err)
	require.NoError(t, r.Outbox().Enqueue(t.Context(), req, relay.Entry{ID: "old"}))
	req.Message = conversation.Text("Fish & <peas>")
	require.ErrorIs(t, r.Outbox().Enqueue(t.Context(), req, relay.Entry{ID: "old"}), relay.ErrIDTaken, fmt.Sprint(req))
}
