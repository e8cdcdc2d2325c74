package conversationtest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

const hookURL = "https://shop.example/sinch"

var allTriggers = []conversation.WebhookTrigger{
	conversation.TriggerCapability,
	conversation.TriggerContactCreate,
	conversation.TriggerContactDelete,
	conversation.TriggerContactMerge,
	conversation.TriggerContactUpdate,
	conversation.TriggerConversationDelete,
	conversation.TriggerConversationStart,
	conversation.TriggerConversationStop,
	conversation.TriggerEventInbound,
	conversation.TriggerMessageDelivery,
	conversation.TriggerMessageInbound,
	conversation.TriggerMessageSubmit,
	conversation.TriggerOptIn,
	conversation.TriggerOptOut,
}

// arrived is a callback as a handler received it.
type arrived struct {
	after  time.Duration // Since the listener was created.
	header http.Header
	body   string
}

// listener is a handler that records the callbacks it receives.
type listener struct {
	began  time.Time
	answer func(number int) int // Returns the status for the callback with that number, counted from 1. Nil: 200.

	mu  sync.Mutex
	got []arrived
}

func newListener() *listener { return &listener{began: time.Now()} }

func (h *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.got = append(h.got, arrived{time.Since(h.began), r.Header, string(body)})
	if h.answer != nil {
		w.WriteHeader(h.answer(len(h.got)))
	}
}

func (h *listener) all() []arrived {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.got
}

// afters returns the times of arrival.
func (h *listener) afters() []time.Duration {
	var times []time.Duration
	for _, one := range h.all() {
		times = append(times, one.after)
	}
	return times
}

// texts returns the text of each inbound message.
func (h *listener) texts(t *testing.T) []string {
	t.Helper()
	var texts []string
	for _, one := range h.all() {
		var e struct {
			Message struct {
				ContactMessage struct {
					TextMessage struct {
						Text string `json:"text"`
					} `json:"text_message"`
				} `json:"contact_message"`
			} `json:"message"`
		}
		require.NoError(t, json.Unmarshal([]byte(one.body), &e))
		texts = append(texts, e.Message.ContactMessage.TextMessage.Text)
	}
	return texts
}

// hooked registers a webhook with a handler that records the callbacks it receives.
func hooked(srv *conversationtest.Server, secret string, triggers ...conversation.WebhookTrigger) *listener {
	h := newListener()
	srv.Handle(hookURL, h)
	srv.AddWebhook(hookURL, secret, triggers...)
	return h
}

// say receives a message for each of the texts.
func say(srv *conversationtest.Server, texts ...string) {
	for _, text := range texts {
		srv.Receive(conversationtest.From(conversation.ChannelSMS, "15551230000"), conversationtest.InboundText(text))
	}
}

// settle waits for the callbacks.
func settle(t *testing.T, srv *conversationtest.Server) {
	t.Helper()
	require.NoError(t, srv.WaitForCallbacks(t.Context()))
}

// sendText sends text with the SDK and returns the id of the message.
func sendText(t *testing.T, srv *conversationtest.Server, text string) string {
	t.Helper()
	sent, err := srv.NewClient(t).Messages.Send(t.Context(), &conversation.SendMessageRequest{
		AppID:           srv.AppID(),
		Recipient:       conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		Message:         conversation.Text(text),
		MessageMetadata: "order 7",
	})
	require.NoError(t, err)
	return sent.MessageID
}

// triggersOf returns the triggers of all callbacks, in the order of the events.
func triggersOf(srv *conversationtest.Server) []conversation.WebhookTrigger {
	var triggers []conversation.WebhookTrigger
	for _, callback := range srv.Callbacks() {
		triggers = append(triggers, callback.Trigger)
	}
	return triggers
}

// statuses returns the statuses of the delivery reports so far.
func statuses(t *testing.T, srv *conversationtest.Server) []string {
	t.Helper()
	var found []string
	for _, callback := range srv.Callbacks() {
		if callback.Trigger != conversation.TriggerMessageDelivery {
			continue
		}
		status, ok := payload(t, &callback, "message_delivery_report")["status"].(string)
		assert.True(t, ok)
		found = append(found, status)
	}
	return found
}

func sms() conversationtest.Sender {
	return conversationtest.From(conversation.ChannelSMS, "15551230000")
}
