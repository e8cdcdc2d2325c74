package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
)

// errNoTurn is the reason of a request that was held back.
var errNoTurn = errors.New("the turn of the request is over")

// attempt sends a stored message if it can leave before a time, and returns the new state of its entry. A queue records the attempt before
// it: the process may end before the outcome is known.
func attempt(ctx context.Context, client *conversation.Client, stored []byte, until time.Time) (string, error) {
	req, err := outbox.Decode(stored)
	if err != nil {
		return "", err
	}
	req.MessageMetadata = outbox.WithID(req.MessageMetadata, req.CorrelationID)
	_, err = outbox.Send(ctx, client, req, func() error {
		if time.Now().After(until) {
			return errNoTurn
		}
		return nil
	})
	if errors.Is(err, errNoTurn) {
		return "queued", nil
	}
	switch outbox.OutcomeOf(err) {
	case conversation.OutcomeAccepted:
		return "accepted", nil
	case conversation.OutcomeRejected:
		return "rejected: " + outbox.Redact(err.Error()), nil
	case conversation.OutcomeNotSent:
		return "queued", nil
	default:
		return "unknown", nil // until a callback reports on it: see ReportOf
	}
}

// A queue stores a message, and a worker sends it in its turn.
func Example() {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"message_id":"01HX"}`)
	}))
	defer api.Close()
	client, err := conversation.NewClient("PROJECT_ID", conversation.WithBasicAuth("KEY_ID", "KEY_SECRET"), conversation.WithBaseURL(api.URL))
	if err != nil {
		fmt.Println(err)
		return
	}
	stored, err := outbox.Encode(&conversation.SendMessageRequest{
		AppID:         "APP_ID",
		Recipient:     conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		Message:       conversation.Text("Your table is ready."),
		CorrelationID: "order-4711",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(attempt(context.Background(), client, stored, time.Now().Add(-time.Second)))
	fmt.Println(attempt(context.Background(), client, stored, time.Now().Add(time.Minute)))
	// Output:
	// queued <nil>
	// accepted <nil>
}
