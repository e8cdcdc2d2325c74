// Command observability prints the traces and metrics of a send that is retried, and of the callbacks about it.
//
//	go run ./examples/observability                                   # on a fake server
//	go run ./examples/observability -live -addr :8080 -to +15551230000  # on Sinch: a person gets a message
//
// With -live it needs SINCH_PROJECT_ID, SINCH_KEY_ID, SINCH_KEY_SECRET, SINCH_CONVERSATION_REGION, SINCH_APP_ID and
// SINCH_WEBHOOK_SECRET. The webhook is registered as for the program webhook, for MESSAGE_DELIVERY and MESSAGE_INBOUND.
package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/examples/internal/setup"
	"github.com/sinchgo/conversation/otelconversation"
	"github.com/sinchgo/conversation/webhook"
)

func main() {
	os.Exit(setup.Main("observability", run))
}

func run(ctx context.Context, p *setup.Program) error {
	addr := p.Flags.String("addr", "127.0.0.1:0", "where to listen")
	to := p.Text("to", "+1 555 123 0000", "the phone number, with the code of the country")
	secret := p.Secret("SINCH_WEBHOOK_SECRET", "made-up-secret", "the secret of the webhook")

	signals, err := newSignals(p.Out)
	if err != nil {
		return err
	}
	observer, err := otelconversation.NewObserver(
		otelconversation.WithTracerProvider(signals.tracers),
		otelconversation.WithMeterProvider(signals.meters),
		otelconversation.WithMetadataPropagation()) // the callbacks belong to the trace of the send
	if err != nil {
		return err
	}
	p.Options = []conversation.Option{conversation.WithObserver(observer)}
	p.FakeConfig = conversationtest.Config{Script: conversationtest.ScriptDeliver}
	client, appID, err := p.ConnectApp() // yours: conversation.NewClientFromEnv(conversation.WithObserver(observer))
	if err != nil {
		return err
	}
	phone, err := conversation.E164(*to)
	if err != nil {
		return err
	}

	receiver, err := webhook.NewReceiver(webhook.WithSecret(*secret), webhook.WithObserver(observer))
	if err != nil {
		return err
	}
	tracker := webhook.NewTracker()
	defer tracker.Close()
	tracker.Follow(receiver)
	mux := http.NewServeMux()
	mux.Handle("POST /sinch", receiver)
	mux.Handle("GET /metrics", promhttp.HandlerFor(signals.registry, promhttp.HandlerOpts{}))
	base, stop, err := serve(ctx, *addr, mux)
	if err != nil {
		return err
	}
	defer stop()
	if !p.Live {
		play(p.Fake, base+"/sinch", *secret)
	}

	sent, err := client.Messages.Send(ctx, &conversation.SendMessageRequest{
		AppID: appID, Recipient: conversation.ToChannel(conversation.ChannelSMS, phone), Message: conversation.Text("Your table is ready."),
	})
	if err != nil {
		return err
	}
	if !p.Live {
		p.Fake.Receive(conversationtest.From(conversation.ChannelSMS, phone), conversationtest.InboundText("On my way"))
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	report, err := tracker.Wait(ctx, sent.MessageID)
	if err != nil {
		return err
	}
	if !p.Live {
		if err := p.Fake.WaitForCallbacks(ctx); err != nil {
			return err
		}
	}
	p.Printf("The message is %s.\n", report.Status)
	if err := signals.print(ctx, p); err != nil {
		return err
	}
	return scrape(ctx, p, base+"/metrics")
}

// play has the fake reject the first request of the send, and report that the message was delivered.
func play(fake *conversationtest.Server, target, secret string) {
	fake.AddWebhook(target, secret, conversation.TriggerMessageDelivery, conversation.TriggerMessageInbound)
	fake.Fault(conversationtest.Fault{Kind: conversationtest.FaultRateLimit, RetryAfter: "1", Times: 1, Operation: "Messages.Send"})
}

// serve answers requests until stop is called, and returns the URL.
func serve(ctx context.Context, addr string, handler http.Handler) (base string, stop func(), err error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	return "http://" + listener.Addr().String(), func() { _ = server.Close() }, nil
}
