package conversation_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestSendPostsTheMessageAndReadsTheReply(t *testing.T) {
	t.Parallel()
	for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
		t.Run(dialect.String(), func(t *testing.T) {
			t.Parallel()
			client, server := newTestClient(t, answerWith(200, `{"message_id":"M","accepted_time":"2026-03-01T12:00:00Z","new_field":[1]}`),
				conversation.WithDialect(dialect))
			sent, err := client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
				AppID: "A", Recipient: conversation.ToContact("C"), Message: conversation.Text("Fish & <chips>"),
			})
			require.NoError(t, err)
			assert.Equal(t, "M", sent.MessageID)
			assert.Equal(t, time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), sent.AcceptedTime.Time)

			got := server.only(t)
			assert.Equal(t, http.MethodPost, got.method)
			assert.Equal(t, "/v1/projects/PROJECT/messages:send", got.uri)
			assert.Equal(t, "application/json", got.header.Get("Content-Type"))
			want := `{"app_id":"A","message":{"text_message":{"text":"Fish & <chips>"}},"recipient":{"contact_id":"C"}}`
			assert.Len(t, got.body, len(want), "no space and no line feed around it")
			assert.JSONEq(t, want, got.body)
			assert.Contains(t, got.body, "Fish & <chips>")
		})
	}
}

func TestListAsksForAPage(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		params *conversation.ListMessagesParams
		uri    string
	}{
		"nil params": {nil, "/v1/projects/PROJECT/messages"},
		"no filter":  {&conversation.ListMessagesParams{}, "/v1/projects/PROJECT/messages"},
		"all filters": {
			&conversation.ListMessagesParams{
				AppID: "A", ContactID: "C", ConversationID: "V", Channel: conversation.ChannelSMS, PageSize: 1000, PageToken: "T",
				MessagesSource: conversation.MessageSourceConversation,
			},
			"/v1/projects/PROJECT/messages?app_id=A&channel=SMS&contact_id=C&conversation_id=V&messages_source=CONVERSATION_SOURCE&page_size=1000&page_token=T",
		},
		"values to escape": {
			&conversation.ListMessagesParams{AppID: "a&b=c", ChannelIdentity: "ü /?#", PageToken: "T+/=="},
			"/v1/projects/PROJECT/messages?app_id=a%26b%3Dc&channel_identity=%C3%BC+%2F%3F%23&page_token=T%2B%2F%3D%3D",
		},
		"an unknown channel": {&conversation.ListMessagesParams{Channel: "PIGEON"}, "/v1/projects/PROJECT/messages?channel=PIGEON"},
	} {
		for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
			t.Run(name+", "+dialect.String(), func(t *testing.T) {
				t.Parallel()
				client, server := newTestClient(t, answerWith(200, `{"messages":[{"id":"1"},{"id":"2"}],"next_page_token":"N"}`), conversation.WithDialect(dialect))
				page, err := client.Messages.List(t.Context(), tt.params)
				require.NoError(t, err)
				assert.Equal(t, []conversation.ConversationMessage{{ID: "1"}, {ID: "2"}}, page.Items)
				assert.Equal(t, "N", page.NextPageToken)
				assert.True(t, page.HasNext())
				got := server.only(t)
				assert.Equal(t, http.MethodGet, got.method)
				assert.Equal(t, tt.uri, got.uri)
				assert.Empty(t, got.body)
				assert.NotContains(t, got.header, "Content-Type")
			})
		}
	}
}

func TestAListWithoutMessagesIsAnEmptyPage(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"messages":[]}`, `{"messages":null,"next_page_token":null}`, `{"next_page_token":""}`} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			client, _ := newTestClient(t, answerWith(200, body))
			page, err := client.Messages.List(t.Context(), nil)
			require.NoError(t, err)
			assert.Empty(t, page.Items)
			assert.False(t, page.HasNext())
		})
	}
}

func TestGetReadsAMessage(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(200, `{
		"id": "M", "direction": "TO_APP", "conversation_id": "V", "contact_id": "C", "metadata": "meta",
		"accept_time": "2026-03-01T12:00:00", "channel_identity": {"channel": "SMS", "identity": "46700000001", "app_id": ""},
		"contact_message": {"text_message": {"text": "hi"}}, "something_new": {"deep": [1, null]}
	}`))
	message, err := client.Messages.Get(t.Context(), "M")
	require.NoError(t, err)
	assert.Equal(t, &conversation.ConversationMessage{
		ID: "M", Direction: conversation.DirectionToApp, ConversationID: "V", ContactID: "C", Metadata: "meta",
		AcceptTime:      conversation.Time{Time: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)},
		ChannelIdentity: &conversation.ChannelIdentity{Channel: conversation.ChannelSMS, Identity: "46700000001"},
		ContactMessage:  &conversation.ContactMessage{TextMessage: &conversation.TextMessage{Text: "hi"}},
	}, message)
	got := server.only(t)
	assert.Equal(t, http.MethodGet, got.method)
	assert.Equal(t, "/v1/projects/PROJECT/messages/M", got.uri)
	assert.Empty(t, got.body)
}

func TestDeleteAcceptsAnyReplyThatIsNotAPage(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status int
		body   string
	}{
		"204":             {204, ""},
		"an empty 200":    {200, ""},
		"blanks":          {200, " \r\n"},
		"an empty object": {200, "{}"},
		"a value":         {200, `{"deleted":true}`},
		"202":             {202, "null"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server := newTestClient(t, answerWith(tt.status, tt.body))
			require.NoError(t, client.Messages.Delete(t.Context(), "M"))
			got := server.only(t)
			assert.Equal(t, http.MethodDelete, got.method)
			assert.Equal(t, "/v1/projects/PROJECT/messages/M", got.uri)
			assert.Empty(t, got.body)
			assert.Empty(t, got.header["Content-Type"])
		})
	}
}

func TestDeleteIsNotFooledByAPortal(t *testing.T) {
	t.Parallel()
	client, _ := newTestClient(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<html>Please log in</html>"))
	})
	err := client.Messages.Delete(t.Context(), "M")
	var failed *conversation.Error
	require.ErrorAs(t, err, &failed)
	assert.Equal(t, 200, failed.StatusCode)
	assert.ErrorContains(t, err, "HTML")
}

func TestACallersTransportIsUsed(t *testing.T) {
	t.Parallel()
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodPost, "https://br.conversation.api.sinch.com/v1/projects/PROJECT/messages:send",
		httpmock.NewStringResponder(200, `{"message_id":"M"}`))
	client, err := conversation.NewClient("PROJECT", conversation.WithBasicAuth("i", "s"),
		conversation.WithRegion(conversation.RegionBR), conversation.WithHTTPClient(&http.Client{Transport: mock}))
	require.NoError(t, err)
	sent, err := client.Messages.Send(t.Context(), textMessage())
	require.NoError(t, err)
	assert.Equal(t, "M", sent.MessageID)
	assert.Equal(t, 1, mock.GetTotalCallCount())
}
