package conversationtest_test

import (
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func phone(number string) *conversation.CreateContactRequest {
	return &conversation.CreateContactRequest{
		ChannelIdentities: []conversation.ChannelIdentity{{Channel: conversation.ChannelSMS, Identity: number}},
		DisplayName:       "Ada",
		Email:             "ada@example.com",
		Language:          "EN",
	}
}

func TestAClientKeepsContacts(t *testing.T) {
	t.Parallel()
	inBothDialects(t, func(t *testing.T, _ *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		ctx := t.Context()
		created, err := client.Contacts.Create(ctx, phone("15551230001"))
		require.NoError(t, err)

		updated, err := client.Contacts.Update(ctx, created.ID, &conversation.UpdateContactRequest{
			Email: new(""), Metadata: new("note"),
		})
		require.NoError(t, err)
		want := *created
		want.Email, want.Metadata = "", "note"
		assert.Equal(t, want, *updated)
		read, err := client.Contacts.Get(ctx, created.ID)
		require.NoError(t, err)
		assert.Equal(t, want, *read)

		require.NoError(t, client.Contacts.Delete(ctx, created.ID))
		_, err = client.Contacts.Get(ctx, created.ID)
		require.ErrorIs(t, err, conversation.ErrNotFound)
		_, err = client.Contacts.Update(ctx, created.ID, &conversation.UpdateContactRequest{Email: new("")})
		assert.ErrorIs(t, err, conversation.ErrNotFound)
	})
}

func TestAClientReadsEveryContactAndConversation(t *testing.T) {
	t.Parallel()
	inBothDialects(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		ctx := t.Context()
		const total = 45
		for i := range total {
			contact, err := client.Contacts.Create(ctx, phone("1555123"+strconv.Itoa(1000+i)))
			require.NoError(t, err)
			_, err = client.Conversations.Create(ctx, &conversation.CreateConversationRequest{
				AppID: srv.AppID(), ContactID: contact.ID, Active: new(i%2 == 0),
			})
			require.NoError(t, err)
		}

		contacts, active := map[string]bool{}, 0
		for contact, err := range client.Contacts.All(ctx, &conversation.ListContactsParams{PageSize: 20}) {
			require.NoError(t, err)
			contacts[contact.ID] = true
		}
		for found, err := range client.Conversations.All(ctx, &conversation.ListConversationsParams{
			AppID: srv.AppID(), OnlyActive: new(true),
		}) {
			require.NoError(t, err)
			assert.True(t, found.Active)
			active++
		}
		assert.Len(t, contacts, total)
		assert.Equal(t, 23, active)
		_, err := client.Contacts.List(ctx, &conversation.ListContactsParams{PageSize: 21})
		assert.Error(t, err, "the server rejects it, and with DialectPlatform the SDK")
	})
}

func TestAClientMergesContacts(t *testing.T) {
	t.Parallel()
	inBothDialects(t, func(t *testing.T, _ *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		ctx := t.Context()
		destination, err := client.Contacts.Create(ctx, phone("15551230001"))
		require.NoError(t, err)
		source, err := client.Contacts.Create(ctx, phone("15551230002"))
		require.NoError(t, err)

		merged, err := client.Contacts.Merge(ctx, &conversation.MergeContactsRequest{
			DestinationID: destination.ID, SourceID: source.ID,
		})
		require.NoError(t, err)

		assert.Equal(t, destination.ID, merged.ID)
		assert.Equal(t, destination.ChannelIdentities, merged.ChannelIdentities, "it has an identity on that channel")
		_, err = client.Contacts.Get(ctx, source.ID)
		assert.ErrorIs(t, err, conversation.ErrNotFound)
	})
}

func TestAClientRunsAConversation(t *testing.T) {
	t.Parallel()
	inBothDialects(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		ctx := t.Context()
		contact, err := client.Contacts.Create(ctx, phone("15551230001"))
		require.NoError(t, err)
		created, err := client.Conversations.Create(ctx, &conversation.CreateConversationRequest{
			AppID: srv.AppID(), ContactID: contact.ID, Metadata: "note",
		})
		require.NoError(t, err)
		assert.True(t, created.Active)
		request := hello(srv.AppID())
		request.Recipient = conversation.ToContact(contact.ID)
		accepted, err := client.Messages.Send(ctx, request)
		require.NoError(t, err)
		message, err := client.Messages.Get(ctx, accepted.MessageID)
		require.NoError(t, err)
		assert.Equal(t, created.ID, message.ConversationID)

		require.NoError(t, client.Conversations.Stop(ctx, created.ID))
		stopped, err := client.Conversations.Get(ctx, created.ID)
		require.NoError(t, err)
		assert.False(t, stopped.Active)
		assert.Equal(t, conversation.ChannelSMS, stopped.ActiveChannel)

		updated, err := client.Conversations.Update(ctx, created.ID, &conversation.UpdateConversationRequest{
			Active: new(true), Metadata: new(""),
		})
		require.NoError(t, err)
		want := *stopped
		want.Active, want.Metadata = true, ""
		assert.Equal(t, want, *updated)

		require.NoError(t, client.Conversations.Delete(ctx, created.ID))
		_, err = client.Messages.Get(ctx, accepted.MessageID)
		assert.ErrorIs(t, err, conversation.ErrNotFound)
	})
}

func TestAClientSetsUpAnAppWithAWebhook(t *testing.T) {
	t.Parallel()
	inBothDialects(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		ctx := t.Context()
		app, err := client.Apps.Create(ctx, &conversation.CreateAppRequest{
			DisplayName: "Shop",
			ChannelCredentials: []conversation.ChannelCredential{{
				Channel: conversation.ChannelMessenger, StaticToken: &conversation.StaticToken{Token: "made-up"},
			}},
		})
		require.NoError(t, err)
		assert.Equal(t, "made-up", app.ChannelCredentials[0].StaticToken.Token)
		renamed, err := client.Apps.Update(ctx, app.ID, &conversation.UpdateAppRequest{DisplayName: new("Store")})
		require.NoError(t, err)
		assert.Equal(t, app.ChannelCredentials, renamed.ChannelCredentials)
		read, err := client.Apps.Get(ctx, app.ID)
		require.NoError(t, err)
		assert.Equal(t, *renamed, *read)
		apps, err := client.Apps.List(ctx)
		require.NoError(t, err)
		assert.Equal(t, []string{srv.AppID(), app.ID}, []string{apps.Apps[0].ID, apps.Apps[1].ID})

		webhook, err := client.Webhooks.Create(ctx, app.ID, &conversation.CreateWebhookRequest{
			Target: "https://example.com/sinch", Triggers: []conversation.WebhookTrigger{conversation.TriggerMessageInbound},
		})
		require.NoError(t, err)
		assert.Equal(t, conversation.TargetTypeHTTP, webhook.TargetType)
		changed, err := client.Webhooks.Update(ctx, webhook.ID, &conversation.UpdateWebhookRequest{Secret: new("quiet")})
		require.NoError(t, err)
		assert.Equal(t, webhook.Triggers, changed.Triggers)
		webhooks, err := client.Webhooks.List(ctx, app.ID)
		require.NoError(t, err)
		assert.Equal(t, []conversation.Webhook{*changed}, webhooks.Webhooks)
		again, err := client.Webhooks.Get(ctx, webhook.ID)
		require.NoError(t, err)
		assert.Equal(t, *changed, *again)
		require.NoError(t, client.Webhooks.Delete(ctx, webhook.ID))

		require.NoError(t, client.Apps.Delete(ctx, app.ID))
		_, err = client.Webhooks.List(ctx, app.ID)
		assert.ErrorIs(t, err, conversation.ErrNotFound)
	})
}

func TestAClientSendsEventsQueriesAndTranscodes(t *testing.T) {
	t.Parallel()
	inBothDialects(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		ctx := t.Context()
		contact, err := client.Contacts.Create(ctx, phone("15551230001"))
		require.NoError(t, err)
		recipient := conversation.ToContact(contact.ID)

		accepted, err := client.Events.Send(ctx, &conversation.SendEventRequest{
			AppID: srv.AppID(), Recipient: recipient,
			Event: conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}},
		})
		require.NoError(t, err)
		assert.Equal(t, accepted.EventID, srv.SentEvents()[0].EventID)

		taken, err := client.Capability.Query(ctx, &conversation.CapabilityQueryRequest{AppID: srv.AppID(), Recipient: recipient})
		require.NoError(t, err)
		assert.Equal(t, recipient, *taken.Recipient)
		assert.NotEmpty(t, taken.RequestID)

		shown, err := client.Transcoding.Transcode(ctx, &conversation.TranscodeRequest{
			AppID: srv.AppID(), AppMessage: conversation.Text("hi"), Channels: []conversation.Channel{conversation.ChannelRCS},
		})
		require.NoError(t, err)
		assert.Equal(t, map[string]string{"RCS": `{"type":"text","text":"hi"}`}, shown.TranscodedMessage)
	})
}

func TestManyGoroutinesChangeTheSameThings(t *testing.T) {
	t.Parallel()
	const goroutines = 16
	srv := start(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	client := srv.NewClient(t)
	ctx := t.Context()
	stays, err := client.Contacts.Create(ctx, phone("15551230000"))
	require.NoError(t, err)
	var wg sync.WaitGroup
	for i := range goroutines {
		wg.Go(func() {
			contact, err := client.Contacts.Create(ctx, phone("1555123"+strconv.Itoa(1000+i)))
			if !assert.NoError(t, err) {
				return
			}
			request := hello(srv.AppID())
			request.Recipient = conversation.ToContact(contact.ID)
			_, err = client.Messages.Send(ctx, request)
			assert.NoError(t, err)
			_, err = client.Contacts.Update(ctx, stays.ID, &conversation.UpdateContactRequest{Metadata: new(strconv.Itoa(i))})
			assert.NoError(t, err)
			_, err = client.Contacts.Merge(ctx, &conversation.MergeContactsRequest{DestinationID: stays.ID, SourceID: contact.ID})
			assert.NoError(t, err)
			_, err = client.Conversations.List(ctx, &conversation.ListConversationsParams{ContactID: stays.ID})
			assert.NoError(t, err)
		})
	}
	wg.Wait()

	merged, err := client.Contacts.Get(ctx, stays.ID)
	require.NoError(t, err)
	assert.Equal(t, stays.ChannelIdentities, merged.ChannelIdentities)
	messages, err := client.Messages.List(ctx, &conversation.ListMessagesParams{MessagesSource: conversation.MessageSourceConversation, ContactID: stays.ID, PageSize: 100})
	require.NoError(t, err)
	assert.Len(t, messages.Items, goroutines)
	active, err := client.Conversations.List(ctx, &conversation.ListConversationsParams{ContactID: stays.ID, OnlyActive: new(true)})
	require.NoError(t, err)
	assert.Len(t, active.Items, 1)
}
