// Command campaign sends a message to each person of a CSV file through a durable queue, and follows it to its delivery.
//
//	go run ./examples/campaign                                                   # 300 messages to a fake server in this process
//	go run ./examples/campaign -live -file people.csv -dir campaign -addr :8080  # on Sinch
//
// On the fake, it starts in the wrong region, which is noticed after a handful of messages. It is mended, the campaign is paused in
// the middle, and codes that are enqueued behind it overtake it. At the end it compares the queue with what the fake received:
// everybody got one message.
//
// The file has the columns id, name and number, with a header line. The id is yours, such as a customer number. It identifies the
// message in the queue, so a second run with the same file and folder sends nothing twice, and continues where the first was
// interrupted. Meanwhile, conversation-relay -dir campaign looks into the queue, pauses and cancels.
//
// With -live it needs SINCH_PROJECT_ID, SINCH_KEY_ID, SINCH_KEY_SECRET, SINCH_CONVERSATION_REGION, SINCH_APP_ID and
// SINCH_WEBHOOK_SECRET, and a webhook of the app with the trigger MESSAGE_DELIVERY. It ends when each message is delivered or
// has failed.
package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/examples/internal/setup"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
	"github.com/sinchgo/conversation/webhook"
)

func main() {
	os.Exit(setup.Main("campaign", run))
}

func run(ctx context.Context, p *setup.Program) error {
	file := p.Text("file", "", "a CSV file with the columns id, name and number")
	dir := p.Text("dir", "", "the folder for the queue")
	addr := p.Flags.String("addr", "127.0.0.1:0", "where to listen for delivery reports")
	secret := p.Secret("SINCH_WEBHOOK_SECRET", "made-up-secret", "the secret of the webhook")
	p.FakeConfig = conversationtest.Config{
		Script: conversationtest.ScriptDeliver, Callbacks: conversationtest.CallbackConfig{Rate: -1},
	}
	client, appID, err := p.ConnectApp()
	if err != nil {
		return err
	}
	people, err := readPeople(*file)
	if err != nil {
		return err
	}
	if !p.Live && *dir == "" {
		made, err := os.MkdirTemp("", "campaign")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(made) }()
		*dir = filepath.Join(made, "queue")
	}

	queue, err := open(ctx, *dir, p.Live)
	if err != nil {
		return err
	}
	defer queue.Close()
	target, stop, err := receive(ctx, queue.Inbox(), *addr, *secret)
	if err != nil {
		return err
	}
	defer stop()
	p.Printf("Listening on %s.\n", target)
	c := &campaign{p: p, queue: queue, outbox: queue.Outbox(), appID: appID}
	if p.Live {
		return c.send(ctx, client, people)
	}
	p.Fake.AddWebhook(target, *secret, conversation.TriggerMessageDelivery)
	return c.play(ctx, client, people)
}

// open opens the queue. On the fake it syncs once a second, so that a slow disk does not matter.
func open(ctx context.Context, dir string, live bool) (*relay.Relay, error) {
	listen := embedded.WithListen("127.0.0.1:0") // for conversation-relay -dir
	if live {
		return relay.Open(ctx, embedded.Dir(dir, listen))
	}
	return relay.Open(ctx, embedded.Dir(dir, listen, embedded.WithSyncEvery(time.Second)), relay.WithWeakDurability())
}

// receive listens for delivery reports until stop is called. The inbox adds them to the entries that they are about.
func receive(ctx context.Context, inbox *relay.Inbox, addr, secret string) (target string, stop func(), err error) {
	receiver, err := webhook.NewReceiver(webhook.WithSecret(secret))
	if err != nil {
		return "", nil, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return "", nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("POST /sinch", inbox.Handler(receiver))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() { _ = server.Serve(listener) })
	running.Go(func() { _ = inbox.Run(ctx, receiver) }) // fails for wrong options only
	stop = func() {
		cancel()
		_ = server.Close()
		running.Wait()
	}
	return "http://" + listener.Addr().String() + "/sinch", stop, nil
}
