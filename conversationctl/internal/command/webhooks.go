package command

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation"
)

func newWebhooks(p *program) *cobra.Command {
	webhook := object{one: "webhook", many: "webhooks", secrets: true}
	return newResource(webhook, "Read and change the webhooks of an app",
		"A webhook is an address to which the API sends the events of an app. An app has at most five.",
		newWebhooksList(p, webhook),
		newGet(p, webhook, func(ctx context.Context, client *conversation.Client, id string) (any, error) {
			return client.Webhooks.Get(ctx, id)
		}),
		newWebhooksCreate(p, webhook),
		newWebhooksUpdate(p, webhook),
		newDelete(p, webhook, "",
			func(ctx context.Context, client *conversation.Client, id string) error {
				return client.Webhooks.Delete(ctx, id)
			}),
	)
}

func newWebhooksList(p *program, webhook object) *cobra.Command {
	var app string
	cmd := newList(p, webhook, listing[conversation.Webhook]{
		columns: []string{"ID", "TYPE", "TARGET", "TRIGGERS"},
		row: func(webhook *conversation.Webhook) []string {
			var triggers []string
			for _, trigger := range webhook.Triggers {
				triggers = append(triggers, string(trigger))
			}
			return []string{webhook.ID, string(webhook.TargetType), webhook.Target, strings.Join(triggers, " ")}
		},
		items: func(ctx context.Context, client *conversation.Client) ([]conversation.Webhook, error) {
			app, err := requireApp(app)
			if err != nil {
				return nil, err
			}
			list, err := client.Webhooks.List(ctx, app)
			if err != nil {
				return nil, err
			}
			return list.Webhooks, nil
		},
	})
	appFlag(cmd, &app, "`id` of the app")
	return cmd
}

func newWebhooksCreate(p *program, webhook object) *cobra.Command {
	var app string
	cmd := newCreate(p, webhook, `{"target":"https://example.com/sinch","triggers":["MESSAGE_INBOUND"]}`,
		func(ctx context.Context, client *conversation.Client, req *conversation.CreateWebhookRequest) (any, error) {
			app, err := fileApp(app, req.AppID)
			if err != nil {
				return nil, err
			}
			return client.Webhooks.Create(ctx, app, req)
		})
	fileAppFlag(cmd, &app)
	return cmd
}

func newWebhooksUpdate(p *program, webhook object) *cobra.Command {
	var mask []string
	cmd := newUpdate(p, webhook, `{"triggers":["MESSAGE_INBOUND","MESSAGE_DELIVERY"]}`,
		func(ctx context.Context, client *conversation.Client, id string, req *conversation.UpdateWebhookRequest) (any, error) {
			req.UpdateMask = mask
			return client.Webhooks.Update(ctx, id, req)
		})
	maskFlag(cmd, &mask)
	return cmd
}
