package conversation_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestAWebhookGetsTheAppOfTheCallInACopy(t *testing.T) {
	t.Parallel()
	for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
		client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(dialect))
		req := &conversation.CreateWebhookRequest{Target: "https://x.test", Triggers: []conversation.WebhookTrigger{"T"}}
		require.NoError(t, fails(client.Webhooks.Create(t.Context(), "app", req)))
		assert.Contains(t, wire.requests()[0].body, `"app_id":"app"`)
		assert.Equal(t, &conversation.CreateWebhookRequest{Target: "https://x.test", Triggers: []conversation.WebhookTrigger{"T"}}, req)
	}
}

func TestTheDialectsOfEachCallOnTheWire(t *testing.T) {
	t.Parallel()
	const api = "https://eu.conversation.api.sinch.com/v1/projects/project"
	for _, tt := range []struct {
		name                string
		call                callFunc
		openAPI, openAPIsay string
		platform, platSay   string
	}{
		{
			"a merge", everyCall()["Contacts.Merge"],
			"POST " + api + "/contacts:merge", `{"destination_id":"a","source_id":"b"}`,
			"POST " + api + "/contacts/a:merge", `{"source_id":"b"}`,
		},
		{
			"a merge with a strategy", func(ctx context.Context, c *conversation.Client, _ ...conversation.RequestOption) error {
				return fails(c.Contacts.Merge(ctx, &conversation.MergeContactsRequest{
					DestinationID: "a", SourceID: "b", Strategy: conversation.MergeStrategyMerge,
				}))
			},
			"POST " + api + "/contacts:merge", `{"destination_id":"a","source_id":"b","strategy":"MERGE"}`,
			"POST " + api + "/contacts/a:merge", `{"source_id":"b","strategy":"MERGE"}`,
		},
		{
			"a new webhook", everyCall()["Webhooks.Create"],
			"POST " + api + "/apps/a/webhooks", `{"app_id":"a","target":"https://example.com","triggers":["MESSAGE_INBOUND"]}`,
			"POST " + api + "/webhooks", `{"app_id":"a","target":"https://example.com","target_type":"HTTP","triggers":["MESSAGE_INBOUND"]}`,
		},
		{
			"a new conversation", everyCall()["Conversations.Create"],
			"POST " + api + "/conversations", `{"app_id":"a","contact_id":"c"}`,
			"POST " + api + "/conversations", `{"active":true,"app_id":"a","contact_id":"c"}`,
		},
		{
			"a new conversation that is not active", func(ctx context.Context, c *conversation.Client, _ ...conversation.RequestOption) error {
				return fails(c.Conversations.Create(ctx, &conversation.CreateConversationRequest{AppID: "a", ContactID: "c", Active: new(false)}))
			},
			"POST " + api + "/conversations", `{"active":false,"app_id":"a","contact_id":"c"}`,
			"POST " + api + "/conversations", `{"active":false,"app_id":"a","contact_id":"c"}`,
		},
		{
			"an update", everyCall()["Contacts.Update"],
			"PATCH " + api + "/contacts/c", `{"email":""}`,
			"PATCH " + api + "/contacts/c?update_mask=email", `{"email":""}`,
		},
		{
			"an update with a mask of its own", func(ctx context.Context, c *conversation.Client, _ ...conversation.RequestOption) error {
				return fails(c.Contacts.Update(ctx, "c", &conversation.UpdateContactRequest{Email: new("a@b.test"), UpdateMask: []string{"email", "display_name"}}))
			},
			"PATCH " + api + "/contacts/c", `{"email":"a@b.test"}`,
			"PATCH " + api + "/contacts/c?update_mask=email,display_name", `{"email":"a@b.test"}`,
		},
		{
			"a transcoding of a menu", func(ctx context.Context, c *conversation.Client, _ ...conversation.RequestOption) error {
				return fails(c.Transcoding.Transcode(ctx, &conversation.TranscodeRequest{
					AppID: "a", Channels: []conversation.Channel{"RCS"}, AppMessage: conversation.ListMenu("menu",
						conversation.ListSection{Title: "s", Items: []conversation.Choice{conversation.TextChoice("tea", "t")}}),
				}))
			},
			"POST " + api + "/messages:transcode",
			`{"app_id":"a","app_message":{"list_message":{"sections":[{"items":[{"postback_data":"t","text_message":{"text":"tea"}}],"title":"s"}],"title":"menu"}},"channels":["RCS"]}`,
			"POST " + api + "/messages:transcode",
			`{"app_id":"a","channels":["RCS"],"app_message":{"list_message":{"title":"menu","sections":[{"title":"s","items":[{"choice":{"title":"tea","postback_data":"t"}}]}]}}}`,
		},
		{
			"a capability query by identity", func(ctx context.Context, c *conversation.Client, _ ...conversation.RequestOption) error {
				return fails(c.Capability.Query(ctx, &conversation.CapabilityQueryRequest{
					AppID: "a", Recipient: conversation.ToChannels(conversation.ChannelIdentity{Channel: "LINE", Identity: "x", AppID: "a"}),
				}))
			},
			"POST " + api + "/capability:query",
			`{"app_id":"a","recipient":{"identified_by":{"channel_identities":[{"app_id":"a","channel":"LINE","identity":"x"}]}}}`,
			"POST " + api + "/capability:query",
			`{"app_id":"a","recipient":{"identified_by":{"channel_identities":[{"channel":"LINE","identity":"x"}]}}}`,
		},
		{
			"an event", everyCall()["Events.Send"],
			"POST " + api + "/events:send", `{"app_id":"a","event":{"composing_event":{}},"recipient":{"contact_id":"c"}}`,
			"POST " + api + "/events:send", `{"app_id":"a","event":{"composing_event":{}},"recipient":{"contact_id":"c"}}`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for dialect, want := range map[conversation.Dialect][2]string{
				conversation.DialectOpenAPI:  {tt.openAPI, tt.openAPIsay},
				conversation.DialectPlatform: {tt.platform, tt.platSay},
			} {
				client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(dialect))
				require.NoError(t, tt.call(t.Context(), client))
				seen := wire.requests()[0]
				assert.Equal(t, want[0], seen.method+" "+seen.url)
				assert.JSONEq(t, want[1], seen.body)
			}
		})
	}
}

func TestAnEventForAnIdentityGoesToThePlatform(t *testing.T) {
	t.Parallel()
	client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(conversation.DialectPlatform))
	require.NoError(t, fails(client.Events.Send(t.Context(), &conversation.SendEventRequest{
		AppID: "a", Recipient: conversation.ToChannel("SMS", "46700000001"), Event: conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}},
	})))
	assert.JSONEq(t, `{"app_id":"a","event":{"composing_event":{}},"recipient":{"identified_by":{"channel_identities":[{"channel":"SMS","identity":"46700000001"}]}}}`, wire.requests()[0].body)
}

func TestAnUpdateOfNothingIsRejectedOnThePlatform(t *testing.T) {
	t.Parallel()
	for name, mask := range map[string][]string{"nothing set": nil, "an empty mask": {}, "a mask with commas": {"a,b"}, "a mask with an empty name": {""}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(conversation.DialectPlatform))
			_, err := client.Apps.Update(t.Context(), "a", &conversation.UpdateAppRequest{UpdateMask: mask})
			_, ok := errors.AsType[*conversation.ArgumentError](err)
			assert.True(t, ok, "%v", err)
			assert.Empty(t, wire.requests())
		})
	}
}

func TestAnUnknownRouteNamesTheDialectToTry(t *testing.T) {
	t.Parallel()
	for _, status := range []int{404, 501} {
		for _, name := range []string{"Contacts.Merge", "Webhooks.Create"} {
			synctest.Test(t, func(t *testing.T) {
				call := everyCall()[name]
				client, _ := scripted(t, []step{{status: status}})
				require.ErrorContains(t, call(t.Context(), client), "WithDialect(DialectPlatform)")
				client, _ = scripted(t, []step{{status: status}}, conversation.WithDialect(conversation.DialectPlatform))
				require.ErrorContains(t, call(t.Context(), client), "WithDialect(DialectOpenAPI)")
			})
		}
	}
	client, _ := scripted(t, []step{{status: 404}})
	assert.NotContains(t, everyCall()["Contacts.Get"](t.Context(), client).Error(), "Dialect")
}
