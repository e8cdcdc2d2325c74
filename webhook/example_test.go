package webhook_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// A receiver verifies signatures, drops duplicates, and calls the handlers with typed events.
func ExampleReceiver() {
	receiver, err := webhook.NewReceiver(webhook.WithSecret("WEBHOOK_SECRET"))
	if err != nil {
		fmt.Println(err)
		return
	}
	webhook.On(receiver, func(_ context.Context, e *webhook.MessageInbound) error {
		fmt.Printf("%s wrote %q\n", e.Message.ChannelIdentity.Channel, e.Message.ContactMessage.Text())
		return nil
	})
	webhook.On(receiver, func(_ context.Context, e *webhook.OptOut) error {
		fmt.Println("sends no more to contact", e.OptOutNotification.ContactID)
		return nil
	})
	mux := http.NewServeMux()
	mux.Handle("POST /sinch", receiver)

	// What Sinch does:
	for _, body := range []string{
		`{"app_id":"A","message":{"contact_message":{"text_message":{"text":"Hi!"}},"channel_identity":{"channel":"SMS","identity":"15551230000"}}}`,
		`{"app_id":"A","opt_out_notification":{"contact_id":"01HX","status":"OPT_OUT_SUCCEEDED"}}`,
		`{"app_id":"A","contact_create_notification":{"contact":{"id":"01HX"}}}`,
	} {
		request := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/sinch", strings.NewReader(body))
		request.Header = webhook.Sign([]byte(body), "WEBHOOK_SECRET", fmt.Sprint("nonce", len(body)), time.Now())
		answer := httptest.NewRecorder()
		mux.ServeHTTP(answer, request)
		fmt.Println(answer.Code)
	}
	// Output:
	// SMS wrote "Hi!"
	// 200
	// sends no more to contact 01HX
	// 200
	// 200
}

// An answer goes to the contact or, in dispatch mode, to the channel identity.
func ExampleMessageInbound_Sender() {
	for _, body := range []string{
		`{"app_id":"A","message":{"contact_id":"01HX","channel_identity":{"channel":"SMS","identity":"15551230000"}}}`,
		`{"app_id":"A","message":{"processing_mode":"DISPATCH","channel_identity":{"channel":"SMS","identity":"15551230000"}}}`,
	} {
		event, err := webhook.Parse([]byte(body))
		if err != nil {
			fmt.Println(err)
			return
		}
		if e, ok := event.(*webhook.MessageInbound); ok {
			answer := conversation.SendMessageRequest{AppID: e.AppID, Recipient: e.Sender(), Message: conversation.Text("Hi!")}
			if answer.Recipient.IdentifiedBy == nil {
				fmt.Println("to contact", answer.Recipient.ContactID)
				continue
			}
			fmt.Printf("to %+v\n", answer.Recipient.IdentifiedBy.ChannelIdentities)
		}
	}
	// Output:
	// to contact 01HX
	// to [{AppID: Channel:SMS Identity:15551230000}]
}

// Reports can be duplicated and out of order. Fold keeps the latest state.
func ExampleFold() {
	var state conversation.DeliveryStatus
	for _, report := range []conversation.DeliveryStatus{"DELIVERED", "QUEUED_ON_CHANNEL", "READ", "DELIVERED"} {
		state = webhook.Fold(state, report)
		fmt.Println(state)
	}
	// Output:
	// DELIVERED
	// DELIVERED
	// READ
	// READ
}

// A store keeps the later of two reports by their ranks, in one statement:
//
//	UPDATE messages SET status = $2, status_rank = $3 WHERE id = $1 AND status_rank < $3
func ExampleFold_rank() {
	for _, status := range []conversation.DeliveryStatus{"QUEUED_ON_CHANNEL", "DELIVERED", "READ", "NEWER_THAN_THIS_PACKAGE"} {
		fmt.Println(status, status.Rank(), status.Final())
	}
	// Output:
	// QUEUED_ON_CHANNEL 10 false
	// DELIVERED 30 false
	// READ 50 true
	// NEWER_THAN_THIS_PACKAGE 0 false
}

func ExampleParse() {
	event, err := webhook.Parse([]byte(`{"app_id":"A","message_delivery_report":{"message_id":"01HX","status":"FAILED","reason":{"code":"RECIPIENT_NOT_REACHABLE","description":"the phone is off"}}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	switch e := event.(type) {
	case *webhook.MessageDelivery:
		fmt.Println(e.MessageDeliveryReport.MessageID, e.MessageDeliveryReport.Status, e.MessageDeliveryReport.Reason)
	case *webhook.Unknown:
		fmt.Println("newer than this package:", string(e.Raw))
	}
	// Output: 01HX FAILED RECIPIENT_NOT_REACHABLE: the phone is off
}

func ExampleVerify() {
	handler := func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil {
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
			return
		}
		err = webhook.Verify(body, r.Header, "WEBHOOK_SECRET")
		switch {
		case errors.Is(err, webhook.ErrTooOld), errors.Is(err, webhook.ErrTooNew): // signed, but a clock is wrong
			w.Header().Set("Retry-After", "60")
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		case err != nil:
			http.Error(w, err.Error(), http.StatusUnauthorized)
		default:
			w.WriteHeader(http.StatusOK)
		}
	}

	const callback = `{"app_id":"APP_ID","message":{"id":"01HX"}}`
	for _, secret := range []string{"WEBHOOK_SECRET", "another secret"} {
		request := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/sinch", strings.NewReader(callback))
		request.Header = webhook.Sign([]byte(callback), secret, "01FJA8B4A7BM43YGWSG9GBV067", time.Now())
		answer := httptest.NewRecorder()
		handler(answer, request)
		fmt.Println(answer.Code)
	}
	// Output:
	// 200
	// 401
}

// Callbacks are answered as soon as they are stored, and handled later.
func ExampleReceiver_Forward() {
	receiver, err := webhook.NewReceiver(webhook.WithSecret("WEBHOOK_SECRET"))
	if err != nil {
		fmt.Println(err)
		return
	}
	webhook.On(receiver, func(_ context.Context, e *webhook.OptOut) error {
		fmt.Println("sends no more to contact", e.OptOutNotification.ContactID)
		return nil
	})
	queue := make(chan []byte, 1) // a real one outlives the process
	handler := receiver.Forward(func(_ context.Context, body []byte, _ http.Header) error {
		select {
		case queue <- body:
			return nil
		default:
			return errors.New("the queue is full")
		}
	})

	// What Sinch does:
	const callback = `{"app_id":"A","opt_out_notification":{"contact_id":"01HX","status":"OPT_OUT_SUCCEEDED"}}`
	for _, nonce := range []string{"first", "second"} {
		request := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/sinch", strings.NewReader(callback))
		request.Header = webhook.Sign([]byte(callback), "WEBHOOK_SECRET", nonce, time.Now())
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		fmt.Println(answer.Code)
	}

	// What a worker does:
	event, err := webhook.Parse(<-queue)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := receiver.Handle(context.Background(), event); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 200
	// 503
	// sends no more to contact 01HX
}

// A callback that is redelivered is not handled again, although it was signed anew.
func ExampleWithDeduper() {
	receiver, err := webhook.NewReceiver(
		webhook.WithSecret("WEBHOOK_SECRET"),
		webhook.WithDeduper(webhook.NewMemoryDeduper(2_160_000)), // a day at 25 callbacks per second
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	webhook.On(receiver, func(_ context.Context, e *webhook.OptOut) error {
		fmt.Println("sends no more to contact", e.OptOutNotification.ContactID)
		return nil
	})

	// What Sinch does:
	const callback = `{"app_id":"A","opt_out_notification":{"contact_id":"01HX","status":"OPT_OUT_SUCCEEDED"}}`
	for _, nonce := range []string{"first", "second"} {
		request := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/sinch", strings.NewReader(callback))
		request.Header = webhook.Sign([]byte(callback), "WEBHOOK_SECRET", nonce, time.Now())
		answer := httptest.NewRecorder()
		receiver.ServeHTTP(answer, request)
		fmt.Println(answer.Code)
	}
	// Output:
	// sends no more to contact 01HX
	// 200
	// 200
}

// Duplicates have the same key, for a table with a row for each callback.
func ExampleDeduperKey() {
	for _, body := range []string{
		`{"message":{"id":"01HX"}}`,
		`{"message":{"id":"01HY"}}`,
		`{"message":{"id":"01HX"}}`,
	} {
		fmt.Println(webhook.DeduperKey([]byte(body)))
	}
	// Output:
	// f13f0036880288d4df470810e522f0bb07ebb3deee9247ea16804d18f61d1af7
	// 38f20ea3e45fc3e154d445a979dad9e1a5f15e5a419043e3c1fd301048788195
	// f13f0036880288d4df470810e522f0bb07ebb3deee9247ea16804d18f61d1af7
}

// Callbacks of a conversation go to the same partition, so that they are handled in order.
func ExamplePartitionKey() {
	for _, body := range []string{
		`{"message":{"id":"01HX","conversation_id":"01HCONVERSATION","contact_id":"01HCONTACT"}}`,
		`{"opt_out_notification":{"contact_id":"01HCONTACT"}}`,
		`{"channel_event_notification":{"channel_event":{"channel":"WHATSAPP"}}}`,
	} {
		fmt.Printf("%q\n", webhook.PartitionKey([]byte(body)))
	}
	// Output:
	// "01HCONVERSATION"
	// "01HCONTACT"
	// ""
}
