package conversation_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

var requestBugs = []bug{
	{"dotnet_1.3.1_message_source_for_messages_source", queryNamesAreTheContracts},
	{"python_2.2.0_dates_are_sent_as_str", func(t *testing.T) {
		t.Helper()
		client, server := newTestClient(t, answerWith(200, anyReply))
		at := conversation.Time{Time: time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("", 3600))}
		require.NoError(t, client.Do(t.Context(), http.MethodPost, "/v1/x", map[string]any{"from": at}, nil))
		assert.JSONEq(t, `{"from":"2026-03-01T11:00:00Z"}`, server.only(t).body)
	}},
	{"python_2.2.0_clearing_and_leaving_are_the_same", func(t *testing.T) {
		t.Helper()
		client, server := newTestClient(t, answerWith(200, anyReply))
		_, err := client.Contacts.Update(t.Context(), "C", &conversation.UpdateContactRequest{Email: new(""), ChannelIdentities: []conversation.ChannelIdentity{}})
		require.NoError(t, err)
		assert.JSONEq(t, `{"email":"","channel_identities":[]}`, server.only(t).body, "the name, which is nil, is left as it is")
	}},
	{"node_1.2.0_read_only_fields_are_sent_on_update", noReadOnlyFieldIsSent},
	{"java_1.3.1_array_parameters_are_sent_as_one", func(t *testing.T) {
		t.Helper()
		client, server := newTestClient(t, answerWith(200, anyReply))
		query := url.Values{"channel": {"SMS", "RCS"}, "id": {"a,b", "c&d"}}
		require.NoError(t, client.Do(t.Context(), http.MethodGet, "/v1/x?"+query.Encode(), nil, nil))
		sent, err := url.Parse(server.only(t).uri)
		require.NoError(t, err)
		assert.Equal(t, query, sent.Query())

		client, server = newTestClient(t, answerWith(200, anyReply), conversation.WithDialect(conversation.DialectPlatform))
		_, err = client.Contacts.Update(t.Context(), "C", &conversation.UpdateContactRequest{Email: new("e"), DisplayName: new("d")})
		require.NoError(t, err)
		assert.Contains(t, server.only(t).uri, "?update_mask=display_name,email", "a field mask is one text")
	}},
}

// queryNamesAreTheContracts requires every name in a query to be a parameter of the operation in openapi.yaml.
func queryNamesAreTheContracts(t *testing.T) {
	t.Helper()
	doc := readContract(t, "openapi.yaml")
	client, server := newTestClient(t, answerWith(200, anyReply))
	_, err := client.Messages.List(t.Context(), &conversation.ListMessagesParams{
		AppID: "A", Channel: "SMS", ContactID: "C", ConversationID: "V", PageSize: 1, PageToken: "T",
	})
	require.NoError(t, err)
	_, err = client.Contacts.List(t.Context(), &conversation.ListContactsParams{PageSize: 1, PageToken: "T"})
	require.NoError(t, err)
	_, err = client.Conversations.List(t.Context(), &conversation.ListConversationsParams{
		AppID: "A", ContactID: "C", OnlyActive: new(true), PageSize: 1, PageToken: "T",
	})
	require.NoError(t, err)
	for _, request := range server.requests() {
		sent, err := url.Parse(request.uri)
		require.NoError(t, err)
		var known []string
		for _, parameter := range doc.operation(request.method, sent.EscapedPath()).Parameters {
			if parameter.In == "query" {
				known = append(known, parameter.Name)
			}
		}
		slices.Sort(known)
		var names []string
		for name := range sent.Query() {
			names = append(names, name)
		}
		slices.Sort(names)
		assert.Equal(t, known, names, "each parameter is sent, by its name")
	}
}

// noReadOnlyFieldIsSent reads things, changes what can be changed in them, and looks for more than that on the wire.
func noReadOnlyFieldIsSent(t *testing.T) {
	t.Helper()
	doc := readContract(t, "conversationtest/internal/contract/effective.yaml")
	client, server := newTestClient(t, answerWith(200, `{"id":"I","app_id":"A","contact_id":"C","last_received":"2026-03-01T12:00:00Z"}`))
	_, err := client.Contacts.Update(t.Context(), "C", &conversation.UpdateContactRequest{DisplayName: new("Ada")})
	require.NoError(t, err)
	_, err = client.Conversations.Update(t.Context(), "V", &conversation.UpdateConversationRequest{Active: new(true)})
	require.NoError(t, err)
	_, err = client.Apps.Update(t.Context(), "A", &conversation.UpdateAppRequest{DisplayName: new("Shop")})
	require.NoError(t, err)
	_, err = client.Webhooks.Update(t.Context(), "W", &conversation.UpdateWebhookRequest{Target: new("https://x.test")})
	require.NoError(t, err)
	want := []string{`{"display_name":"Ada"}`, `{"active":true}`, `{"display_name":"Shop"}`, `{"target":"https://x.test"}`}
	for i, request := range server.requests() {
		assert.JSONEq(t, want[i], request.body)
	}
	for name, request := range map[string]any{
		"UpdateContactRequest": conversation.UpdateContactRequest{
			ChannelIdentities: []conversation.ChannelIdentity{}, DisplayName: new(""), Email: new(""), ExternalID: new(""), Language: new(conversation.ContactLanguage("")), Metadata: new(""),
		},
		"UpdateConversationRequest": conversation.UpdateConversationRequest{Active: new(true), ActiveChannel: new(conversation.ChannelSMS), Metadata: new("")},
		"UpdateAppRequest":          conversation.UpdateAppRequest{ChannelCredentials: []conversation.ChannelCredential{}, DisplayName: new("")},
	} {
		encoded, err := json.Marshal(request)
		require.NoError(t, err)
		var fields map[string]any
		require.NoError(t, json.Unmarshal(encoded, &fields))
		for field := range fields {
			assert.Contains(t, doc.Components.Schemas[name].Properties, field)
			assert.NotContains(t, []string{"id", "app_id", "contact_id", "last_received", "create_time"}, field)
		}
	}
}
