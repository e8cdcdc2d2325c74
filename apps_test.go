package conversation_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestAChannelHasOneCredentialOnThePlatform(t *testing.T) {
	t.Parallel()
	token := &conversation.StaticToken{Token: "hush"}
	pair := &conversation.LineEnterpriseCredentialsPair{Token: "hush", Secret: "hush"}
	for name, tt := range map[string]struct {
		credential conversation.ChannelCredential
		field      string // empty: it is taken
	}{
		"one": {conversation.ChannelCredential{Channel: "MESSENGER", StaticToken: token}, ""},
		"one of a kind that openapi.yaml lacks": {
			conversation.ChannelCredential{Channel: "TELEGRAM", TelegramCredentials: &conversation.TelegramCredentials{Token: "hush"}}, "",
		},
		"none":       {conversation.ChannelCredential{Channel: "MESSENGER"}, "channel_credentials[1]"},
		"no channel": {conversation.ChannelCredential{StaticToken: token}, "channel_credentials[1].channel"},
		"two": {
			conversation.ChannelCredential{Channel: "MESSENGER", StaticToken: token, StaticBearer: &conversation.StaticBearer{}},
			"channel_credentials[1]",
		},
		"an enterprise account": {
			conversation.ChannelCredential{Channel: "LINE", LineEnterpriseCredentials: &conversation.LineEnterpriseCredentials{LineJapan: pair}}, "",
		},
		"an enterprise account of no country": {
			conversation.ChannelCredential{Channel: "LINE", LineEnterpriseCredentials: &conversation.LineEnterpriseCredentials{}},
			"channel_credentials[1].line_enterprise_credentials",
		},
		"an enterprise account of two countries": {
			conversation.ChannelCredential{Channel: "LINE", LineEnterpriseCredentials: &conversation.LineEnterpriseCredentials{LineJapan: pair, LineThailand: pair}},
			"channel_credentials[1].line_enterprise_credentials",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			credentials := []conversation.ChannelCredential{
				{Channel: "SMS", StaticBearer: &conversation.StaticBearer{ClaimedIdentity: "plan", Token: "hush"}}, tt.credential,
			}
			for operation, call := range map[string]func(context.Context, *conversation.Client) error{
				"Apps.Create": func(ctx context.Context, c *conversation.Client) error {
					return fails(c.Apps.Create(ctx, &conversation.CreateAppRequest{DisplayName: "shop", ChannelCredentials: credentials}))
				},
				"Apps.Update": func(ctx context.Context, c *conversation.Client) error {
					return fails(c.Apps.Update(ctx, "a", &conversation.UpdateAppRequest{ChannelCredentials: credentials}))
				},
			} {
				lax, _ := scripted(t, []step{{status: 200, body: anyReply}})
				require.NoError(t, call(t.Context(), lax), "openapi.yaml takes any")

				client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithDialect(conversation.DialectPlatform))
				err := call(t.Context(), client)
				if tt.field == "" {
					require.NoError(t, err)
					continue
				}
				requireRefused(t, err, operation, tt.field)
				hides(t, err.Error(), "hush")
				assert.Empty(t, wire.requests())
			}
		})
	}
}

func TestTheSettingsOfAnAppAreInItsMask(t *testing.T) {
	t.Parallel()
	client, wire := scripted(t, []step{{status: 200, body: `{"id":"A","retention_policy":{"ttl_days":180},"rate_limits":{"inbound":25}}`}},
		conversation.WithDialect(conversation.DialectPlatform))
	app, err := client.Apps.Update(t.Context(), "a", &conversation.UpdateAppRequest{
		RetentionPolicy:   &conversation.RetentionPolicy{RetentionType: conversation.RetentionMessageExpire, TTLDays: 7},
		SmartConversation: &conversation.SmartConversation{Enabled: false},
		ProcessingMode:    new(conversation.ProcessingModeDispatch),
	})
	require.NoError(t, err)
	assert.Equal(t, 180, app.RetentionPolicy.TTLDays)
	assert.Equal(t, 25, app.RateLimits.Inbound)
	seen := wire.requests()[0]
	assert.Contains(t, seen.url, "?update_mask=processing_mode,retention_policy,smart_conversation")
	assert.JSONEq(t, `{"processing_mode":"DISPATCH","retention_policy":{"retention_type":"MESSAGE_EXPIRE_POLICY","ttl_days":7},"smart_conversation":{"enabled":false}}`, seen.body)
}
