package webhook_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// A tracker waits until a message is delivered. Here the report arrives first, which makes no difference.
func ExampleTracker() {
	receiver, err := webhook.NewReceiver(webhook.WithSecret("WEBHOOK_SECRET"))
	if err != nil {
		fmt.Println(err)
		return
	}
	tracker := webhook.NewTracker()
	defer tracker.Close()
	tracker.Follow(receiver) // http.Handle("POST /sinch", receiver)

	// What Sinch does:
	body := []byte(`{"app_id":"A","correlation_id":"order 7","message_delivery_report":{"message_id":"01HX","status":"DELIVERED"}}`)
	request := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/sinch", bytes.NewReader(body))
	request.Header = webhook.Sign(body, "WEBHOOK_SECRET", "nonce", time.Now())
	receiver.ServeHTTP(httptest.NewRecorder(), request)

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond) // yours: some minutes
	defer cancel()
	report, err := tracker.Wait(ctx, "01HX")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.MessageID, report.Status)

	_, err = tracker.Wait(ctx, "order 7", conversation.DeliveryStatusRead)
	fmt.Println("not read in time:", errors.Is(err, context.DeadlineExceeded))
	// Output:
	// 01HX DELIVERED
	// not read in time: true
}

// A program with one process: the tracker lives as long as the receiver.
func ExampleNewTracker() {
	receiver, err := webhook.NewReceiver(webhook.WithSecret("WEBHOOK_SECRET"))
	if err != nil {
		fmt.Println(err)
		return
	}
	tracker := webhook.NewTracker()
	defer tracker.Close()
	tracker.Follow(receiver)
	fmt.Println(tracker)
	// Output: webhook.Tracker{size: 100000, age: 1h0m0s}
}

// The reports of a campaign of a million messages, two IDs each, arrive before the waits begin.
func ExampleWithTrackerSize() {
	tracker := webhook.NewTracker(webhook.WithTrackerSize(2_000_000))
	defer tracker.Close()
	fmt.Println(tracker)
	// Output: webhook.Tracker{size: 2000000, age: 1h0m0s}
}

// Codes are valid for ten minutes: nobody waits for older ones.
func ExampleWithTrackerAge() {
	tracker := webhook.NewTracker(webhook.WithTrackerAge(10 * time.Minute))
	defer tracker.Close()
	fmt.Println(tracker)
	// Output: webhook.Tracker{size: 100000, age: 10m0s}
}
