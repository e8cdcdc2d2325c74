//go:build crash && linux

package crashtest

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
	"github.com/sinchgo/conversation/webhook"
)

// The variables of the child process.
const (
	envFolder  = "CRASHTEST_FOLDER"
	envEvery   = "CRASHTEST_SYNC_EVERY"
	envProject = "CRASHTEST_PROJECT"
	envKey     = "CRASHTEST_KEY"
	envSecret  = "CRASHTEST_SECRET"
	envBase    = "CRASHTEST_BASE"
	envApp     = "CRASHTEST_APP"
)

const (
	secret = "secret"
	lease  = 2 * time.Second
	// producers is the number of goroutines that enqueue and receive.
	producers = 4
)

// TestMain runs the tests, or the process whose power is cut.
func TestMain(m *testing.M) {
	if os.Getenv(envFolder) == "" {
		os.Exit(m.Run())
	}
	fmt.Fprintln(os.Stderr, work())
	os.Exit(1)
}

// work enqueues, sends, stores callbacks and handles them until the process is killed. It prints what was acknowledged.
func work() error {
	ctx := context.Background()
	client, err := conversation.NewClient(os.Getenv(envProject), conversation.WithBasicAuth(os.Getenv(envKey), os.Getenv(envSecret)),
		conversation.WithBaseURL(os.Getenv(envBase)), conversation.WithInsecureHTTP())
	if err != nil {
		return err
	}
	every, err := time.ParseDuration(os.Getenv(envEvery))
	if err != nil {
		return err
	}
	r, err := relay.Open(ctx, source(os.Getenv(envFolder), every))
	if err != nil {
		return err
	}
	receiver := newReceiver(func(id string) { fmt.Println("handled", id) })
	failed := make(chan error, 2)
	go func() { failed <- send(ctx, r, client) }()
	go func() { failed <- handle(ctx, r, receiver) }()
	for n := range producers {
		go produce(ctx, r, receiver, n)
	}
	return <-failed
}

// produce prints each entry that was enqueued, and each callback that was answered with 200.
func produce(ctx context.Context, r *relay.Relay, receiver *webhook.Receiver, producer int) {
	handler := r.Inbox().Handler(receiver)
	for n := 0; ; n++ {
		id := fmt.Sprintf("%d-%d", producer, n)
		if err := enqueue(ctx, r, os.Getenv(envApp), id); err == nil {
			fmt.Println("enqueued", id)
		}
		if callback(handler, id) == http.StatusOK {
			fmt.Println("stored", id)
		}
		time.Sleep(8 * time.Millisecond)
	}
}

func source(folder string, every time.Duration) relay.Source {
	if every == 0 {
		return embedded.Dir(folder)
	}
	return embedded.Dir(folder, embedded.WithSyncEvery(every))
}

func send(ctx context.Context, r *relay.Relay, client *conversation.Client) error {
	return r.Outbox().Run(ctx, client, relay.WithRates(300, 800), relay.WithSendLease(lease))
}

func handle(ctx context.Context, r *relay.Relay, receiver *webhook.Receiver) error {
	return r.Inbox().Run(ctx, receiver, relay.WithHandlerLease(lease))
}

func enqueue(ctx context.Context, r *relay.Relay, app, id string) error {
	return r.Outbox().Enqueue(ctx, &conversation.SendMessageRequest{
		AppID: app, Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"), Message: conversation.Text(strings.Repeat("x", 300)),
	}, relay.Entry{ID: id})
}

// callback delivers a callback, and returns the status code.
func callback(handler http.Handler, id string) int {
	body := fmt.Appendf(nil, `{"app_id":"a","message":{"id":%q,"conversation_id":%q}}`, id, "c"+id[len(id)-1:])
	request := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	request.Header = webhook.Sign(body, secret, id, time.Now())
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	return answer.Code
}

// newReceiver calls handled with the ID of each inbound message.
func newReceiver(handled func(id string)) *webhook.Receiver {
	receiver, err := webhook.NewReceiver(webhook.WithSecret(secret))
	if err != nil {
		panic(err)
	}
	webhook.On(receiver, func(_ context.Context, e *webhook.MessageInbound) error {
		handled(e.Message.ID)
		return nil
	})
	return receiver
}
