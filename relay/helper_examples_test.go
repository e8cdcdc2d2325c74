package relay_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
	"github.com/sinchgo/conversation/webhook"
)

// exampleRelay opens a relay in a new folder, and returns it with the function that ends it.
func exampleRelay(opts ...relay.Option) (*relay.Relay, func()) {
	folder, err := os.MkdirTemp("", "relay")
	if err != nil {
		panic(err)
	}
	r, err := relay.Open(context.Background(), embedded.Dir(folder), opts...)
	if err != nil {
		panic(err)
	}
	return r, func() {
		r.Close()
		_ = os.RemoveAll(folder)
	}
}

// greeting returns a message to a phone.
func greeting() *conversation.SendMessageRequest {
	return &conversation.SendMessageRequest{
		AppID:     "app-1",
		Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		Message:   conversation.Text("Your table is ready."),
	}
}

// exampleReceiver returns a receiver that calls f for the text of each message.
func exampleReceiver(f func(text string) error) *webhook.Receiver {
	receiver, err := webhook.NewReceiver(webhook.WithSecret("WEBHOOK_SECRET"))
	if err != nil {
		panic(err)
	}
	webhook.On(receiver, func(_ context.Context, e *webhook.MessageInbound) error {
		return f(e.Message.ContactMessage.Text())
	})
	return receiver
}

// receive does what Sinch does when a contact writes a text: it calls the handler.
func receive(handler http.Handler, text string) {
	body := fmt.Appendf(nil, `{"app_id":"app-1","message":{"id":%[1]q,"conversation_id":"C","contact_message":{"text_message":{"text":%[1]q}}}}`, text)
	callback := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/sinch", bytes.NewReader(body))
	callback.Header = webhook.Sign(body, "WEBHOOK_SECRET", text, time.Now())
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, callback)
	if answer.Code != http.StatusOK {
		panic(answer.Code)
	}
}
