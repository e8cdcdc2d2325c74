package command

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation"
)

const sampleApp = `{"display_name":"Restaurant","channel_credentials":[` +
	`{"channel":"SMS","static_bearer":{"claimed_identity":"SERVICE_PLAN_ID","token":"API_TOKEN"}}]}`

func newApps(p *program) *cobra.Command {
	app := object{one: "app", many: "apps", secrets: true}
	return newResource(app, "Read and change the apps of the project",
		"An app sends and receives messages on its channels. An app of another region is not found: see conversationctl doctor.",
		newAppsList(p, app),
		newGet(p, app, func(ctx context.Context, client *conversation.Client, id string) (any, error) {
			return client.Apps.Get(ctx, id)
		}),
		newCreate(p, app, sampleApp,
			func(ctx context.Context, client *conversation.Client, req *conversation.CreateAppRequest) (any, error) {
				return client.Apps.Create(ctx, req)
			}),
		newAppsUpdate(p, app),
		newDelete(p, app, "Programs that send with it, and its webhooks, stop working.",
			func(ctx context.Context, client *conversation.Client, id string) error {
				return client.Apps.Delete(ctx, id)
			}),
	)
}

func newAppsList(p *program, app object) *cobra.Command {
	return newList(p, app, listing[conversation.App]{
		columns: []string{"ID", "NAME", "MODE", "CHANNELS"},
		row: func(app *conversation.App) []string {
			var channels []string
			for _, credential := range app.ChannelCredentials {
				channels = append(channels, string(credential.Channel))
			}
			return []string{app.ID, app.DisplayName, string(app.ProcessingMode), strings.Join(channels, " ")}
		},
		items: func(ctx context.Context, client *conversation.Client) ([]conversation.App, error) {
			list, err := client.Apps.List(ctx)
			if err != nil {
				return nil, err
			}
			return list.Apps, nil
		},
	})
}

func newAppsUpdate(p *program, app object) *cobra.Command {
	var mask []string
	cmd := newUpdate(p, app, `{"display_name":"Restaurant"}`,
		func(ctx context.Context, client *conversation.Client, id string, req *conversation.UpdateAppRequest) (any, error) {
			req.UpdateMask = mask
			return client.Apps.Update(ctx, id, req)
		})
	maskFlag(cmd, &mask)
	return cmd
}
