// Command otp sends a one-time password over WhatsApp, waits for up to two minutes until it is delivered, and falls back
// to SMS.
//
//	go run ./examples/otp                                   # on a fake server: WhatsApp fails, and SMS delivers
//	go run ./examples/otp -live -addr :8080 -to +15551230000  # on Sinch: a person gets the code
//
// With -live it needs SINCH_PROJECT_ID, SINCH_KEY_ID, SINCH_KEY_SECRET, SINCH_CONVERSATION_REGION, SINCH_APP_ID and
// SINCH_WEBHOOK_SECRET. The webhook is registered as for the program webhook, for MESSAGE_DELIVERY.
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/examples/internal/setup"
	"github.com/sinchgo/conversation/webhook"
)

func main() {
	os.Exit(setup.Main("otp", run))
}

func run(ctx context.Context, p *setup.Program) error {
	addr := p.Flags.String("addr", "127.0.0.1:0", "where to listen")
	to := p.Text("to", "+1 555 123 0000", "the phone number, with the code of the country")
	secret := p.Secret("SINCH_WEBHOOK_SECRET", "made-up-secret", "the secret of the webhook")
	p.FakeConfig = conversationtest.Config{OnRequest: func(request conversationtest.Request, _ time.Duration) {
		if strings.HasSuffix(request.Path, "/messages:send") && request.Status == http.StatusOK {
			report(p)
		}
	}}
	client, appID, err := p.ConnectApp() // yours: conversation.NewClientFromEnv()
	if err != nil {
		return err
	}
	phone, err := conversation.E164(*to)
	if err != nil {
		return err
	}

	receiver, err := webhook.NewReceiver(webhook.WithSecret(*secret))
	if err != nil {
		return err
	}
	tracker := webhook.NewTracker()
	defer tracker.Close()
	tracker.Follow(receiver)
	target, stop, err := serve(ctx, *addr, receiver)
	if err != nil {
		return err
	}
	defer stop()
	if !p.Live {
		p.Fake.AddWebhook(target, *secret, conversation.TriggerMessageDelivery)
	}

	channel, err := (&codes{client: client, tracker: tracker, appID: appID}).Send(ctx, phone, newCode())
	if err != nil {
		return err
	}
	p.Printf("The code was delivered over %s.\n", channel)
	return nil
}

// newCode returns six random digits.
func newCode() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic(err) // The reader never returns an error.
	}
	return fmt.Sprintf("%06d", n)
}

// serve answers callbacks until stop is called, and returns the URL.
func serve(ctx context.Context, addr string, receiver http.Handler) (target string, stop func(), err error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return "", nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("POST /sinch", receiver)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	return "http://" + listener.Addr().String() + "/sinch", func() { _ = server.Close() }, nil
}

// report plays the delivery report of the newest message: WhatsApp does not reach the person, and SMS does.
func report(p *setup.Program) {
	sent := p.Fake.Sent()
	newest := sent[len(sent)-1]
	channel := newest.Request.Recipient.IdentifiedBy.ChannelIdentities[0].Channel
	if channel != conversation.ChannelWhatsApp {
		p.Printf("%s: delivered\n", channel)
		_ = p.Fake.Deliver(newest.MessageID)
		return
	}
	reason := conversation.Reason{Code: conversation.ReasonRecipientNotReachable, Description: "the person has no WhatsApp"}
	p.Printf("%s: %s\n", channel, reason)
	_ = p.Fake.Fail(newest.MessageID, reason)
}
