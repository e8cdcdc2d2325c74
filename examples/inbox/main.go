// Command inbox stores callbacks in a durable queue before it answers them, and handles them from there. None is lost when
// a function fails or the workers restart, and none is handled twice.
//
//	go run ./examples/inbox                                 # a contact on a fake server writes, and faults happen
//	go run ./examples/inbox -live -addr :8080 -dir queue    # on Sinch: prints messages until it is interrupted
//
// With -live it needs SINCH_PROJECT_ID, SINCH_KEY_ID, SINCH_KEY_SECRET, SINCH_CONVERSATION_REGION, SINCH_APP_ID and
// SINCH_WEBHOOK_SECRET. The webhook is registered as for the program webhook.
package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/examples/internal/setup"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
	"github.com/sinchgo/conversation/webhook"
)

func main() {
	os.Exit(setup.Main("inbox", run))
}

func run(ctx context.Context, p *setup.Program) error {
	addr := p.Flags.String("addr", "127.0.0.1:0", "where to listen")
	dir := p.Text("dir", "", "the folder for the queue")
	secret := p.Secret("SINCH_WEBHOOK_SECRET", "made-up-secret", "the secret of the webhook")
	p.FakeConfig = conversationtest.Config{Callbacks: conversationtest.CallbackConfig{Rate: -1}}
	if _, _, err := p.ConnectApp(); err != nil {
		return err
	}
	if !p.Live && *dir == "" {
		made, err := os.MkdirTemp("", "inbox")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(made) }()
		*dir = filepath.Join(made, "queue")
	}

	receiver, err := webhook.NewReceiver(webhook.WithSecret(*secret))
	if err != nil {
		return err
	}
	desk := &desk{p: p, away: !p.Live}
	webhook.On(receiver, desk.take)
	queue, err := relay.Open(ctx, embedded.Dir(*dir, embedded.WithListen("127.0.0.1:0"))) // conversation-relay -dir may look in
	if err != nil {
		return err
	}
	defer queue.Close()
	target, server, err := serve(ctx, *addr, queue.Inbox().Handler(receiver))
	if err != nil {
		return err
	}
	p.Printf("Listening on %s.\n", target)

	if p.Live {
		return queue.Inbox().Run(ctx, receiver, relay.WithInOrder())
	}
	defer func() { _ = server.Close() }()
	p.Fake.AddWebhook(target, *secret, desk.triggers()...)
	return play(ctx, p, desk, &workers{inbox: queue.Inbox(), receiver: receiver}, queue)
}

// serve answers callbacks until the context ends.
func serve(ctx context.Context, addr string, handler http.Handler) (string, *http.Server, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return "", nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("POST /sinch", handler)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	context.AfterFunc(ctx, func() { _ = server.Close() })
	return "http://" + listener.Addr().String() + "/sinch", server, nil
}
