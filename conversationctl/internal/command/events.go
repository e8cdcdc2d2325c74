package command

import (
	"context"
	"iter"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/internal/console"
)

func newEvents(p *program) *cobra.Command {
	event := object{one: "event", many: "events", create: "Send"}
	return newResource(event, "Send events and read stored ones",
		"Events are, among others, typing indicators and reactions. create sends an event. The API cannot change an event, so\n"+
			"there is no update. It stores no events of apps in DISPATCH mode.",
		newEventsList(p, event),
		newGet(p, event, func(ctx context.Context, client *conversation.Client, id string) (any, error) {
			return client.Events.Get(ctx, id)
		}),
		newEventsCreate(p, event),
		newDelete(p, event, "",
			func(ctx context.Context, client *conversation.Client, id string) error {
				return client.Events.Delete(ctx, id)
			}),
	)
}

func newEventsList(p *program, event object) *cobra.Command {
	var params conversation.ListEventsParams
	cmd := newList(p, event, listing[conversation.ConversationEvent]{
		columns: []string{"ID", "ACCEPTED", "DIRECTION", "CHANNEL", "IDENTITY", "EVENT"},
		row: func(event *conversation.ConversationEvent) []string {
			to := event.ChannelIdentity
			return []string{
				event.ID, console.Stamp(event.AcceptTime.Time), string(event.Direction), string(to.Channel), to.Identity,
				kindOf(event.AppEvent, event.ContactEvent, event.ContactMessageEvent),
			}
		},
		pages: func(ctx context.Context, client *conversation.Client, from page) iter.Seq2[*conversation.ConversationEvent, error] {
			params.PageSize, params.PageToken = from.size, from.token
			return client.Events.All(ctx, &params)
		},
		maxPage: 20,
	})
	cmd.Example = "  conversationctl events list --contact " + exampleID
	cmd.Flags().StringVar(&params.ConversationID, "conversation", "", "only those of the conversation with this `id`. It or --contact is required")
	cmd.Flags().StringVar(&params.ContactID, "contact", "", "only those of the contact with this `id`")
	return cmd
}

func newEventsCreate(p *program, event object) *cobra.Command {
	var app string
	cmd := newCreate(p, event, `{"recipient":{"contact_id":"`+exampleID+`"},"event":{"composing_event":{}}}`,
		func(ctx context.Context, client *conversation.Client, req *conversation.SendEventRequest) (_ any, err error) {
			if req.AppID, err = fileApp(app, req.AppID); err != nil {
				return nil, err
			}
			return client.Events.Send(ctx, req)
		})
	fileAppFlag(cmd, &app)
	return cmd
}
