package conversation_test

import (
	"context"
	"iter"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestEveryListSendsItsFiltersOnEveryPage(t *testing.T) {
	t.Parallel()
	const api = "https://eu.conversation.api.sinch.com/v1/projects/project/"
	for _, tt := range []struct {
		name, field, query string
		all                func(ctx context.Context, c *conversation.Client) (int, error)
	}{
		{
			"messages", "messages", "messages?app_id=a&channel=SMS&channel_identity=1555&contact_id=c&conversation_id=v&direction=TO_APP" +
				"&end_time=2026-03-02T00%3A00%3A00Z&messages_source=DISPATCH_SOURCE&only_recipient_originated=false&page_size=2" +
				"&start_time=2026-03-01T10%3A30%3A00.5Z&view=WITHOUT_METADATA&page_token=",
			func(ctx context.Context, c *conversation.Client) (int, error) {
				return counted(c.Messages.All(ctx, &conversation.ListMessagesParams{
					AppID: "a", Channel: conversation.ChannelSMS, ContactID: "c", ConversationID: "v", PageSize: 2, PageToken: "1",
					ChannelIdentity: "1555", Direction: conversation.DirectionToApp, MessagesSource: conversation.MessageSourceDispatch,
					StartTime: conversation.NewTime(time.Date(2026, 3, 1, 12, 30, 0, 5e8, time.FixedZone("", 2*60*60))),
					EndTime:   conversation.NewTime(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)),
					View:      conversation.ViewWithoutMetadata, OnlyRecipientOriginated: new(false),
				}))
			},
		},
		{"contacts", "contacts", "contacts?channel=SMS&external_id=crm-1&identity=1555&page_size=2&page_token=", func(ctx context.Context, c *conversation.Client) (int, error) {
			return counted(c.Contacts.All(ctx, &conversation.ListContactsParams{
				Channel: conversation.ChannelSMS, ExternalID: "crm-1", Identity: "1555", PageSize: 2, PageToken: "1",
			}))
		}},
		{"conversations", "conversations", "conversations?active_channel=RCS&app_id=a&contact_id=c&only_active=false&page_size=2&page_token=", func(ctx context.Context, c *conversation.Client) (int, error) {
			return counted(c.Conversations.All(ctx, &conversation.ListConversationsParams{
				ActiveChannel: conversation.ChannelRCS, AppID: "a", ContactID: "c", OnlyActive: new(false), PageSize: 2, PageToken: "1",
			}))
		}},
		{"recent conversations", "conversations", "conversations:recent?app_id=a&only_active=true&order=ASC&page_size=2&page_token=", func(ctx context.Context, c *conversation.Client) (int, error) {
			return counted(c.Conversations.AllRecent(ctx, &conversation.ListRecentConversationsParams{
				AppID: "a", OnlyActive: new(true), Order: conversation.SortAscending, PageSize: 2, PageToken: "1",
			}))
		}},
		{"identity conflicts", "conflicts", "contacts:identityConflicts?page_size=2&page_token=", func(ctx context.Context, c *conversation.Client) (int, error) {
			return counted(c.Contacts.AllIdentityConflicts(ctx, &conversation.ListIdentityConflictsParams{PageSize: 2, PageToken: "1"}))
		}},
		{"events", "events", "events?contact_id=c&conversation_id=v&page_size=2&page_token=", func(ctx context.Context, c *conversation.Client) (int, error) {
			return counted(c.Events.All(ctx, &conversation.ListEventsParams{ContactID: "c", ConversationID: "v", PageSize: 2, PageToken: "1"}))
		}},
		{"consents", "identities", "apps/a/consents/OPT_OUT_ALL?page_size=2&page_token=", func(ctx context.Context, c *conversation.Client) (int, error) {
			return counted(c.Consents.AllIdentities(ctx, "a", conversation.ConsentsOptOutAll, &conversation.ListConsentIdentitiesParams{PageSize: 2, PageToken: "1"}))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client, wire := scripted(t, []step{
				{status: 200, body: `{"` + tt.field + `":[{"id":"1"},{"id":"2"}],"next_page_token":"2"}`},
				{status: 200, body: `{"` + tt.field + `":[{"id":"3"}]}`},
			})
			items, err := tt.all(t.Context(), client)
			require.NoError(t, err)
			assert.Equal(t, 3, items)
			seen := wire.requests()
			require.Len(t, seen, 2)
			for i, token := range []string{"1", "2"} {
				want, err := url.Parse(api + tt.query + token)
				require.NoError(t, err)
				sent, err := url.Parse(seen[i].url)
				require.NoError(t, err)
				assert.Equal(t, want.Path, sent.Path)
				assert.Equal(t, want.Query(), sent.Query())
			}
		})
	}
}

func counted[T any](items iter.Seq2[*T, error]) (int, error) {
	count := 0
	for _, err := range items {
		if err != nil {
			return count, err
		}
		count++
	}
	return count, nil
}

func TestAPageTellsHowManyConversationsThereAre(t *testing.T) {
	t.Parallel()
	client, _ := scripted(t, []step{{status: 200, body: `{"conversations":[{"id":"1"}],"total_size":7}`}})
	page, err := client.Conversations.List(t.Context(), nil)
	require.NoError(t, err)
	assert.Equal(t, 7, page.TotalSize)
}

func TestTheTokenOfLastMessagesTravelsInTheBody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, wire := scripted(t, []step{
			{status: 503},
			{status: 200, body: `{"messages":[{"id":"1"},{"id":"2"}],"next_page_token":"2"}`},
			{status: 200, body: `{"messages":[{"id":"3"}]}`},
		})
		req := &conversation.LastMessagesRequest{
			AppID: "a", Channel: "SMS", ChannelIdentities: []string{"1555"}, ContactIDs: []string{"c"}, Direction: "TO_APP",
			MessagesSource: conversation.MessageSourceConversation, PageSize: 2, PageToken: "1", View: conversation.ViewWithMetadata,
			StartTime: conversation.NewTime(time.Unix(0, 0)), EndTime: conversation.NewTime(time.Unix(60, 0)),
		}
		before := *req
		items, err := counted(client.Messages.AllLastMessages(t.Context(), req))
		require.NoError(t, err)
		assert.Equal(t, 3, items)
		assert.Equal(t, before, *req, "the caller's request stays as it was")
		seen := wire.requests()
		require.Len(t, seen, 3, "a read is retried")
		for i, token := range []string{"1", "1", "2"} {
			assert.Equal(t, "POST https://eu.conversation.api.sinch.com/v1/projects/project/messages:fetch-last-message", seen[i].method+" "+seen[i].url)
			assert.JSONEq(t, `{"app_id":"a","channel":"SMS","channel_identities":["1555"],"contact_ids":["c"],"direction":"TO_APP",
				"messages_source":"CONVERSATION_SOURCE","page_size":2,"page_token":"`+token+`","view":"WITH_METADATA",
				"start_time":"1970-01-01T00:00:00Z","end_time":"1970-01-01T00:01:00Z"}`, seen[i].body)
		}
	})
}

// TestAListThatCannotBeAskedForIsRejected looks at one page and at all of them: the latter tell of the page that failed.
func TestAListThatCannotBeAskedForIsRejected(t *testing.T) {
	t.Parallel()
	type (
		ctx    = context.Context
		client = *conversation.Client
	)
	for _, tt := range []struct {
		operation, field string
		page             func(x ctx, c client) error
		all              func(x ctx, c client) (int, error)
	}{
		{
			"Conversations.Recent", "app_id",
			func(x ctx, c client) error { return fails(c.Conversations.Recent(x, nil)) },
			func(x ctx, c client) (int, error) { return counted(c.Conversations.AllRecent(x, nil)) },
		},
		{
			"Messages.LastMessages", "page_size",
			func(x ctx, c client) error {
				return fails(c.Messages.LastMessages(x, &conversation.LastMessagesRequest{PageSize: -1}))
			},
			func(x ctx, c client) (int, error) {
				return counted(c.Messages.AllLastMessages(x, &conversation.LastMessagesRequest{PageSize: -1}))
			},
		},
		{
			"Contacts.IdentityConflicts", "page_size",
			func(x ctx, c client) error {
				return fails(c.Contacts.IdentityConflicts(x, &conversation.ListIdentityConflictsParams{PageSize: -1}))
			},
			func(x ctx, c client) (int, error) {
				return counted(c.Contacts.AllIdentityConflicts(x, &conversation.ListIdentityConflictsParams{PageSize: -1}))
			},
		},
		{
			"Events.List", "page_size",
			func(x ctx, c client) error {
				return fails(c.Events.List(x, &conversation.ListEventsParams{PageSize: -1}))
			},
			func(x ctx, c client) (int, error) {
				return counted(c.Events.All(x, &conversation.ListEventsParams{PageSize: -1}))
			},
		},
		{
			"Consents.Identities", "list_type",
			func(x ctx, c client) error { return fails(c.Consents.Identities(x, "a", "..", nil)) },
			func(x ctx, c client) (int, error) { return counted(c.Consents.AllIdentities(x, "a", "", nil)) },
		},
	} {
		t.Run(tt.operation, func(t *testing.T) {
			t.Parallel()
			client, wire := scripted(t, []step{{status: 200, body: anyReply}})
			requireRefused(t, tt.page(t.Context(), client), tt.operation, tt.field)
			_, err := tt.all(t.Context(), client)
			requireRefused(t, err, tt.operation, tt.field)
			var failed *conversation.PageError
			require.ErrorAs(t, err, &failed)
			assert.Empty(t, wire.requests())
		})
	}
}
