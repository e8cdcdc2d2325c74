package conversation_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// filtered is a list with its filters: the field at fault, or "" for none.
type filtered struct {
	field string
	list  func(ctx context.Context, c *conversation.Client) error
	all   func(ctx context.Context, c *conversation.Client) error
}

func messagesBy(field string, params conversation.ListMessagesParams) filtered {
	return filtered{
		field,
		func(ctx context.Context, c *conversation.Client) error { return fails(c.Messages.List(ctx, &params)) },
		func(ctx context.Context, c *conversation.Client) error {
			return lastError(c.Messages.All(ctx, &params))
		},
	}
}

func lastMessagesBy(field string, req conversation.LastMessagesRequest) filtered {
	return filtered{
		field,
		func(ctx context.Context, c *conversation.Client) error {
			return fails(c.Messages.LastMessages(ctx, &req))
		},
		func(ctx context.Context, c *conversation.Client) error {
			return lastError(c.Messages.AllLastMessages(ctx, &req))
		},
	}
}

func conversationsBy(field string, params *conversation.ListConversationsParams) filtered {
	return filtered{
		field,
		func(ctx context.Context, c *conversation.Client) error {
			return fails(c.Conversations.List(ctx, params))
		},
		func(ctx context.Context, c *conversation.Client) error {
			return lastError(c.Conversations.All(ctx, params))
		},
	}
}

func eventsBy(field string, params *conversation.ListEventsParams) filtered {
	return filtered{
		field,
		func(ctx context.Context, c *conversation.Client) error { return fails(c.Events.List(ctx, params)) },
		func(ctx context.Context, c *conversation.Client) error {
			return lastError(c.Events.All(ctx, params))
		},
	}
}

func TestThePlatformNeedsSomeFilters(t *testing.T) {
	t.Parallel()
	const stored, dispatched = conversation.MessageSourceConversation, conversation.MessageSourceDispatch
	for _, tt := range []filtered{
		messagesBy("", conversation.ListMessagesParams{}),
		messagesBy("", conversation.ListMessagesParams{AppID: "a", MessagesSource: dispatched}),
		messagesBy("", conversation.ListMessagesParams{ConversationID: "v", ContactID: "c", MessagesSource: stored}),
		messagesBy("conversation_id", conversation.ListMessagesParams{ConversationID: "v"}),
		messagesBy("conversation_id", conversation.ListMessagesParams{ConversationID: "v", MessagesSource: dispatched}),
		messagesBy("contact_id", conversation.ListMessagesParams{ContactID: "c"}),
		messagesBy("contact_id", conversation.ListMessagesParams{ContactID: "c", MessagesSource: "NEWER_SOURCE"}),
		lastMessagesBy("", conversation.LastMessagesRequest{ContactIDs: []string{"c"}}),
		lastMessagesBy("", conversation.LastMessagesRequest{ChannelIdentities: []string{"15551230000"}, MessagesSource: dispatched}),
		lastMessagesBy("contact_ids", conversation.LastMessagesRequest{ContactIDs: []string{"c"}, MessagesSource: dispatched}),
		lastMessagesBy("contact_ids", conversation.LastMessagesRequest{ContactIDs: []string{"c"}, ChannelIdentities: []string{"15551230000"}}),
		conversationsBy("", &conversation.ListConversationsParams{AppID: "a"}),
		conversationsBy("", &conversation.ListConversationsParams{ContactID: "c"}),
		conversationsBy("app_id", nil),
		conversationsBy("app_id", &conversation.ListConversationsParams{AppID: " ", OnlyActive: new(true)}),
		eventsBy("", &conversation.ListEventsParams{ConversationID: "v"}),
		eventsBy("", &conversation.ListEventsParams{ContactID: "c"}),
		eventsBy("conversation_id", nil),
	} {
		for _, call := range []func(context.Context, *conversation.Client) error{tt.list, tt.all} {
			client, wire := scripted(t, []step{{status: 200, body: `{}`}}, conversation.WithDialect(conversation.DialectPlatform), conversation.WithoutLimitChecks())
			err := call(t.Context(), client)
			if tt.field == "" {
				require.NoError(t, err)
				continue
			}
			var argument *conversation.ArgumentError
			require.ErrorAs(t, err, &argument)
			assert.Equal(t, tt.field, argument.Field)
			assert.Empty(t, wire.requests())

			client, _ = scripted(t, []step{{status: 200, body: `{}`}})
			require.NoError(t, call(t.Context(), client), "openapi.yaml has no such rule")
		}
	}
}

func TestTheSourceOfLastMessagesIsAlwaysSent(t *testing.T) {
	t.Parallel()
	for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
		client, wire := scripted(t, []step{{status: 200, body: `{}`}}, conversation.WithDialect(dialect))
		require.NoError(t, fails(client.Messages.LastMessages(t.Context(), nil)))
		req := &conversation.LastMessagesRequest{ContactIDs: []string{"c"}}
		require.NoError(t, fails(client.Messages.LastMessages(t.Context(), req)))
		require.NoError(t, fails(client.Messages.LastMessages(t.Context(), &conversation.LastMessagesRequest{MessagesSource: conversation.MessageSourceDispatch})))
		assert.JSONEq(t, `{"messages_source":"CONVERSATION_SOURCE"}`, wire.requests()[0].body)
		assert.JSONEq(t, `{"messages_source":"CONVERSATION_SOURCE","contact_ids":["c"]}`, wire.requests()[1].body)
		assert.JSONEq(t, `{"messages_source":"DISPATCH_SOURCE"}`, wire.requests()[2].body)
		assert.Empty(t, req.MessagesSource, "the caller's request stays as it was")
	}
}
