// Command appsetup creates an app with a channel and a webhook, and changes the triggers of the webhook.
//
//	go run ./examples/appsetup      # on a fake server in this process
//	go run ./examples/appsetup -live -name Shop -channel SMS -sender SERVICE_PLAN_ID -target https://example.com/callbacks
//
// The second line is on Sinch: the app and the webhook stay there. With -live it needs SINCH_PROJECT_ID, SINCH_KEY_ID,
// SINCH_KEY_SECRET, SINCH_CONVERSATION_REGION, SINCH_CHANNEL_TOKEN (of the sender) and SINCH_WEBHOOK_SECRET (which
// signs the callbacks; make one up).
package main

import (
	"context"
	"os"
	"strings"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/examples/internal/setup"
)

func main() {
	os.Exit(setup.Main("appsetup", run))
}

func run(ctx context.Context, p *setup.Program) error {
	name := p.Text("name", "Shop", "the name of the app")
	channel := p.Text("channel", "SMS", "a channel whose credentials are a sender and a token, such as SMS or RCS")
	sender := p.Text("sender", "SERVICE-PLAN", "the sender on that channel, such as a service plan id")
	token := p.Secret("SINCH_CHANNEL_TOKEN", "made-up-token", "set it to the token of the sender")
	target := p.Text("target", "https://example.com/callbacks", "the https URL that gets the callbacks")
	secret := p.Secret("SINCH_WEBHOOK_SECRET", "made-up-secret", "set it to a string that signs the callbacks")
	client, err := p.Connect() // yours: conversation.NewClientFromEnv()
	if err != nil {
		return err
	}

	on := conversation.Channel(strings.ToUpper(*channel))
	app, err := client.Apps.Create(ctx, &conversation.CreateAppRequest{
		DisplayName: *name,
		ChannelCredentials: []conversation.ChannelCredential{{
			Channel:      on,
			StaticBearer: &conversation.StaticBearer{ClaimedIdentity: *sender, Token: *token},
		}},
	})
	if err != nil {
		return err
	}
	p.Printf("Created app %s (%s) on %s.\n", app.ID, app.DisplayName, on)

	webhook, err := client.Webhooks.Create(ctx, app.ID, &conversation.CreateWebhookRequest{
		Target:   *target,
		Secret:   *secret,
		Triggers: []conversation.WebhookTrigger{conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery},
	})
	if err != nil {
		return err
	}
	p.Printf("Created webhook %s.\n", webhook.ID)

	// Fields that are not set stay as they are, such as target and secret. A list is replaced as a whole.
	_, err = client.Webhooks.Update(ctx, webhook.ID, &conversation.UpdateWebhookRequest{
		Triggers: append(webhook.Triggers, conversation.TriggerEventInbound),
	})
	if err != nil {
		return err
	}
	p.Printf("Added a trigger to it.\n")

	list, err := client.Webhooks.List(ctx, app.ID)
	if err != nil {
		return err
	}
	for _, webhook := range list.Webhooks {
		p.Printf("The app has webhook %s to %s for %v.\n", webhook.ID, webhook.Target, webhook.Triggers)
	}

	if p.Live {
		p.Printf("App and webhook stay. Export SINCH_APP_ID=%s to use the app in the other examples.\n", app.ID)
		return nil
	}
	if err := client.Webhooks.Delete(ctx, webhook.ID); err != nil {
		return err
	}
	if err := client.Apps.Delete(ctx, app.ID); err != nil {
		return err
	}
	p.Printf("Deleted both again.\n")
	return nil
}
