package conversationtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// credentialOf returns credentials of a channel that the contract accepts.
func credentialOf(channel conversation.Channel) conversation.ChannelCredential {
	credential := conversation.ChannelCredential{Channel: channel}
	if channel == conversation.ChannelMMS {
		credential.MMSCredentials = &conversation.MMSCredentials{
			AccountID: "made-up", APIKey: "made-up", BasicAuth: conversation.BasicAuthCredential{Username: "made-up", Password: "made-up"},
		}
		return credential
	}
	credential.StaticBearer = &conversation.StaticBearer{ClaimedIdentity: "15550001111", Token: "made-up"}
	return credential
}

// failures sends a message and returns the status and the reason code of each delivery report.
func failures(t *testing.T, srv *conversationtest.Server, request *conversation.SendMessageRequest) []string {
	t.Helper()
	before := len(srv.Callbacks())
	request.AppID = srv.AppID()
	_, err := srv.NewClient(t).Messages.Send(t.Context(), request)
	require.NoError(t, err, "it is accepted")
	settle(t, srv)
	found := []string{}
	for _, callback := range srv.Callbacks()[before:] {
		report := payload(t, &callback, "message_delivery_report")
		status, _ := report["status"].(string)
		if reason, ok := report["reason"].(map[string]any); ok {
			code, _ := reason["code"].(string)
			status += " " + code
		}
		found = append(found, status)
	}
	return found
}

func TestAMessageToAChannelThatTheAppLacksFails(t *testing.T) {
	t.Parallel()
	const number = "15551230000"
	missing := []string{"FAILED CHANNEL_CONFIGURATION_MISSING"}
	delivered := []string{"QUEUED_ON_CHANNEL", "DELIVERED"}
	sms, rcs, whatsApp := conversation.ChannelSMS, conversation.ChannelRCS, conversation.ChannelWhatsApp
	identities := func(channels ...conversation.Channel) []conversation.ChannelIdentity {
		var all []conversation.ChannelIdentity
		for _, channel := range channels {
			all = append(all, conversation.ChannelIdentity{Channel: channel, Identity: number})
		}
		return all
	}
	for name, tc := range map[string]struct {
		app       []conversation.Channel // The channels that the app has.
		to, order []conversation.Channel
		asContact bool
		want      []string
	}{
		"the only one":                     {app: channels(sms), to: channels(rcs), want: missing},
		"the second":                       {app: channels(sms), to: channels(sms, rcs), want: missing},
		"in the order alone":               {app: channels(sms), to: channels(sms), order: channels(sms, whatsApp), want: missing},
		"none of a contact":                {app: channels(sms), to: channels(rcs, whatsApp), asContact: true, want: missing},
		"not all of a contact":             {app: channels(sms), to: channels(rcs, sms), asContact: true, want: delivered},
		"the app has it":                   {app: channels(sms, rcs), to: channels(rcs), want: delivered},
		"an app without any has all":       {to: channels(whatsApp, rcs), want: delivered},
		"an app without any, to a contact": {to: channels(whatsApp), asContact: true, want: delivered},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := start(t, conversationtest.Config{InMemory: true, Script: conversationtest.ScriptDeliver})
			hooked(srv, "", conversation.TriggerMessageDelivery)
			client := srv.NewClient(t)
			if tc.app != nil {
				var credentials []conversation.ChannelCredential
				for _, channel := range tc.app {
					credentials = append(credentials, credentialOf(channel))
				}
				_, err := client.Apps.Update(t.Context(), srv.AppID(), &conversation.UpdateAppRequest{ChannelCredentials: credentials})
				require.NoError(t, err)
			}
			recipient := conversation.ToChannels(identities(tc.to...)...)
			if tc.asContact {
				contact, err := client.Contacts.Create(t.Context(), &conversation.CreateContactRequest{
					ChannelIdentities: identities(tc.to...), Language: conversation.LanguageEN,
				})
				require.NoError(t, err)
				recipient = conversation.ToContact(contact.ID)
			}

			assert.Equal(t, tc.want, failures(t, srv, &conversation.SendMessageRequest{
				Recipient: recipient, Message: conversation.Text("hello"), ChannelPriorityOrder: tc.order,
			}))
			assert.Len(t, srv.Sent(), 1)
		})
	}
}

func TestAMessageToAMissingChannelHasFailedWithoutAScript(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true, Mode: conversation.ProcessingModeConversation})
	client := srv.NewClient(t)
	_, err := client.Apps.Update(t.Context(), srv.AppID(), &conversation.UpdateAppRequest{
		ChannelCredentials: []conversation.ChannelCredential{credentialOf(conversation.ChannelRCS)},
	})
	require.NoError(t, err)

	id := sendText(t, srv, "hello")
	settle(t, srv)

	message, err := client.Messages.Get(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, conversation.MessageStatusFailed, message.MessageStatus.Status)
	assert.Contains(t, message.MessageStatus.Reason, "CHANNEL_CONFIGURATION_MISSING: The app has no channel_credentials for SMS")
}

func TestAMessageWithATemplateThatDoesNotExistFails(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true, Script: conversationtest.ScriptDeliver})
	hooked(srv, "", conversation.TriggerMessageDelivery)
	send := func(id, version, language string, parameters map[string]string) []string {
		return failures(t, srv, &conversation.SendMessageRequest{
			Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
			Message:   conversation.Template(id, version, language, parameters),
		})
	}
	delivered := []string{"QUEUED_ON_CHANNEL", "DELIVERED"}
	assert.Equal(t, delivered, send("ANY", "1", "en", nil), "a project without templates has all")
	_, err := srv.NewClient(t).Templates.Create(t.Context(), &conversation.V2Template{
		ID: "WELCOME", DefaultTranslation: "en",
		Translations: []conversation.V2TemplateTranslation{{
			LanguageCode: "en", Version: "1", TextMessage: &conversation.TextMessage{Text: "Hello ${name}"},
			Variables: []conversation.TemplateVariable{{Key: "name"}},
		}},
	})
	require.NoError(t, err)
	name := map[string]string{"name": "Ann"}

	assert.Equal(t, delivered, send("WELCOME", "1", "en", name))
	assert.Equal(t, delivered, send("WELCOME", "latest", "", name), "the default translation")
	assert.Equal(t, []string{"FAILED TEMPLATE_NOT_FOUND"}, send("ANY", "1", "en", name))
	assert.Equal(t, []string{"FAILED TEMPLATE_NON_EXISTING_LANGUAGE_OR_VERSION"}, send("WELCOME", "1", "sv", name))
	assert.Equal(t, []string{"FAILED TEMPLATE_NON_EXISTING_LANGUAGE_OR_VERSION"}, send("WELCOME", "2", "en", name))
	assert.Equal(t, []string{"FAILED TEMPLATE_INSUFFICIENT_PARAMETERS"}, send("WELCOME", "1", "en", nil))
}

func channels(all ...conversation.Channel) []conversation.Channel { return all }
