package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
	"github.com/sinchgo/conversation/webhook"
)

// What is stored decodes to the message that was encoded.
func ExampleEncode() {
	stored, err := outbox.Encode(&conversation.SendMessageRequest{
		AppID:     "APP_ID",
		Recipient: conversation.ToContact("CONTACT_ID"),
		Message:   conversation.Text("Fish & chips are ready."),
	})
	fmt.Println(string(stored), err)
	// Output: {"app_id":"APP_ID","message":{"text_message":{"text":"Fish & chips are ready."}},"recipient":{"contact_id":"CONTACT_ID"}} <nil>
}

func ExampleDecode() {
	request, err := outbox.Decode([]byte(`{"app_id":"APP_ID","message":{"text_message":{"text":"Hi!"}},"recipient":{"contact_id":"CONTACT_ID"}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(request.Recipient.ContactID, request.Message.TextMessage.Text)
	// Output: CONTACT_ID Hi!
}

func ExampleWithID() {
	fmt.Println(outbox.WithID(`{"table":7}`, "order-4711"))
	// Output: {"table":7,"relay_id":"order-4711"}
}

// The ID of the entry travels with the message, and comes back in its delivery reports.
func ExampleReportOf() {
	event, err := webhook.Parse([]byte(`{"app_id":"A","message_delivery_report":` +
		`{"message_id":"01HX","status":"DELIVERED","metadata":"{\"table\":7,\"` + outbox.MetadataKey + `\":\"order-4711\"}"}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	report := outbox.ReportOf(event)
	fmt.Println(report.ID, report.MessageID, report.Delivery)
	// Output: order-4711 01HX DELIVERED
}

// What an error says is stored without phone numbers.
func ExampleRedact() {
	fmt.Println(outbox.Redact("no route to +15551230000\n(attempt 1)"))
	// Output: no route to +******* (attempt 1)
}

func ExampleOutcomeOf() {
	for _, failure := range []error{nil, &conversation.ArgumentError{}, outbox.ErrTokenRejected, errors.New("anything else")} {
		fmt.Println(outbox.OutcomeOf(failure))
	}
	// Output:
	// accepted
	// rejected
	// not sent
	// unknown
}

// The turn of a request is over before it leaves: it is not sent, whatever the client would retry.
func ExampleSend() {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"message_id":"01HX"}`)
	}))
	defer api.Close()
	client, err := conversation.NewClient("PROJECT_ID", conversation.WithBasicAuth("KEY_ID", "KEY_SECRET"), conversation.WithBaseURL(api.URL))
	if err != nil {
		fmt.Println(err)
		return
	}
	request := &conversation.SendMessageRequest{
		AppID:     "APP_ID",
		Recipient: conversation.ToContact("CONTACT_ID"),
		Message:   conversation.Text("Your table is ready."),
	}
	sent, err := outbox.Send(context.Background(), client, request, func() error { return nil })
	fmt.Println(sent.MessageID, err)

	_, err = outbox.Send(context.Background(), client, request, func() error { return errNoTurn })
	fmt.Println(errors.Is(err, errNoTurn))
	// Output:
	// 01HX <nil>
	// true
}
