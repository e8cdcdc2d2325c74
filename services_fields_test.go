package conversation_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestTheSourceOfMessagesIsAnOptionOfTheCall(t *testing.T) {
	t.Parallel()
	for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
		for _, name := range []string{"Messages.Get", "Messages.Update", "Messages.Delete"} {
			call := everyCall()[name]
			client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(dialect))
			require.NoError(t, call(t.Context(), client))
			require.NoError(t, call(t.Context(), client, conversation.WithMessageSource(conversation.MessageSourceDispatch)))
			assert.NotContains(t, wire.requests()[0].url, "?")
			assert.Contains(t, wire.requests()[1].url, "/messages/m?messages_source=DISPATCH_SOURCE")
		}
	}
}

func TestTheSourceOfMessagesIsRejectedElsewhere(t *testing.T) {
	t.Parallel()
	client, wire := scripted(t, []step{{status: 200, body: anyReply}})
	source := conversation.WithMessageSource(conversation.MessageSourceDispatch)
	for _, name := range []string{"Messages.Send", "Messages.List", "Contacts.Get", "Apps.Delete"} {
		requireRefused(t, everyCall()[name](t.Context(), client, source), name, "WithMessageSource")
	}
	requireRefused(t, client.Do(t.Context(), "GET", "/v1/x", nil, nil, source), "Do", "WithMessageSource")
	requireRefused(t, client.Messages.Delete(t.Context(), "m", conversation.WithMessageSource("")), "Messages.Delete", "WithMessageSource")
	assert.Empty(t, wire.requests())
}

func TestTheMetadataStrategyIsSentToThePlatform(t *testing.T) {
	t.Parallel()
	update := func(ctx context.Context, c *conversation.Client) error {
		return fails(c.Conversations.Update(ctx, "v", &conversation.UpdateConversationRequest{
			MetadataJSON: map[string]any{}, MetadataUpdateStrategy: conversation.MetadataMergePatch,
		}))
	}
	client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(conversation.DialectPlatform))
	require.NoError(t, update(t.Context(), client))
	assert.Contains(t, wire.requests()[0].url, "/conversations/v?update_mask=metadata_json&metadata_update_strategy=MERGE_PATCH")
	assert.JSONEq(t, `{"metadata_json":{}}`, wire.requests()[0].body)

	client, wire = scripted(t, []step{{status: 200, body: anyReply}})
	require.NoError(t, update(t.Context(), client))
	assert.NotContains(t, wire.requests()[0].url, "?")
	assert.JSONEq(t, `{"metadata_json":{}}`, wire.requests()[0].body)

	client, _ = scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(conversation.DialectPlatform))
	_, err := client.Conversations.Update(t.Context(), "v", &conversation.UpdateConversationRequest{MetadataUpdateStrategy: conversation.MetadataReplace})
	requireRefused(t, err, "Conversations.Update", "req")
}

// TestEveryEventIsSent sends each kind of event, with all the fields that may be set beside it.
func TestEveryEventIsSent(t *testing.T) {
	t.Parallel()
	agent := conversation.Agent{DisplayName: "Ada", Type: conversation.AgentTypeHuman}
	for want, event := range map[string]conversation.AppEvent{
		`{"composing_event":{}}`:                                                 {ComposingEvent: &conversation.ComposingEvent{}},
		`{"composing_end_event":{}}`:                                             {ComposingEndEvent: &conversation.ComposingEndEvent{}},
		`{"comment_reply_event":{"text":"thanks"}}`:                              {CommentReplyEvent: &conversation.CommentReplyEvent{Text: "thanks"}},
		`{"generic_event":{"payload":{"kind":"tap"}}}`:                           {GenericEvent: &conversation.GenericEvent{Payload: map[string]any{"kind": "tap"}}},
		`{"agent_joined_event":{"agent":{"display_name":"Ada","type":"HUMAN"}}}`: {AgentJoinedEvent: &conversation.AgentJoinedEvent{Agent: agent}},
		`{"agent_left_event":{"agent":{"display_name":"Ada","type":"HUMAN"}}}`:   {AgentLeftEvent: &conversation.AgentLeftEvent{Agent: agent}},
	} {
		for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
			client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(dialect))
			require.NoError(t, fails(client.Events.Send(t.Context(), &conversation.SendEventRequest{
				AppID: "a", Recipient: conversation.ToContact("c"), Event: event, CallbackURL: "https://x.test", EventMetadata: "note",
				ChannelPriorityOrder: []conversation.Channel{conversation.ChannelRCS}, Queue: conversation.QueueHighPriority,
			})))
			assert.JSONEq(t, `{"app_id":"a","recipient":{"contact_id":"c"},"callback_url":"https://x.test","channel_priority_order":["RCS"],
				"event_metadata":"note","queue":"HIGH_PRIORITY","event":`+want+`}`, wire.requests()[0].body)
		}
	}
}

func TestAnAddressIsOneSegmentOfThePath(t *testing.T) {
	t.Parallel()
	client, wire := scripted(t, []step{{status: 200, body: anyReply}})
	require.NoError(t, fails(client.Consents.AuditRecords(t.Context(), "a", "+46/70?0:1")))
	require.NoError(t, fails(client.Consents.Identities(t.Context(), "a", "../x", nil)))
	assert.Equal(t, "https://eu.conversation.api.sinch.com/v1/projects/project/apps/a/consents/identities/+46%2F70%3F0%3A1", wire.requests()[0].url)
	assert.Equal(t, "https://eu.conversation.api.sinch.com/v1/projects/project/apps/a/consents/..%2Fx", wire.requests()[1].url)
}
