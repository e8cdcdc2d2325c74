package conversationtest_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestTheCallbacksOfAFirstSendAreAsThePlatformHasThem(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
		hooked(srv, "", allTriggers...)

		id := sendText(t, srv, "hello")

		message, err := srv.NewClient(t).Messages.Get(t.Context(), id)
		require.NoError(t, err)
		checkCallbacks(t, srv, 0,
			conversation.TriggerContactCreate, `"contact_create_notification": {"contact": `+contactOf(message.ContactID)+`}`,
			conversation.TriggerConversationStart, `"conversation_start_notification": `+
				talkOf(srv, message.ConversationID, message.ContactID, "true", texted),
			conversation.TriggerMessageSubmit, `"message_metadata": "order 7", "message_submit_notification": {
				"message_id": "`+id+`", "conversation_id": "`+message.ConversationID+`", "contact_id": "`+message.ContactID+`",
				"channel_identity": `+phoneJSON+`, "submitted_message": {"text_message": {"text": "hello"}},
				"metadata": "order 7", "processing_mode": "CONVERSATION"}`,
		)
	})
}

func TestASubmittedMenuHasTheFormOfThePlatform(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Contract: conversationtest.EitherContract})
		hooked(srv, "", conversation.TriggerMessageSubmit)
		want := map[string]any{"list_message": map[string]any{
			"title": "Size?",
			"sections": []any{map[string]any{"title": "Shirts", "items": []any{
				map[string]any{"choice": map[string]any{"title": "Small", "postback_data": "s"}},
				map[string]any{"choice": map[string]any{"title": "Large"}},
			}}},
		}}
		menu := conversation.ListMenu("Size?", conversation.ListSection{Title: "Shirts", Items: []conversation.Choice{
			conversation.TextChoice("Small", "s"), conversation.TextChoice("Large", ""),
		}})
		for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
			_, err := srv.NewClient(t, conversation.WithDialect(dialect)).Messages.Send(t.Context(), &conversation.SendMessageRequest{
				AppID: srv.AppID(), Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"), Message: menu,
			})
			require.NoError(t, err)
		}
		settle(t, srv)

		require.Len(t, srv.Callbacks(), 2)
		for _, callback := range srv.Callbacks() {
			assert.Equal(t, want, payload(t, &callback, "message_submit_notification")["submitted_message"])
		}
	})
}

func TestTheCallbacksOfContactsAreAsThePlatformHasThem(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
		hooked(srv, "", allTriggers...)
		contacts := srv.NewClient(t).Contacts

		stays, err := contacts.Create(t.Context(), &conversation.CreateContactRequest{
			ChannelIdentities: []conversation.ChannelIdentity{{Channel: conversation.ChannelSMS, Identity: "15551230000"}}, Language: "EN",
		})
		require.NoError(t, err)
		checkCallbacks(t, srv, 0, conversation.TriggerContactCreate, `"contact_create_notification": {"contact": {"id": "`+stays.ID+`", "display_name": "Unknown",
			"language": "EN", "channel_identities": [`+phoneJSON+`]}}`)

		_, err = contacts.Update(t.Context(), stays.ID, &conversation.UpdateContactRequest{DisplayName: new("Ada")})
		require.NoError(t, err)
		ada := `{"id": "` + stays.ID + `", "display_name": "Ada", "language": "EN", "channel_identities": [` + phoneJSON + `]}`
		checkCallbacks(t, srv, 1, conversation.TriggerContactUpdate, `"contact_update_notification": {"contact": `+ada+`}`)

		goes, err := contacts.Create(t.Context(), &conversation.CreateContactRequest{
			ChannelIdentities: []conversation.ChannelIdentity{{Channel: conversation.ChannelRCS, Identity: "15551230001"}}, Language: "EN",
		})
		require.NoError(t, err)
		_, err = contacts.Merge(t.Context(), &conversation.MergeContactsRequest{DestinationID: stays.ID, SourceID: goes.ID})
		require.NoError(t, err)
		merged := `{"id": "` + stays.ID + `", "display_name": "Ada", "language": "EN", "channel_priority": ["SMS", "RCS"],
			"channel_identities": [` + phoneJSON + `, {"channel": "RCS", "identity": "15551230001"}]}`
		checkCallbacks(t, srv, 3, conversation.TriggerContactMerge, `"contact_merge_notification": {"preserved_contact": `+merged+`,
			"deleted_contact": {"id": "`+goes.ID+`", "display_name": "Unknown", "language": "EN",
				"channel_identities": [{"channel": "RCS", "identity": "15551230001"}]}}`)

		require.NoError(t, contacts.Delete(t.Context(), stays.ID))
		checkCallbacks(t, srv, 4, conversation.TriggerContactDelete, `"contact_delete_notification": {"contact": `+merged+`}`)
	})
}

func TestTheCallbacksOfConversationsAreAsThePlatformHasThem(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
		client := srv.NewClient(t)
		contact, err := client.Contacts.Create(t.Context(), &conversation.CreateContactRequest{
			ChannelIdentities: []conversation.ChannelIdentity{{Channel: conversation.ChannelSMS, Identity: "15551230000"}}, Language: "EN",
		})
		require.NoError(t, err)
		hooked(srv, "", allTriggers...)

		created, err := client.Conversations.Create(t.Context(), &conversation.CreateConversationRequest{
			AppID: srv.AppID(), ContactID: contact.ID,
		})
		require.NoError(t, err)
		active, stopped := talkOf(srv, created.ID, contact.ID, "true", silent), talkOf(srv, created.ID, contact.ID, "false", silent)
		checkCallbacks(t, srv, 0, conversation.TriggerConversationStart, `"conversation_start_notification": `+active)

		require.NoError(t, client.Conversations.Stop(t.Context(), created.ID))
		require.NoError(t, client.Conversations.Stop(t.Context(), created.ID), "a second stop changes nothing")
		checkCallbacks(t, srv, 1, conversation.TriggerConversationStop, `"conversation_stop_notification": `+stopped)

		_, err = client.Conversations.Update(t.Context(), created.ID, &conversation.UpdateConversationRequest{Active: new(true)})
		require.NoError(t, err)
		_, err = client.Conversations.Update(t.Context(), created.ID, &conversation.UpdateConversationRequest{Active: new(false)})
		require.NoError(t, err)
		checkCallbacks(t, srv, 2, conversation.TriggerConversationStart, `"conversation_start_notification": `+active,
			conversation.TriggerConversationStop, `"conversation_stop_notification": `+stopped)

		require.NoError(t, client.Conversations.Delete(t.Context(), created.ID))
		checkCallbacks(t, srv, 4, conversation.TriggerConversationDelete, `"conversation_delete_notification": `+stopped)
	})
}

func TestDeletingAContactDeletesItsConversations(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
		message := srv.Receive(conversationtest.From(conversation.ChannelSMS, "15551230000"), conversationtest.InboundText("hi"))
		hooked(srv, "", allTriggers...)

		require.NoError(t, srv.NewClient(t).Contacts.Delete(t.Context(), message.ContactID))

		checkCallbacks(t, srv, 0,
			conversation.TriggerConversationDelete, `"conversation_delete_notification": `+
				talkOf(srv, message.ConversationID, message.ContactID, "true", texted),
			conversation.TriggerContactDelete, `"contact_delete_notification": {"contact": `+contactOf(message.ContactID)+`}`,
		)
	})
}

func TestAMergeStopsTheSecondConversation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
		stays := srv.Receive(conversationtest.From(conversation.ChannelSMS, "15551230001"), conversationtest.InboundText("hi"))
		goes := srv.Receive(conversationtest.From(conversation.ChannelSMS, "15551230002"), conversationtest.InboundText("hi"))
		hooked(srv, "", allTriggers...)

		_, err := srv.NewClient(t).Contacts.Merge(t.Context(), &conversation.MergeContactsRequest{
			DestinationID: stays.ContactID, SourceID: goes.ContactID,
		})
		require.NoError(t, err)
		settle(t, srv)

		assert.Equal(t, []conversation.WebhookTrigger{conversation.TriggerConversationStop, conversation.TriggerContactMerge}, triggersOf(srv))
		stopped := payload(t, &srv.Callbacks()[0], "conversation_stop_notification")["conversation"]
		assert.Equal(t, map[string]any{
			"id": goes.ConversationID, "app_id": srv.AppID(), "contact_id": stays.ContactID, "active": false, "active_channel": "SMS",
			"last_received": "2000-01-01T00:00:00Z",
		}, stopped)
	})
}

func TestTheResultOfACapabilityQueryComesForEachChannel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
		known := srv.Receive(conversationtest.From(conversation.ChannelSMS, "15551230000"), conversationtest.InboundText("hi"))
		hooked(srv, "", allTriggers...)
		client := srv.NewClient(t)

		query, err := client.Capability.Query(t.Context(), &conversation.CapabilityQueryRequest{
			AppID: srv.AppID(),
			Recipient: conversation.ToChannels(
				conversation.ChannelIdentity{Channel: conversation.ChannelRCS, Identity: "15551230000"},
				conversation.ChannelIdentity{Channel: conversation.ChannelSMS, Identity: "15551230000"},
			),
		})
		require.NoError(t, err)
		sms := `"capability_notification": {"request_id": "` + query.RequestID + `", "contact_id": "` + known.ContactID + `",
			"channel": "SMS", "identity": "15551230000", "capability_status": "CAPABILITY_FULL"}`
		checkCallbacks(t, srv, 0,
			conversation.TriggerCapability, `"capability_notification": {"request_id": "`+query.RequestID+`",
				"channel": "RCS", "identity": "15551230000", "capability_status": "CAPABILITY_FULL"}`,
			conversation.TriggerCapability, sms)

		byID, err := client.Capability.Query(t.Context(), &conversation.CapabilityQueryRequest{
			AppID: srv.AppID(), Recipient: conversation.ToContact(known.ContactID),
		})
		require.NoError(t, err)
		settle(t, srv)
		require.Len(t, srv.Callbacks(), 3)
		assert.Equal(t, byID.RequestID, payload(t, &srv.Callbacks()[2], "capability_notification")["request_id"])
		assert.Equal(t, known.ContactID, payload(t, &srv.Callbacks()[2], "capability_notification")["contact_id"])
	})
}

func TestEveryAppIsNotifiedOfAContact(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	other := w.create("apps", `{"display_name": "Other", "channel_credentials": []}`)
	w.srv.Handle(hookURL, newListener())
	w.srv.AddWebhook(hookURL, "", allTriggers...)
	w.create("webhooks", `{"app_id": "`+other+`", "target": "`+hookURL+`", "target_type": "HTTP",
		"triggers": ["CONTACT_CREATE", "CONVERSATION_START", "MESSAGE_SUBMIT"]}`)

	w.send(w.text("hello", "15551230000"))
	settle(t, w.srv)

	assert.Equal(t, []conversation.WebhookTrigger{
		conversation.TriggerContactCreate, conversation.TriggerContactCreate,
		conversation.TriggerConversationStart, conversation.TriggerMessageSubmit,
	}, triggersOf(w.srv))
	assert.Contains(t, string(w.srv.Callbacks()[1].Body), other)
}

func TestARecipientThatGainsAnIdentityIsUpdated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
		say(srv, "hi")
		hooked(srv, "", allTriggers...)
		_, err := srv.NewClient(t).Events.Send(t.Context(), &conversation.SendEventRequest{
			AppID: srv.AppID(),
			Event: conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}},
			Recipient: conversation.ToContact(srv.Receive(
				conversationtest.From(conversation.ChannelSMS, "15551230000"), conversationtest.InboundText("hi")).ContactID),
		})
		require.NoError(t, err)
		_, err = srv.NewClient(t).Messages.Send(t.Context(), &conversation.SendMessageRequest{
			AppID: srv.AppID(), Message: conversation.Text("hello"),
			Recipient: conversation.ToChannels(
				conversation.ChannelIdentity{Channel: conversation.ChannelRCS, Identity: "15551230000"},
				conversation.ChannelIdentity{Channel: conversation.ChannelSMS, Identity: "15551230000"},
			),
		})
		require.NoError(t, err)
		settle(t, srv)

		assert.Equal(t, []conversation.WebhookTrigger{
			conversation.TriggerMessageInbound, conversation.TriggerContactUpdate, conversation.TriggerMessageSubmit,
		}, triggersOf(srv))
	})
}
