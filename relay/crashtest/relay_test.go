//go:build crash && linux

package crashtest

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
	"github.com/sinchgo/conversation/webhook"
)

const (
	secret = "secret"
	appID  = "01K00000000000000000000000"
	lease  = 2 * time.Second
)

// place is where the engine of a relay is.
type place struct {
	Folder string        `json:"folder"` // of an embedded engine
	Every  time.Duration `json:"every"`  // of its syncs; 0 to sync always
	Listen bool          `json:"listen"` // for other processes
	Attach bool          `json:"attach"` // to the engine of another process

	URL    string `json:"url"`    // of NATS servers, instead of a folder
	Synced bool   `json:"synced"` // they sync before they acknowledge
	Weak   bool   `json:"weak"`   // weak durability is accepted
}

// open opens the relay. The function that it returns closes it.
func (p place) open(ctx context.Context, opts ...relay.Option) (*relay.Relay, func(), error) {
	if p.Synced {
		opts = append(opts, relay.WithSyncedServer())
	}
	if p.Weak {
		opts = append(opts, relay.WithWeakDurability())
	}
	if p.URL == "" {
		r, err := relay.Open(ctx, p.embedded(), opts...)
		if err != nil {
			return nil, nil, err
		}
		return r, r.Close, nil
	}
	nc, err := nats.Connect(p.URL, nats.MaxReconnects(-1), nats.ReconnectWait(100*time.Millisecond))
	if err != nil {
		return nil, nil, err
	}
	r, err := relay.Open(ctx, relay.Conn(nc), opts...)
	if err != nil {
		nc.Close()
		return nil, nil, err
	}
	return r, func() { r.Close(); nc.Close() }, nil
}

func (p place) embedded() relay.Source {
	var opts []embedded.Option
	if p.Every > 0 {
		opts = append(opts, embedded.WithSyncEvery(p.Every))
	}
	if p.Listen {
		opts = append(opts, embedded.WithListen("127.0.0.1:0"))
	}
	if p.Attach {
		return embedded.Attach(p.Folder)
	}
	return embedded.Dir(p.Folder, opts...)
}

// newPlatform returns a fake server. All have the same project and app.
func newPlatform(t *testing.T) *conversationtest.Server {
	t.Helper()
	platform := conversationtest.NewServer(conversationtest.Config{ProjectID: "project", KeyID: "key", KeySecret: "password", AppID: appID})
	t.Cleanup(platform.Close)
	return platform
}

func send(ctx context.Context, r *relay.Relay, client *conversation.Client) error {
	return r.Outbox().Run(ctx, client, relay.WithRates(300, 800), relay.WithSendLease(lease))
}

func handle(ctx context.Context, r *relay.Relay, receiver *webhook.Receiver) error {
	return r.Inbox().Run(ctx, receiver, relay.WithHandlerLease(lease))
}

func enqueue(ctx context.Context, r *relay.Relay, id string) error {
	return r.Outbox().Enqueue(ctx, &conversation.SendMessageRequest{
		AppID: appID, Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"), Message: conversation.Text(strings.Repeat("x", 300)),
	}, relay.Entry{ID: id})
}

// callback delivers a callback, and returns the status code.
func callback(handler http.Handler, id string) int {
	body := fmt.Appendf(nil, `{"app_id":"a","message":{"id":%q,"conversation_id":%q}}`, id, "c"+id[len(id)-1:])
	request := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/", bytes.NewReader(body))
	request.Header = webhook.Sign(body, secret, id, time.Now())
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	return answer.Code
}

// newReceiver calls handled with the ID of each inbound message.
func newReceiver(handled func(ctx context.Context, id string)) *webhook.Receiver {
	receiver, err := webhook.NewReceiver(webhook.WithSecret(secret))
	if err != nil {
		panic(err)
	}
	webhook.On(receiver, func(ctx context.Context, e *webhook.MessageInbound) error {
		handled(ctx, e.Message.ID)
		return ctx.Err()
	})
	return receiver
}
