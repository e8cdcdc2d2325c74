package webhook_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing/iotest"
	"time"

	"github.com/sinchgo/conversation/webhook"
)

func ExampleNewReceiver() {
	receiver, err := webhook.NewReceiver(webhook.WithSecret("WEBHOOK_SECRET"))
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("POST /sinch", receiver) // the path of the webhook's target

	_, err = webhook.NewReceiver()
	fmt.Println(err)
	// Output: webhook: no secret: pass the secret of the webhook with WithSecret or WithAppSecrets, or use WithoutVerification if it has none
}

// The functions are called for events of their type.
func ExampleOn() {
	receiver, err := webhook.NewReceiver(webhook.WithSecret("WEBHOOK_SECRET"))
	if err != nil {
		fmt.Println(err)
		return
	}
	webhook.On(receiver, func(_ context.Context, event *webhook.MessageInbound) error {
		fmt.Printf("somebody wrote %q\n", event.Message.ContactMessage.Text())
		return nil // an error has Sinch redeliver the callback
	})
	webhook.On(receiver, func(_ context.Context, event *webhook.MessageDelivery) error {
		fmt.Println(event.MessageDeliveryReport.MessageID, event.MessageDeliveryReport.Status)
		return nil
	})

	deliver(receiver, greeting)
	deliver(receiver, `{"app_id":"A","message_delivery_report":{"message_id":"01HX","status":"DELIVERED"}}`)
	// Output:
	// somebody wrote "Hi!"
	// 01HX DELIVERED
}

// All that no function of On handles is counted.
func ExampleOnAny() {
	receiver, err := webhook.NewReceiver(webhook.WithSecret("WEBHOOK_SECRET"))
	if err != nil {
		fmt.Println(err)
		return
	}
	webhook.OnAny(receiver, func(_ context.Context, event webhook.Event) error {
		fmt.Println(event.Meta().AppID, event.Trigger())
		return nil
	})

	deliver(receiver, greeting)
	// Output: A MESSAGE_INBOUND
}

// While a secret is replaced, callbacks are signed with either. Remove the old one a day later.
func ExampleWithSecret() {
	receiver, err := webhook.NewReceiver(
		webhook.WithSecret("NEXT_SECRET"),
		webhook.WithSecret("WEBHOOK_SECRET"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(deliver(receiver, greeting))
	// Output: 200
}

// A webhook without a secret, behind a gateway that accepts requests of Sinch only.
func ExampleWithoutVerification() {
	receiver, err := webhook.NewReceiver(webhook.WithoutVerification())
	if err != nil {
		fmt.Println(err)
		return
	}
	request := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/sinch", strings.NewReader(greeting))
	answer := httptest.NewRecorder()
	receiver.ServeHTTP(answer, request)
	fmt.Println(answer.Code)
	// Output: 200
}

func ExampleWithMaxBody() {
	receiver, err := webhook.NewReceiver(webhook.WithSecret("WEBHOOK_SECRET"), quiet(), webhook.WithMaxBody(64<<10))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(deliver(receiver, strings.Repeat(" ", 64<<10)+greeting))
	// Output: 413
}

// The database has 20 connections. A callback above that is redelivered by Sinch.
func ExampleWithMaxConcurrent() {
	receiver, err := webhook.NewReceiver(webhook.WithSecret("WEBHOOK_SECRET"), webhook.WithMaxConcurrent(20))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(deliver(receiver, greeting))
	// Output: 200
}

// A body that does not arrive is answered with 503, so that Sinch redelivers it.
func ExampleWithReadTimeout() {
	receiver, err := webhook.NewReceiver(webhook.WithSecret("WEBHOOK_SECRET"), quiet(), webhook.WithReadTimeout(5*time.Second))
	if err != nil {
		fmt.Println(err)
		return
	}
	never := iotest.ErrReader(os.ErrDeadlineExceeded)
	request := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/sinch", never)
	request.Header = webhook.Sign(nil, "WEBHOOK_SECRET", "nonce", time.Now())
	answer := httptest.NewRecorder()
	receiver.ServeHTTP(answer, request)
	fmt.Println(answer.Code)
	// Output: 503
}

// The memory of a receiver for 25 callbacks a second: those of a day.
func ExampleNewMemoryDeduper() {
	memory := webhook.NewMemoryDeduper(24 * 60 * 60 * 25)
	receiver, err := webhook.NewReceiver(webhook.WithSecret("WEBHOOK_SECRET"), webhook.WithDeduper(memory))
	fmt.Println(receiver != nil, err)
	fmt.Println(memory)
	// Output:
	// true <nil>
	// webhook.MemoryDeduper{size: 2160000}
}

// The log has the reason of each response that is not 200, and nothing of the callback.
func ExampleWithLogger() {
	var log bytes.Buffer
	receiver, err := webhook.NewReceiver(webhook.WithSecret("ANOTHER_SECRET"),
		webhook.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(deliver(receiver, greeting))
	fmt.Println(strings.Contains(log.String(), "signature"), strings.Contains(log.String(), "Hi!"))
	// Output:
	// 401
	// true false
}

// A callback that was stored a year ago is verified as of then.
func ExampleWithClock() {
	then := time.Date(2025, 11, 30, 12, 0, 0, 0, time.UTC)
	header := webhook.Sign([]byte(greeting), "WEBHOOK_SECRET", "nonce", then)
	fmt.Println(webhook.Verify([]byte(greeting), header, "WEBHOOK_SECRET", webhook.WithClock(func() time.Time { return then })))
	// Output: <nil>
}

// The receiver was down for two days. What Sinch redelivers may have the first timestamp.
func ExampleWithMaxAge() {
	receiver, err := webhook.NewReceiver(webhook.WithSecret("WEBHOOK_SECRET"), webhook.WithMaxAge(72*time.Hour))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(deliverAt(receiver, greeting, time.Now().Add(-48*time.Hour)))
	// Output: 200
}

// A test of your handler sends it a callback as Sinch does.
func ExampleSign() {
	receiver, err := webhook.NewReceiver(webhook.WithSecret("WEBHOOK_SECRET"))
	if err != nil {
		fmt.Println(err)
		return
	}
	body := []byte(`{"app_id":"A","message":{"id":"01HX"}}`)
	request := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/sinch", bytes.NewReader(body))
	request.Header = webhook.Sign(body, "WEBHOOK_SECRET", "nonce", time.Now())
	answer := httptest.NewRecorder()
	receiver.ServeHTTP(answer, request)
	fmt.Println(answer.Code)
	// Output: 200
}
