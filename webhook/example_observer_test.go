package webhook_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/sinchgo/conversation/webhook"
)

// printer prints callbacks: what a metric would have as labels.
type printer struct{}

func (printer) CallbackStarted(ctx context.Context, _ webhook.CallbackInfo) context.Context {
	return ctx
}

func (printer) CallbackEnded(_ context.Context, info webhook.CallbackInfo, result webhook.CallbackResult) {
	fmt.Printf("%s %q: %d %q\n", info.Operation, info.Trigger, result.StatusCode, result.Reason)
}

// An observer sees every callback, rejected ones too, and nothing of its content.
func ExampleWithObserver() {
	receiver, err := webhook.NewReceiver(webhook.WithSecret("WEBHOOK_SECRET"), webhook.WithObserver(printer{}),
		webhook.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		fmt.Println(err)
		return
	}
	// What Sinch does, and somebody else:
	body := []byte(`{"app_id":"A","message":{"contact_message":{"text_message":{"text":"Hi!"}}}}`)
	for _, secret := range []string{"WEBHOOK_SECRET", "WEBHOOK_SECRET", "another"} {
		request := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/sinch", bytes.NewReader(body))
		request.Header = webhook.Sign(body, secret, "nonce", time.Now())
		receiver.ServeHTTP(httptest.NewRecorder(), request)
	}
	// Output:
	// Receiver.ServeHTTP "MESSAGE_INBOUND": 200 ""
	// Receiver.ServeHTTP "MESSAGE_INBOUND": 200 "a duplicate was handled before"
	// Receiver.ServeHTTP "": 401 "bad signature"
}
