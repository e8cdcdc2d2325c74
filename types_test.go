package conversation_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestRequestsAreWrittenAsTheContractHasThem(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		value any
		want  string
	}{
		"a false Active of a new conversation": {
			conversation.CreateConversationRequest{AppID: "A", ContactID: "C", Active: new(false)},
			`{"active":false,"app_id":"A","contact_id":"C"}`,
		},
		"a true Active of a new conversation": {
			conversation.CreateConversationRequest{AppID: "A", ContactID: "C", Active: new(true)},
			`{"active":true,"app_id":"A","contact_id":"C"}`,
		},
		"no Active of a new conversation": {
			conversation.CreateConversationRequest{AppID: "A", ContactID: "C"},
			`{"app_id":"A","contact_id":"C"}`,
		},
		"a false Active of an update": {conversation.UpdateConversationRequest{Active: new(false)}, `{"active":false}`},

		"an empty composing event": {
			conversation.SendEventRequest{
				AppID: "A", Recipient: conversation.ToContact("C"),
				Event: conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}},
			},
			`{"app_id":"A","event":{"composing_event":{}},"recipient":{"contact_id":"C"}}`,
		},

		"an update of an app that changes nothing":            {conversation.UpdateAppRequest{}, `{}`},
		"an update of a contact that changes nothing":         {conversation.UpdateContactRequest{}, `{}`},
		"an update of a conversation that changes nothing":    {conversation.UpdateConversationRequest{}, `{}`},
		"an update of a webhook that changes nothing":         {conversation.UpdateWebhookRequest{}, `{}`},
		"an update that removes an app's channels":            {conversation.UpdateAppRequest{ChannelCredentials: []conversation.ChannelCredential{}}, `{"channel_credentials":[]}`},
		"an update that removes a contact's addresses":        {conversation.UpdateContactRequest{ChannelIdentities: []conversation.ChannelIdentity{}}, `{"channel_identities":[]}`},
		"an update that removes a webhook's triggers":         {conversation.UpdateWebhookRequest{Triggers: []conversation.WebhookTrigger{}}, `{"triggers":[]}`},
		"an update that clears an app's name":                 {conversation.UpdateAppRequest{DisplayName: new("")}, `{"display_name":""}`},
		"an update that clears a conversation's strings":      {conversation.UpdateConversationRequest{Metadata: new(""), ActiveChannel: new(conversation.Channel(""))}, `{"active_channel":"","metadata":""}`},
		"an update that clears a webhook's strings":           {conversation.UpdateWebhookRequest{Secret: new(""), Target: new(""), TargetType: new(conversation.TargetType(""))}, `{"secret":"","target":"","target_type":""}`},
		"the mask of an update of an app is not sent":         {conversation.UpdateAppRequest{UpdateMask: []string{"display_name"}}, `{}`},
		"the mask of an update of a contact is not sent":      {conversation.UpdateContactRequest{UpdateMask: []string{"email"}}, `{}`},
		"the mask of an update of a conversation is not sent": {conversation.UpdateConversationRequest{UpdateMask: []string{"active"}}, `{}`},
		"the mask of an update of a webhook is not sent":      {conversation.UpdateWebhookRequest{UpdateMask: []string{"target"}}, `{}`},
		"an update that clears every text of a contact": {
			conversation.UpdateContactRequest{
				DisplayName: new(""), Email: new(""), ExternalID: new(""), Language: new(conversation.ContactLanguage("")), Metadata: new(""),
			},
			`{"display_name":"","email":"","external_id":"","language":"","metadata":""}`,
		},

		"required fields stay when they are empty": {conversation.MergeContactsRequest{}, `{"destination_id":"","source_id":""}`},
		"optional fields are left out when empty": {
			conversation.SendMessageRequest{}, `{"app_id":"","message":{},"recipient":{}}`,
		},
		"whole seconds are a number": {
			conversation.SendMessageRequest{TTL: 10}, `{"app_id":"","message":{},"recipient":{},"ttl":10}`,
		},
		"an empty text of a message is left out, its kind is not": {conversation.Text(""), `{"text_message":{}}`},
		"a reply without a time is written without one":           {conversation.SendMessageResponse{MessageID: "M"}, `{"message_id":"M"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := json.Marshal(tt.value)
			require.NoError(t, err)
			assert.Equal(t, tt.want, string(got))
		})
	}
}

// requestTypes are the request bodies of the operations.
var requestTypes = []any{
	conversation.SendMessageRequest{},
	conversation.CreateContactRequest{},
	conversation.UpdateContactRequest{},
	conversation.MergeContactsRequest{},
	conversation.CreateConversationRequest{},
	conversation.UpdateConversationRequest{},
	conversation.CreateAppRequest{},
	conversation.UpdateAppRequest{},
	conversation.CreateWebhookRequest{},
	conversation.UpdateWebhookRequest{},
	conversation.SendEventRequest{},
	conversation.CapabilityQueryRequest{},
	conversation.TranscodeRequest{},
	conversation.UpdateMessageRequest{},
	conversation.LastMessagesRequest{},
	conversation.GetChannelProfileRequest{},
	conversation.InjectMessageRequest{},
	conversation.InjectConversationEventRequest{},
	conversation.ProjectSettingsRequest{},
	conversation.V2Template{},
}

func TestNoRequestHoldsANull(t *testing.T) {
	t.Parallel()
	for _, request := range requestTypes {
		t.Run(reflect.TypeOf(request).Name(), func(t *testing.T) {
			t.Parallel()
			got, err := json.Marshal(request)
			require.NoError(t, err)
			assert.NotContains(t, string(got), "null", "the contract has no null")
		})
	}
}

func TestEveryScalarOfAnUpdateIsAPointer(t *testing.T) {
	t.Parallel()
	for _, request := range requestTypes {
		kind := reflect.TypeOf(request)
		if _, isUpdate := kind.FieldByName("UpdateMask"); !isUpdate {
			continue
		}
		for field := range kind.Fields() {
			if field.Tag.Get("json") == "-" { // It is not a field of the body.
				continue
			}
			assert.Contains(t, []reflect.Kind{reflect.Pointer, reflect.Slice, reflect.Map}, field.Type.Kind(), "%s.%s", kind.Name(), field.Name)
		}
	}
}

func TestUnknownEnumValuesSurviveARoundTrip(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		into any
		text string
	}{
		"channel and direction": {
			new(conversation.ConversationMessage),
			`{"channel_identity":{"channel":"PIGEON_POST","identity":"42"},"direction":"SIDEWAYS"}`,
		},
		"channel in another case": {new(conversation.ChannelIdentity), `{"channel":"sms"}`},
		"trigger and target type": {new(conversation.Webhook), `{"target_type":"SMOKE","triggers":["MESSAGE_INBOUND","NEW_TRIGGER"]}`},
		"queue and priority order": {
			new(conversation.SendMessageRequest),
			`{"app_id":"A","channel_priority_order":["PIGEON_POST"],"message":{},"queue":"LOW","recipient":{}}`,
		},
		"active channel": {new(conversation.Conversation), `{"active_channel":"PIGEON_POST"}`},
		"transcoded":     {new(conversation.TranscodeResponse), `{"transcoded_message":{"PIGEON_POST":"coo"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, json.Unmarshal([]byte(tt.text), tt.into))
			got, err := json.Marshal(tt.into)
			require.NoError(t, err)
			assert.Equal(t, tt.text, string(got))
		})
	}
}

func TestEmptyAndOddValuesDecode(t *testing.T) {
	t.Parallel()
	var contact conversation.Contact
	require.NoError(t, json.Unmarshal([]byte(`{"id":"C","email":"","language":"","channel_identities":[]}`), &contact))
	assert.Equal(t, conversation.Contact{ID: "C", ChannelIdentities: []conversation.ChannelIdentity{}}, contact)

	var media conversation.MediaMessage
	require.NoError(t, json.Unmarshal([]byte(`{"url":"","thumbnail_url":"::no url::"}`), &media))
	assert.Equal(t, conversation.MediaMessage{ThumbnailURL: "::no url::"}, media)

	var message conversation.ConversationMessage
	require.NoError(t, json.Unmarshal([]byte(`{"id":"M","app_message":null,"contact_message":{"text_message":{"text":"hi"}},"metadata":null}`), &message))
	assert.Nil(t, message.AppMessage)
	assert.Equal(t, &conversation.ContactMessage{TextMessage: &conversation.TextMessage{Text: "hi"}}, message.ContactMessage)

	var event conversation.AppEvent
	require.NoError(t, json.Unmarshal([]byte(`{"composing_event":{}}`), &event))
	assert.Equal(t, conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}}, event)
}

func TestATemplateParameterThatIsNotAStringIsKeptAsItsJSON(t *testing.T) {
	t.Parallel()
	var template conversation.OmniTemplate
	require.NoError(t, json.Unmarshal([]byte(`{"template_id":"T","version":1,"language_code":"en",
		"parameters":{"text":"a","number":7.50,"object":{"b":[true]},"null":null}}`), &template))
	assert.Equal(t, conversation.OmniTemplate{
		TemplateID: "T", Version: "1", LanguageCode: "en",
		Parameters: map[string]string{"text": "a", "number": "7.50", "object": `{"b":[true]}`, "null": ""},
	}, template)
	for _, empty := range []string{`{}`, `{"parameters":null}`} {
		template.Parameters = map[string]string{"old": "x"}
		require.NoError(t, json.Unmarshal([]byte(empty), &template))
		assert.Nil(t, template.Parameters, empty)
	}
	assert.Error(t, json.Unmarshal([]byte(`{`), &template))
}
