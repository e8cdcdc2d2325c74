package conversation_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// digits are numbers that a float64 changes.
const digits = `{"order":9007199254740993,"deep":[{"price":12345678901234567.10,"one":1.0}],"big":1e400}`

func TestNumbersOfFreeFormObjectsKeepTheirDigits(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		into any
		text string
	}{
		"an object":          {new(conversation.JSONObject), digits},
		"a conversation":     {new(conversation.Conversation), `{"metadata_json":` + digits + `}`},
		"a new conversation": {new(conversation.CreateConversationRequest), `{"metadata_json":` + digits + `}`},
		"an update":          {new(conversation.UpdateConversationRequest), `{"metadata_json":` + digits + `}`},
		"an event's payload": {new(conversation.AppEvent), `{"generic_event":{"payload":` + digits + `}}`},
		"a flow's data":      {new(conversation.FlowActionPayload), `{"data":` + digits + `}`},
		"a channel's event":  {new(conversation.ChannelEventDetails), `{"additional_data":` + digits + `}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, json.Unmarshal([]byte(tt.text), tt.into))
			written, err := json.Marshal(tt.into)
			require.NoError(t, err)
			for _, number := range []string{"9007199254740993", "12345678901234567.10", `"one":1.0`, "1e400"} {
				assert.Contains(t, string(written), number)
			}
		})
	}
}

func TestAnUpdateOfOneKeySendsTheOtherNumbersAsTheyCame(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(200, `{"id":"V","metadata_json":{"order":9007199254740993,"state":"new","fee":1.10}}`))
	read, err := client.Conversations.Get(t.Context(), "V")
	require.NoError(t, err)
	assert.Equal(t, json.Number("9007199254740993"), read.MetadataJSON["order"])
	read.MetadataJSON["state"] = "paid"
	_, err = client.Conversations.Update(t.Context(), "V", &conversation.UpdateConversationRequest{MetadataJSON: read.MetadataJSON})
	require.NoError(t, err)
	assert.Contains(t, server.requests()[1].body, `{"fee":1.10,"order":9007199254740993,"state":"paid"}`)
}

func TestNumbersOfAnUnknownReplyKeepTheirDigits(t *testing.T) {
	t.Parallel()
	client, _ := newTestClient(t, answerWith(200, `{"id":9007199254740993}`))
	var object map[string]any
	var anything any
	var structure struct{ ID any }
	for _, into := range []any{&object, &anything, &structure} {
		require.NoError(t, client.Do(t.Context(), http.MethodGet, "/x", nil, into))
	}
	assert.Equal(t, json.Number("9007199254740993"), object["id"])
	assert.Equal(t, map[string]any{"id": json.Number("9007199254740993")}, anything)
	assert.Equal(t, json.Number("9007199254740993"), structure.ID)
}

func TestAFreeFormObjectOfAnotherTypeFailsNoReply(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`"hush"`, `5`, `[]`, `true`, `null`} {
		client, _ := newTestClient(t, answerWith(200, `{"metadata_json":`+text+`,"id":"V"}`))
		read, err := client.Conversations.Get(t.Context(), "V")
		require.NoError(t, err)
		assert.Equal(t, &conversation.Conversation{ID: "V"}, read)
	}
}

// TestNoTypeHoldsAnythingButInAJSONObject searches all types of replies and requests for interfaces, whose numbers
// encoding/json rounds.
func TestNoTypeHoldsAnythingButInAJSONObject(t *testing.T) {
	t.Parallel()
	seen := map[reflect.Type]bool{reflect.TypeFor[conversation.JSONObject](): true, reflect.TypeFor[conversation.Time](): true}
	var search func(kind reflect.Type, at string)
	search = func(kind reflect.Type, at string) {
		if seen[kind] {
			return
		}
		seen[kind] = true
		switch kind.Kind() {
		case reflect.Interface:
			t.Errorf("%s is a %s", at, kind)
		case reflect.Pointer, reflect.Slice, reflect.Map:
			search(kind.Elem(), at)
		case reflect.Struct:
			for field := range kind.Fields() {
				search(field.Type, kind.Name()+"."+field.Name)
			}
		default:
		}
	}
	for name, reply := range replyTypes {
		search(reflect.TypeOf(reply()), name)
	}
	for _, request := range requestTypes {
		search(reflect.TypeOf(request), "")
	}
	assert.Greater(t, len(seen), 100)
}
