package conversationtest_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/webhook"
)

const ownURL = "https://shop.example/orders?id=7"

// signForURLs sets the secret that signs what callback URLs get. Empty: there is none.
func signForURLs(t *testing.T, srv *conversationtest.Server, secret string) {
	t.Helper()
	_, err := srv.NewClient(t).Apps.Update(t.Context(), srv.AppID(), &conversation.UpdateAppRequest{
		CallbackSettings: &conversation.CallbackSettings{SecretForOverriddenCallbackURLs: secret},
	})
	require.NoError(t, err)
}

// sendToURL sends a message whose reports go to a URL.
func sendToURL(t *testing.T, srv *conversationtest.Server, callbackURL string) string {
	t.Helper()
	sent, err := srv.NewClient(t).Messages.Send(t.Context(), &conversation.SendMessageRequest{
		AppID:       srv.AppID(),
		Recipient:   conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		Message:     conversation.Text("hello"),
		CallbackURL: callbackURL,
	})
	require.NoError(t, err)
	return sent.MessageID
}

func TestACallbackURLGetsTheReportsInPlaceOfTheWebhooks(t *testing.T) {
	t.Parallel()
	inBothModesOfProcessing(t, conversationtest.Config{}, func(t *testing.T, srv *conversationtest.Server, _ conversation.ProcessingMode) {
		t.Helper()
		shared := hooked(srv, "webhook secret", conversation.TriggerMessageDelivery, conversation.TriggerMessageSubmit)
		own := newListener()
		srv.Handle(ownURL, own)
		signForURLs(t, srv, "URL secret")

		id := sendToURL(t, srv, ownURL)
		require.NoError(t, srv.QueueOnChannel(id))
		require.NoError(t, srv.Fail(id, conversation.Reason{}))
		other := sendText(t, srv, "without a URL of its own")
		require.NoError(t, srv.Deliver(other))
		settle(t, srv)

		require.Len(t, own.all(), 2)
		for _, one := range own.all() {
			require.NoError(t, webhook.Verify([]byte(one.body), one.header, "URL secret"))
			assert.Contains(t, one.body, id)
		}
		require.Len(t, shared.all(), 3, "both MESSAGE_SUBMIT, and the report about the other message")
		for _, one := range shared.all() {
			require.NoError(t, webhook.Verify([]byte(one.body), one.header, "webhook secret"))
		}
		assert.Equal(t, []string{"QUEUED_ON_CHANNEL", "FAILED", "DELIVERED"}, statuses(t, srv))
		report := srv.Callbacks()[1]
		assert.Equal(t, ownURL, report.Target)
		assert.Empty(t, report.WebhookID)
		assert.True(t, report.Delivered)
	})
}

func TestTheSecretForCallbackURLsCanBeChanged(t *testing.T) {
	t.Parallel()
	srv := inMemory(t, conversationtest.Config{})
	own := newListener()
	srv.Handle(ownURL, own)
	id := sendToURL(t, srv, ownURL)

	for _, secret := range []string{"", "first", "second", ""} {
		signForURLs(t, srv, secret)
		require.NoError(t, srv.Deliver(id))
		settle(t, srv)
		last := own.all()[len(own.all())-1]
		if secret == "" {
			assert.Empty(t, last.header.Get("X-Sinch-Webhook-Signature"))
			continue
		}
		assert.NoError(t, webhook.Verify([]byte(last.body), last.header, secret))
	}
}

func TestACallbackURLNeedsNoWebhook(t *testing.T) {
	t.Parallel()
	var got arrived
	target := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got.header = r.Header }))
	defer target.Close()
	srv := start(t, conversationtest.Config{Script: conversationtest.ScriptDeliver})

	sendToURL(t, srv, target.URL)
	settle(t, srv)

	assert.Equal(t, []string{"QUEUED_ON_CHANNEL", "DELIVERED"}, statuses(t, srv))
	assert.NotNil(t, got.header)
	assert.True(t, srv.Callbacks()[1].Delivered, "over the network")
}

func TestAReportToACallbackURLIsRetried(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		own := newListener()
		own.answer = func(number int) int { return map[int]int{1: http.StatusServiceUnavailable, 2: http.StatusOK}[number] }
		srv.Handle(ownURL, own)
		require.NoError(t, srv.Deliver(sendToURL(t, srv, ownURL)))
		settle(t, srv)
		assert.Equal(t, 2, srv.Callbacks()[0].Attempts)
	})
}

func TestAnEmittedReportGoesToTheCallbackURLToo(t *testing.T) {
	t.Parallel()
	inBothModesOfProcessing(t, conversationtest.Config{}, func(t *testing.T, srv *conversationtest.Server, _ conversation.ProcessingMode) {
		t.Helper()
		shared := hooked(srv, "", conversation.TriggerMessageDelivery, conversation.TriggerEventDelivery, conversation.TriggerChannelEvent)
		own := newListener()
		srv.Handle(ownURL, own)
		message := sendToURL(t, srv, ownURL)
		event, err := srv.NewClient(t, conversation.WithDialect(conversation.DialectPlatform)).Events.Send(t.Context(), &conversation.SendEventRequest{
			AppID:       srv.AppID(),
			Recipient:   conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
			Event:       conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}},
			CallbackURL: ownURL,
		})
		require.NoError(t, err)

		srv.Emit(&webhook.MessageDelivery{MessageDeliveryReport: conversation.MessageDeliveryReport{MessageID: message}})
		srv.Emit(&webhook.EventDelivery{EventDeliveryReport: conversation.EventDeliveryReport{EventID: event.EventID}})
		srv.Emit(&webhook.EventDelivery{EventDeliveryReport: conversation.EventDeliveryReport{EventID: "another"}})
		srv.Emit(&webhook.ChannelEvent{})
		settle(t, srv)

		assert.Len(t, own.all(), 2)
		assert.Len(t, shared.all(), 2)
	})
}

func TestACallbackURLMustBeAbsolute(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{AppID: "APP"})
	for _, bad := range []string{"shop.example/sinch", "/sinch", "ftp://shop.example", "https://", "http://a b"} {
		w.call(http.MethodPost, "messages:send", `{"callback_url": "`+bad+`", `+w.text("hi", "15551230000")[1:]).
			fails(http.StatusBadRequest, "INVALID_ARGUMENT", "callback_url")
		w.call(http.MethodPost, "events:send", `{"callback_url": "`+bad+`", `+event(byNumber, composing)[1:]).
			fails(http.StatusBadRequest, "INVALID_ARGUMENT", "callback_url")
	}
	w.send(`{"callback_url": "http://localhost:8080/sinch", ` + w.text("hi", "15551230000")[1:])
}

func TestNothingIsReportedAboutTheMessagesOfADeletedApp(t *testing.T) {
	t.Parallel()
	inBothModesOfProcessing(t, conversationtest.Config{}, func(t *testing.T, srv *conversationtest.Server, _ conversation.ProcessingMode) {
		t.Helper()
		srv.Handle(ownURL, newListener())
		id := sendToURL(t, srv, ownURL)
		require.NoError(t, srv.NewClient(t).Apps.Delete(t.Context(), srv.AppID()))
		assert.Error(t, srv.Deliver(id))
		assert.Empty(t, srv.Callbacks())
	})
}
