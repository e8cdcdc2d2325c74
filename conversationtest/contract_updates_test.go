package conversationtest_test

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// updateCase is an update in Go and in its wire format. The body is the same in both dialects; DialectPlatform sends the
// mask in the query.
type updateCase struct {
	request any
	body    string
	mask    string
}

// updateCases clear each field of each Update request alone, set all of them, and have masks.
var updateCases = []updateCase{
	{conversation.UpdateContactRequest{ChannelIdentities: []conversation.ChannelIdentity{}}, `{"channel_identities":[]}`, "channel_identities"},
	{conversation.UpdateContactRequest{DisplayName: new("")}, `{"display_name":""}`, "display_name"},
	{conversation.UpdateContactRequest{Email: new("")}, `{"email":""}`, "email"},
	{conversation.UpdateContactRequest{ExternalID: new("")}, `{"external_id":""}`, "external_id"},
	{conversation.UpdateContactRequest{Language: new(conversation.ContactLanguage(""))}, `{"language":""}`, "language"},
	{conversation.UpdateContactRequest{Metadata: new("")}, `{"metadata":""}`, "metadata"},
	{conversation.UpdateContactRequest{ChannelPriority: []conversation.Channel{}}, `{"channel_priority":[]}`, "channel_priority"},
	{
		fullContactUpdate,
		`{"channel_identities":[{"app_id":"APP","channel":"MESSENGER","identity":"psid-1"},{"channel":"SMS","identity":"46700000000"}],"channel_priority":["RCS"],` +
			`"display_name":"Eve","email":"eve@example.com","external_id":"crm-1","language":"EN","metadata":"vip"}`,
		"channel_identities,channel_priority,display_name,email,external_id,language,metadata",
	},
	{conversation.UpdateContactRequest{UpdateMask: []string{"email", "metadata"}}, `{}`, "email,metadata"},
	{conversation.UpdateContactRequest{Email: new("e@x.se"), Metadata: new("m"), UpdateMask: []string{"email"}}, `{"email":"e@x.se","metadata":"m"}`, "email"},

	{conversation.UpdateConversationRequest{Active: new(false)}, `{"active":false}`, "active"},
	{conversation.UpdateConversationRequest{ActiveChannel: new(conversation.Channel(""))}, `{"active_channel":""}`, "active_channel"},
	{conversation.UpdateConversationRequest{Metadata: new("")}, `{"metadata":""}`, "metadata"},
	{conversation.UpdateConversationRequest{AppID: new("")}, `{"app_id":""}`, "app_id"},
	{conversation.UpdateConversationRequest{ContactID: new("")}, `{"contact_id":""}`, "contact_id"},
	{conversation.UpdateConversationRequest{CorrelationID: new("")}, `{"correlation_id":""}`, "correlation_id"},
	{conversation.UpdateConversationRequest{MetadataJSON: map[string]any{}}, `{"metadata_json":{}}`, "metadata_json"},
	{
		conversation.UpdateConversationRequest{Active: new(true), ActiveChannel: new(conversation.ChannelSMS), Metadata: new("vip")},
		`{"active":true,"active_channel":"SMS","metadata":"vip"}`, "active,active_channel,metadata",
	},
	{conversation.UpdateConversationRequest{UpdateMask: []string{"metadata"}}, `{}`, "metadata"},
	{conversation.UpdateConversationRequest{Active: new(true), UpdateMask: []string{"metadata", "active"}}, `{"active":true}`, "metadata,active"},

	{conversation.UpdateAppRequest{ChannelCredentials: []conversation.ChannelCredential{}}, `{"channel_credentials":[]}`, "channel_credentials"},
	{conversation.UpdateAppRequest{DisplayName: new("")}, `{"display_name":""}`, "display_name"},
	{conversation.UpdateAppRequest{CallbackSettings: &conversation.CallbackSettings{}}, `{"callback_settings":{}}`, "callback_settings"},
	{conversation.UpdateAppRequest{ConversationMetadataReportView: new(conversation.ReportViewNone)}, `{"conversation_metadata_report_view":"NONE"}`, "conversation_metadata_report_view"},
	{conversation.UpdateAppRequest{DeliveryReportBasedFallback: &conversation.DeliveryReportBasedFallback{}}, `{"delivery_report_based_fallback":{"enabled":false}}`, "delivery_report_based_fallback"},
	{conversation.UpdateAppRequest{DispatchRetentionPolicy: &conversation.DispatchRetentionPolicy{}}, `{"dispatch_retention_policy":{"ttl_days":0}}`, "dispatch_retention_policy"},
	{conversation.UpdateAppRequest{MessageRetrySettings: &conversation.MessageRetrySettings{}}, `{"message_retry_settings":{}}`, "message_retry_settings"},
	{conversation.UpdateAppRequest{ProcessingMode: new(conversation.ProcessingModeConversation)}, `{"processing_mode":"CONVERSATION"}`, "processing_mode"},
	{conversation.UpdateAppRequest{RetentionPolicy: &conversation.RetentionPolicy{}}, `{"retention_policy":{}}`, "retention_policy"},
	{conversation.UpdateAppRequest{SmartConversation: &conversation.SmartConversation{}}, `{"smart_conversation":{"enabled":false}}`, "smart_conversation"},
	{
		conversation.UpdateAppRequest{ChannelCredentials: fullCredentials[1:2], DisplayName: new("Shop"), SmartConversation: &conversation.SmartConversation{Enabled: true}},
		`{"channel_credentials":[{"channel":"MESSENGER","static_token":{"token":"t0ken"}}],"display_name":"Shop","smart_conversation":{"enabled":true}}`,
		"channel_credentials,display_name,smart_conversation",
	},
	{conversation.UpdateAppRequest{UpdateMask: []string{"channel_credentials"}}, `{}`, "channel_credentials"},
	{conversation.UpdateAppRequest{DisplayName: new("Shop"), UpdateMask: []string{"display_name", "callback_settings.x"}}, `{"display_name":"Shop"}`, "display_name,callback_settings.x"},

	{conversation.UpdateWebhookRequest{Secret: new("")}, `{"secret":""}`, "secret"},
	{conversation.UpdateWebhookRequest{Target: new("")}, `{"target":""}`, "target"},
	{conversation.UpdateWebhookRequest{TargetType: new(conversation.TargetType(""))}, `{"target_type":""}`, "target_type"},
	{conversation.UpdateWebhookRequest{Triggers: []conversation.WebhookTrigger{}}, `{"triggers":[]}`, "triggers"},
	{conversation.UpdateWebhookRequest{AppID: new("")}, `{"app_id":""}`, "app_id"},
	{
		conversation.UpdateWebhookRequest{ClientCredentials: &conversation.ClientCredentials{ClientID: "c", ClientSecret: "s", Endpoint: "https://x.se"}},
		`{"client_credentials":{"client_id":"c","client_secret":"s","endpoint":"https://x.se"}}`, "client_credentials",
	},
	{
		conversation.UpdateWebhookRequest{
			Secret: new("s3cret"), Target: new("https://example.com/in"), TargetType: new(conversation.TargetTypeHTTP),
			Triggers: []conversation.WebhookTrigger{conversation.TriggerOptIn, conversation.TriggerOptOut},
		},
		`{"secret":"s3cret","target":"https://example.com/in","target_type":"HTTP","triggers":["OPT_IN","OPT_OUT"]}`,
		"secret,target,target_type,triggers",
	},
	{conversation.UpdateWebhookRequest{UpdateMask: []string{"secret"}}, `{}`, "secret"},
	{conversation.UpdateWebhookRequest{Target: new("https://x.se"), UpdateMask: []string{"target"}}, `{"target":"https://x.se"}`, "target"},
}

// emptyUpdates change nothing: the first of each kind is empty, the second has an empty mask.
var emptyUpdates = []any{
	conversation.UpdateContactRequest{},
	conversation.UpdateContactRequest{UpdateMask: []string{}},
	conversation.UpdateConversationRequest{},
	conversation.UpdateConversationRequest{UpdateMask: []string{}},
	conversation.UpdateAppRequest{},
	conversation.UpdateAppRequest{UpdateMask: []string{}},
	conversation.UpdateWebhookRequest{},
	conversation.UpdateWebhookRequest{UpdateMask: []string{}},
}

// update calls the Update method that accepts the request.
func update(ctx context.Context, client *conversation.Client, request any) error {
	var err error
	switch request := request.(type) {
	case conversation.UpdateContactRequest:
		_, err = client.Contacts.Update(ctx, "ID", &request)
	case conversation.UpdateConversationRequest:
		_, err = client.Conversations.Update(ctx, "ID", &request)
	case conversation.UpdateAppRequest:
		_, err = client.Apps.Update(ctx, "ID", &request)
	case conversation.UpdateWebhookRequest:
		_, err = client.Webhooks.Update(ctx, "ID", &request)
	default:
		err = fmt.Errorf("%T is not an update", request)
	}
	return err
}

func TestContractUpdatesSendOnlyWhatIsSet(t *testing.T) {
	t.Parallel()
	for _, tt := range updateCases {
		for dialect, query := range map[conversation.Dialect]string{
			conversation.DialectOpenAPI: "", conversation.DialectPlatform: "update_mask=" + tt.mask,
		} {
			t.Run(fmt.Sprintf("%s %T %s %s", dialect, tt.request, tt.body, tt.mask), func(t *testing.T) {
				t.Parallel()
				client, tap := tappedClient(t, dialect, http.StatusOK, anyReply)
				require.NoError(t, update(t.Context(), client, tt.request))

				sent := tap.only(t)
				assert.Equal(t, http.MethodPatch, sent.method)
				assert.Equal(t, tt.body, sent.body)
				assert.Equal(t, query, sent.url.RawQuery)
			})
		}
	}
}

// TestContractUpdatesAreAllShown checks that updateCases has a case for each field of each Update request that sends this
// field alone.
func TestContractUpdatesAreAllShown(t *testing.T) {
	t.Parallel()
	alone := make(map[reflect.Type]fields)
	for _, tt := range updateCases {
		kind := reflect.TypeOf(tt.request)
		if alone[kind] == nil {
			alone[kind] = fields{}
		}
		if names := topFields(t, tt.body); len(names) == 1 {
			alone[kind][names[0]] = true
		}
	}
	assert.Len(t, alone, 4)
	for kind, shown := range alone {
		for field := range kind.Fields() {
			if name := jsonName(field); name != "-" {
				assert.True(t, shown[name], "%s: no case sets %s alone", kind, name)
			}
		}
	}
}

func TestContractEmptyUpdatesAreSentInDialectOpenAPIAndRejectedInDialectPlatform(t *testing.T) {
	t.Parallel()
	for _, request := range emptyUpdates {
		client, tap := tappedClient(t, conversation.DialectOpenAPI, http.StatusOK, anyReply)
		require.NoError(t, update(t.Context(), client, request))
		assert.Equal(t, "{}", tap.only(t).body)
		assert.Empty(t, tap.only(t).url.RawQuery)

		client, tap = tappedClient(t, conversation.DialectPlatform, http.StatusOK, anyReply)
		var rejected *conversation.ArgumentError
		require.ErrorAs(t, update(t.Context(), client, request), &rejected)
		assert.Empty(t, tap.sent)
	}
}
