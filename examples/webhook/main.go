// Command webhook receives callbacks: it verifies their signatures, echoes each text message, and prints the delivery
// status of the answers.
//
//	go run ./examples/webhook                     # a short dialogue with itself on a fake server
//	go run ./examples/webhook -live -addr :8080   # on Sinch: people get answers; serves until interrupted
//
// With -live it needs SINCH_PROJECT_ID, SINCH_KEY_ID, SINCH_KEY_SECRET, SINCH_CONVERSATION_REGION, SINCH_APP_ID and
// SINCH_WEBHOOK_SECRET. Register the webhook with the program appsetup, or with -register URL: its target is the public URL
// of this server, with the path /sinch.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/examples/internal/setup"
	"github.com/sinchgo/conversation/webhook"
)

func main() {
	os.Exit(setup.Main("webhook", run))
}

func run(ctx context.Context, p *setup.Program) error {
	addr := p.Flags.String("addr", "127.0.0.1:0", "where to listen")
	register := p.Flags.String("register", "", "the `URL` of this server, which is registered as a webhook of the app unless it is one")
	secret := p.Secret("SINCH_WEBHOOK_SECRET", "made-up-secret", "the secret of the webhook")
	p.FakeConfig = conversationtest.Config{Script: conversationtest.ScriptRead}
	client, appID, err := p.ConnectApp() // yours: conversation.NewClientFromEnv()
	if err != nil {
		return err
	}

	receiver, err := webhook.NewReceiver(webhook.WithSecret(*secret))
	if err != nil {
		return err
	}
	bot := &bot{client: client, p: p, states: map[string]conversation.DeliveryStatus{}}
	webhook.On(receiver, bot.answer)
	webhook.On(receiver, bot.note)
	mux := http.NewServeMux()
	mux.Handle("POST /sinch", receiver)

	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", *addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	p.Printf("Listening on http://%s/sinch.\n", listener.Addr())

	if *register != "" {
		if err := addWebhook(ctx, client, appID, *register, *secret); err != nil {
			return err
		}
	}
	if p.Live {
		select {
		case err := <-served:
			return err
		case <-ctx.Done():
		}
	} else if err := play(ctx, p, "http://"+listener.Addr().String()+"/sinch", *secret); err != nil {
		return err
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return server.Shutdown(stopping) // waits for running functions
}

// addWebhook registers a webhook, unless the app has one with this target.
func addWebhook(ctx context.Context, client *conversation.Client, appID, target, secret string) error {
	listed, err := client.Webhooks.List(ctx, appID)
	if err != nil {
		return err
	}
	for _, webhook := range listed.Webhooks {
		if webhook.Target == target {
			return nil
		}
	}
	_, err = client.Webhooks.Create(ctx, appID, &conversation.CreateWebhookRequest{
		Target:   target,
		Secret:   secret,
		Triggers: []conversation.WebhookTrigger{conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery},
	})
	return err
}

// play speaks as a contact on the fake, and waits for the callbacks.
func play(ctx context.Context, p *setup.Program, target, secret string) error {
	p.Fake.AddWebhook(target, secret, conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery)
	for _, text := range []string{"Hello?", "Is anybody there?"} {
		p.Fake.Receive(conversationtest.From(conversation.ChannelSMS, "15551230000"), conversationtest.InboundText(text))
		if err := p.Fake.WaitForCallbacks(ctx); err != nil {
			return err
		}
	}
	if failed := undelivered(p.Fake); failed > 0 {
		return fmt.Errorf("%d callbacks failed", failed)
	}
	return nil
}

func undelivered(fake *conversationtest.Server) int {
	count := 0
	for _, callback := range fake.Callbacks() {
		if !callback.Delivered {
			count++
		}
	}
	return count
}
