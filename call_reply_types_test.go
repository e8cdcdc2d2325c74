package conversation_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// TestAFieldOfAnotherTypeFailsNoReply has a field of another JSON type in each kind of place. The rest is read, and the log
// has the path of the field, never its value.
func TestAFieldOfAnotherTypeFailsNoReply(t *testing.T) {
	t.Parallel()
	for body, tt := range map[string]struct{ want, fields string }{
		`{"id":"C","display_name":{"hush":1},"email":"e"}`:      {`{"id":"C","email":"e"}`, `["display_name"]`},
		`{"id":"C","display_name":["hush"],"email":"e"}`:        {`{"id":"C","email":"e"}`, `["display_name"]`},
		`{"id":"C","display_name":true,"email":"e"}`:            {`{"id":"C","email":"e"}`, `["display_name"]`},
		`{"display_name":4670123,"id":"C"}`:                     {`{"id":"C","display_name":"4670123"}`, `["display_name"]`},
		`{"channel_identities":{"identity":"hush"},"id":"C"}`:   {`{"id":"C"}`, `["channel_identities"]`},
		`{"channel_identities":"hush","id":"C"}`:                {`{"id":"C"}`, `["channel_identities"]`},
		`{"channel_identities":["hush",{"app_id":5}],"id":"C"}`: {`{"id":"C","channel_identities":[{},{"app_id":"5"}]}`, `["channel_identities[0]","channel_identities[1].app_id"]`},
		`{"channel_priority":[1,"SMS",{}],"id":"C"}`:            {`{"id":"C","channel_priority":["1","SMS",""]}`, `["channel_priority[0]","channel_priority[2]"]`},
		`{"ID":"C","EMAIL":{"hush":1}}`:                         {`{"id":"C"}`, `["email"]`},
		`{"id":"C","new":{"hush":1},"email":null}`:              {`{"id":"C"}`, ``},
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			client, _ := newTestClient(t, answerWith(200, body), conversation.WithLogger(slog.New(slog.NewJSONHandler(&log, nil))))
			contact, err := client.Contacts.Get(t.Context(), "C")
			require.NoError(t, err)
			read, err := json.Marshal(contact)
			require.NoError(t, err)
			assert.JSONEq(t, tt.want, string(read))
			hides(t, log.String(), "hush", "4670123")
			if tt.fields == "" {
				assert.Empty(t, log.String())
				return
			}
			assert.Equal(t, 1, strings.Count(log.String(), "\n"), "%s", &log)
			assert.Contains(t, log.String(), `"level":"WARN"`)
			assert.Contains(t, log.String(), `"fields":`+tt.fields)
			assert.Contains(t, log.String(), `"operation":"Contacts.Get"`)
		})
	}
}

// TestAFieldOfAnotherTypeInsideAUnionFailsNoReply has the types that decode themselves: times, choices, menu items, and
// the unions of channels.
func TestAFieldOfAnotherTypeInsideAUnionFailsNoReply(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"accept_time":{"hush":1}}`:                         `["accept_time"]`,
		`{"accept_time":"hush"}`:                             `["accept_time"]`,
		`{"app_message":"hush"}`:                             `["app_message"]`,
		`{"app_message":{"text_message":{"text":["hush"]}}}`: `["app_message.text_message.text"]`,
		`{"app_message":{"card_message":{"choices":[{"text_message":{"text":"a"}},{"text_message":"hush"}]}}}`:                                                                     `["app_message.card_message.choices[1].text_message"]`,
		`{"app_message":{"list_message":{"sections":[{"items":["hush",{"choice":{"title":["hush"],"postback_data":{"a":1}}}]}]}}}`:                                                 `["app_message.list_message.sections[0].items[0]","app_message.list_message.sections[0].items[1].choice.title"]`,
		`{"app_message":{"channel_specific_message":{"KAKAOTALK":{"message_type":"COMMERCE","message":{"buttons":[{"type":"WL","name":{"hush":1}}]}}}}}`:                           `["app_message.channel_specific_message.*.message.buttons[0].name"]`,
		`{"app_message":{"channel_specific_message":{"KAKAOTALK":{"message_type":"COMMERCE","message":{"commerce":{"type":"REGULAR_PRICE_COMMERCE","regular_price":["hush"]}}}}}}`: `["app_message.channel_specific_message.*.message.commerce.regular_price"]`,
		`{"contact_message":{"choice_response_message":{"message_id":["hush"],"postback_data":{"a":1}}}}`:                                                                          `["contact_message.choice_response_message.message_id"]`,
		`{"contact_message":{"location_message":{"coordinates":{"latitude":"55.6","longitude":"hush"}}}}`:                                                                          `["contact_message.location_message.coordinates.latitude","contact_message.location_message.coordinates.longitude"]`,
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			body := strings.TrimSuffix(body, "}") + `,"id":"M"}`
			var log bytes.Buffer
			client, _ := newTestClient(t, answerWith(200, body), conversation.WithLogger(slog.New(slog.NewJSONHandler(&log, nil))))
			message, err := client.Messages.Get(t.Context(), "M")
			require.NoError(t, err)
			assert.Equal(t, "M", message.ID, "what follows")
			assert.Contains(t, log.String(), `"fields":`+want)
			hides(t, log.String(), "hush")
		})
	}
}

func TestAllGetsPastAFieldOfAnotherType(t *testing.T) {
	t.Parallel()
	client, _ := newTestClient(t, func(w http.ResponseWriter, req *http.Request) {
		page := `{"contacts":[{"id":"1","metadata":{}},{"id":"2","channel_priority":"SMS"}],"total_size":"4","next_page_token":7}`
		if req.URL.Query().Get("page_token") == "7" {
			page = `{"contacts":[{"id":3},{"id":"4"}],"total_size":4.0,"next_page_token":null}`
		}
		answerWith(200, page)(w, req)
	})
	var ids []string
	for contact, err := range client.Contacts.All(t.Context(), nil) {
		require.NoError(t, err)
		ids = append(ids, contact.ID)
	}
	assert.Equal(t, []string{"1", "2", "3", "4"}, ids)

	client, _ = newTestClient(t, answerWith(200, `{"conversations":[{"active":"true","id":"V"},{"active":"maybe"}],"total_size":"2"}`))
	page, err := client.Conversations.List(t.Context(), &conversation.ListConversationsParams{AppID: "A"})
	require.NoError(t, err)
	assert.Equal(t, 2, page.TotalSize)
	assert.True(t, page.Items[0].Active)
	assert.False(t, page.Items[1].Active)
}
