package conversation_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// limitCase is a limit: a call with something of size n in it.
type limitCase struct {
	operation, field string
	least, most      int // sizes that are accepted; a size of 0 is an unset field, which is accepted too
	call             func(x context.Context, c *conversation.Client, n int) error
}

func TestTheLimitsOfThePlatform(t *testing.T) {
	t.Parallel()
	for _, tt := range slices.Concat(requestLimits(), messageLimits(), channelLimits()) {
		t.Run(tt.operation+" "+tt.field, func(t *testing.T) {
			t.Parallel()
			sent := func(n int, opts ...conversation.Option) (requests int, err error) {
				client, wire := scripted(t, []step{{status: 200, body: anyReply}}, opts...)
				err = tt.call(t.Context(), client, n)
				return len(wire.requests()), err
			}
			platform := conversation.WithDialect(conversation.DialectPlatform)
			for _, n := range []int{tt.least, tt.most} {
				_, err := sent(n, platform)
				require.NoError(t, err, n)
			}
			var outside []int
			if tt.most < math.MaxInt { // No int of a 32-bit system is above the limit of a TTL.
				outside = append(outside, tt.most+1)
			}
			if tt.least != 1 {
				outside = append(outside, tt.least-1)
			}
			for _, n := range outside {
				requests, err := sent(n, platform)
				requireRefused(t, err, tt.operation, tt.field)
				require.ErrorContains(t, err, "WithoutLimitChecks")
				hides(t, err.Error(), "ü")
				assert.Zero(t, requests)

				requests, err = sent(n, platform, conversation.WithoutLimitChecks())
				require.NoError(t, err, "the check is turned off")
				assert.Equal(t, 1, requests)
				_, err = sent(n)
				require.NoError(t, err, "openapi.yaml states no limits")
			}
		})
	}
}

// long returns a string of n characters, each of two bytes.
func long(n int) string { return strings.Repeat("ü", n) }

// object is a JSON object of n characters.
func object(n int) map[string]any { return map[string]any{"k": long(n - len(`{"k":""}`))} }

func requestLimits() []limitCase {
	type (
		ctx    = context.Context
		client = *conversation.Client
	)
	send := func(field string, least, most int, set func(req *conversation.SendMessageRequest, n int)) limitCase {
		return limitCase{"Messages.Send", field, least, most, func(x ctx, c client, n int) error {
			req := textMessage()
			set(req, n)
			return fails(c.Messages.Send(x, req))
		}}
	}
	inject := func(field string, most int, set func(req *conversation.InjectMessageRequest, n int)) limitCase {
		return limitCase{"Conversations.InjectMessage", field, 1, most, func(x ctx, c client, n int) error {
			req := injectedMessage()
			set(req, n)
			return c.Conversations.InjectMessage(x, "v", req)
		}}
	}
	newThread := func(field string, most int, set func(req *conversation.CreateConversationRequest, n int)) limitCase {
		return limitCase{"Conversations.Create", field, 10, most, func(x ctx, c client, n int) error {
			req := &conversation.CreateConversationRequest{AppID: "a", ContactID: "c"}
			set(req, n)
			return fails(c.Conversations.Create(x, req))
		}}.from(1)
	}
	thread := func(field string, most int, set func(req *conversation.UpdateConversationRequest, n int)) limitCase {
		return limitCase{"Conversations.Update", field, 10, most, func(x ctx, c client, n int) error {
			req := &conversation.UpdateConversationRequest{Active: new(true)}
			set(req, n)
			return fails(c.Conversations.Update(x, "v", req))
		}}.from(1)
	}
	app := func(field string, least, most int, set func(req *conversation.UpdateAppRequest, n int)) []limitCase {
		updated := func(n int) *conversation.UpdateAppRequest {
			req := &conversation.UpdateAppRequest{DisplayName: new("shop")}
			set(req, n)
			return req
		}
		return []limitCase{
			{"Apps.Update", field, least, most, func(x ctx, c client, n int) error { return fails(c.Apps.Update(x, "a", updated(n))) }},
			{"Apps.Create", field, least, most, func(x ctx, c client, n int) error {
				from := updated(n)
				return fails(c.Apps.Create(x, &conversation.CreateAppRequest{
					DisplayName: "shop", ChannelCredentials: from.ChannelCredentials, RetentionPolicy: from.RetentionPolicy,
					DispatchRetentionPolicy: from.DispatchRetentionPolicy, MessageRetrySettings: from.MessageRetrySettings,
					DeliveryReportBasedFallback: from.DeliveryReportBasedFallback,
				}))
			}},
		}
	}
	hook := func(field string, most int, set func(req *conversation.UpdateWebhookRequest, n int)) []limitCase {
		updated := func(n int) *conversation.UpdateWebhookRequest {
			req := &conversation.UpdateWebhookRequest{Target: new("https://x.test")}
			set(req, n)
			return req
		}
		return []limitCase{
			{"Webhooks.Update", field, 1, most, func(x ctx, c client, n int) error { return fails(c.Webhooks.Update(x, "w", updated(n))) }},
			{"Webhooks.Create", field, 1, most, func(x ctx, c client, n int) error {
				return fails(c.Webhooks.Create(x, "a", &conversation.CreateWebhookRequest{
					Target: *updated(n).Target, Triggers: []conversation.WebhookTrigger{"T"}, ClientCredentials: updated(n).ClientCredentials,
				}))
			}},
		}
	}
	credential := func(change func(*conversation.ChannelCredential)) []conversation.ChannelCredential {
		made := conversation.ChannelCredential{Channel: "MESSENGER", StaticToken: &conversation.StaticToken{Token: "t"}}
		change(&made)
		return []conversation.ChannelCredential{made}
	}
	page := func(operation string, most int, call func(x ctx, c client, n int) error) limitCase {
		return limitCase{operation, "page_size", 1, most, call}
	}

	cases := []limitCase{
		send("ttl", 3, min(315576000000, math.MaxInt), func(r *conversation.SendMessageRequest, n int) { r.TTL = n }),
		send("message_metadata", 1, 1024, func(r *conversation.SendMessageRequest, n int) { r.MessageMetadata = long(n) }),
		send("correlation_id", 1, 128, func(r *conversation.SendMessageRequest, n int) { r.CorrelationID = long(n) }),
		send("conversation_metadata", 10, 2048, func(r *conversation.SendMessageRequest, n int) {
			r.ConversationMetadata = ` { "k": "` + long(n-len(`{"k":""}`)) + `" } ` // White space is not sent.
		}).from(1),
		send("channel_properties.SMS_SENDER", 1, 1024, func(r *conversation.SendMessageRequest, n int) {
			r.ChannelProperties = map[conversation.ChannelPropertyKey]string{conversation.PropertySMSSender: long(n)}
		}),
		{"Messages.Update", "metadata", 1, 1024, func(x ctx, c client, n int) error {
			return fails(c.Messages.Update(x, "m", &conversation.UpdateMessageRequest{Metadata: long(n)}))
		}},
		{"Contacts.Create", "metadata", 1, 1024, func(x ctx, c client, n int) error {
			return fails(c.Contacts.Create(x, &conversation.CreateContactRequest{
				ChannelIdentities: []conversation.ChannelIdentity{{Channel: "SMS", Identity: "46700000001"}}, Metadata: long(n),
			}))
		}},
		{"Contacts.Update", "metadata", 1, 1024, func(x ctx, c client, n int) error {
			return fails(c.Contacts.Update(x, "c", &conversation.UpdateContactRequest{Metadata: new(long(n))}))
		}},
		newThread("metadata", 1024, func(r *conversation.CreateConversationRequest, n int) { r.Metadata = long(n) }),
		newThread("metadata_json", 2048, func(r *conversation.CreateConversationRequest, n int) { r.MetadataJSON = object(n) }),
		newThread("correlation_id", 128, func(r *conversation.CreateConversationRequest, n int) { r.CorrelationID = long(n) }),
		thread("metadata", 1024, func(r *conversation.UpdateConversationRequest, n int) { r.Metadata = new(long(n)) }),
		thread("metadata_json", 2048, func(r *conversation.UpdateConversationRequest, n int) { r.MetadataJSON = object(n) }),
		thread("correlation_id", 128, func(r *conversation.UpdateConversationRequest, n int) { r.CorrelationID = new(long(n)) }),
		inject("metadata", 1024, func(r *conversation.InjectMessageRequest, n int) { r.Metadata = long(n) }),

		page("Messages.List", 1000, func(x ctx, c client, n int) error {
			return fails(c.Messages.List(x, &conversation.ListMessagesParams{PageSize: n}))
		}),
		page("Messages.LastMessages", 1000, func(x ctx, c client, n int) error {
			return fails(c.Messages.LastMessages(x, &conversation.LastMessagesRequest{PageSize: n}))
		}),
		page("Contacts.List", 20, func(x ctx, c client, n int) error {
			return fails(c.Contacts.List(x, &conversation.ListContactsParams{PageSize: n}))
		}),
		page("Contacts.IdentityConflicts", 20, func(x ctx, c client, n int) error {
			return fails(c.Contacts.IdentityConflicts(x, &conversation.ListIdentityConflictsParams{PageSize: n}))
		}),
		page("Conversations.List", 20, func(x ctx, c client, n int) error {
			return fails(c.Conversations.List(x, &conversation.ListConversationsParams{AppID: "a", PageSize: n}))
		}),
		page("Conversations.Recent", 50, func(x ctx, c client, n int) error {
			return fails(c.Conversations.Recent(x, &conversation.ListRecentConversationsParams{AppID: "a", PageSize: n}))
		}),
		page("Events.List", 20, func(x ctx, c client, n int) error {
			return fails(c.Events.List(x, &conversation.ListEventsParams{ContactID: "c", PageSize: n}))
		}),
		page("Consents.Identities", 50, func(x ctx, c client, n int) error {
			return fails(c.Consents.Identities(x, "a", "L", &conversation.ListConsentIdentitiesParams{PageSize: n}))
		}),
	}
	for _, both := range [][]limitCase{
		app("channel_credentials[0].callback_secret", 1, 256, func(r *conversation.UpdateAppRequest, n int) {
			r.ChannelCredentials = credential(func(c *conversation.ChannelCredential) { c.CallbackSecret = long(n) })
		}),
		app("channel_credentials[0].credential_ordinal_number", 0, 255, func(r *conversation.UpdateAppRequest, n int) {
			r.ChannelCredentials = credential(func(c *conversation.ChannelCredential) { c.CredentialOrdinalNumber = &n })
		}),
		app("retention_policy.ttl_days", 1, 3650, func(r *conversation.UpdateAppRequest, n int) {
			r.RetentionPolicy = &conversation.RetentionPolicy{TTLDays: n}
		}),
		app("dispatch_retention_policy.ttl_days", 0, 7, func(r *conversation.UpdateAppRequest, n int) {
			r.DispatchRetentionPolicy = &conversation.DispatchRetentionPolicy{TTLDays: n}
		}),
		app("message_retry_settings.retry_duration", 30, 3600, func(r *conversation.UpdateAppRequest, n int) {
			r.MessageRetrySettings = &conversation.MessageRetrySettings{RetryDuration: n}
		}),
		app("delivery_report_based_fallback.delivery_report_waiting_time", 10, 259200, func(r *conversation.UpdateAppRequest, n int) {
			r.DeliveryReportBasedFallback = &conversation.DeliveryReportBasedFallback{DeliveryReportWaitingTime: n}
		}),
		hook("target", 742, func(r *conversation.UpdateWebhookRequest, n int) {
			const before = "https://x.test/"
			r.Target = new(before + long(max(0, n-len(before))))
		}),
		hook("client_credentials.scope", 1024, func(r *conversation.UpdateWebhookRequest, n int) {
			r.ClientCredentials = &conversation.ClientCredentials{Scope: long(n)}
		}),
		hook("client_credentials.response_type", 64, func(r *conversation.UpdateWebhookRequest, n int) {
			r.ClientCredentials = &conversation.ClientCredentials{ResponseType: long(n)}
		}),
	} {
		cases = append(cases, both...)
	}
	return cases
}

// from returns the case without a size that is too small. Its call gets at least the smallest size that it needs.
func (c limitCase) from(least int) limitCase {
	call := c.call
	smallest := c.least
	c.least = least
	c.call = func(x context.Context, client *conversation.Client, n int) error {
		return call(x, client, max(n, smallest))
	}
	return c
}

func TestInjectedThingsLieInThePastAndNotTooFarBack(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for name, tt := range map[string]struct {
		ago      time.Duration
		accepted bool
	}{
		"an hour ago":                   {time.Hour, true},
		"now, by a clock that is ahead": {-4 * time.Minute, true},
		"in the future":                 {-6 * time.Minute, false},
		"30 days ago":                   {30 * day, true},
		"more than 30 days ago":         {30*day + 6*time.Minute, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				at := conversation.NewTime(time.Now().Add(-tt.ago))
				message, event := injectedMessage(), injectedEvent()
				message.AcceptTime, event.AcceptTime = at, at
				inject := func(opts ...conversation.Option) (messageErr, eventErr error) {
					client, _ := scripted(t, []step{{status: 200, body: anyReply}}, opts...)
					return client.Conversations.InjectMessage(t.Context(), "v", message), fails(client.Conversations.InjectEvent(t.Context(), "v", event))
				}
				platform := conversation.WithDialect(conversation.DialectPlatform)
				messageErr, eventErr := inject(platform)
				if tt.accepted {
					require.NoError(t, messageErr)
					require.NoError(t, eventErr)
					return
				}
				requireRefused(t, messageErr, "Conversations.InjectMessage", "accept_time")
				requireRefused(t, eventErr, "Conversations.InjectEvent", "accept_time")
				for _, opts := range [][]conversation.Option{{platform, conversation.WithoutLimitChecks()}, nil} {
					messageErr, eventErr = inject(opts...)
					require.NoError(t, messageErr)
					require.NoError(t, eventErr)
				}
			})
		})
	}
}

func TestALimitLeavesTheResponseAsItIs(t *testing.T) {
	t.Parallel()
	client, _ := scripted(t, nil, conversation.WithDialect(conversation.DialectPlatform))
	response := conversation.Response{StatusCode: 200}
	_, err := client.Messages.Update(t.Context(), "m", &conversation.UpdateMessageRequest{Metadata: long(1025)}, conversation.WithResponse(&response))
	requireRefused(t, err, "Messages.Update", "metadata")
	assert.Equal(t, 200, response.StatusCode)
}
