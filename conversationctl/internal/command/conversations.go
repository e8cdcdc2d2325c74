package command

import (
	"context"
	"iter"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/internal/console"
)

func newConversations(p *program) *cobra.Command {
	thread := object{one: "conversation", many: "conversations"}
	return newResource(thread, "Read and change conversations",
		"A conversation is the thread of messages between an app and a contact. Messages of an app in DISPATCH mode have none.",
		newConversationsList(p, thread),
		newGet(p, thread, func(ctx context.Context, client *conversation.Client, id string) (any, error) {
			return client.Conversations.Get(ctx, id)
		}),
		newConversationsCreate(p, thread),
		newConversationsUpdate(p, thread),
		newChange(p, thread, change{
			verb: "stop", title: "Stop", does: "stops", done: "stopped", note: "The next message starts a new one.",
			call: func(ctx context.Context, client *conversation.Client, id string) error {
				return client.Conversations.Stop(ctx, id)
			},
		}),
		newDelete(p, thread, "The messages of a conversation are deleted with it.",
			func(ctx context.Context, client *conversation.Client, id string) error {
				return client.Conversations.Delete(ctx, id)
			}),
	)
}

func newConversationsList(p *program, thread object) *cobra.Command {
	var params conversation.ListConversationsParams
	var app string
	var active bool
	cmd := newList(p, thread, listing[conversation.Conversation]{
		columns: []string{"ID", "APP", "CONTACT", "ACTIVE", "CHANNEL", "LAST RECEIVED"},
		row: func(thread *conversation.Conversation) []string {
			return []string{
				thread.ID, thread.AppID, thread.ContactID, strconv.FormatBool(thread.Active), string(thread.ActiveChannel),
				console.Stamp(thread.LastReceived.Time),
			}
		},
		pages: func(ctx context.Context, client *conversation.Client, from page) iter.Seq2[*conversation.Conversation, error] {
			params.PageSize, params.PageToken = from.size, from.token
			params.AppID = optionalApp(app)
			if active {
				params.OnlyActive = &active
			}
			return client.Conversations.All(ctx, &params)
		},
		maxPage: 20,
	})
	appFlag(cmd, &app, "only those of the app with this `id`. The app or --contact is required")
	cmd.Flags().StringVar(&params.ContactID, "contact", "", "only those of the contact with this `id`")
	cmd.Flags().BoolVar(&active, "active", false, "only active ones")
	channelFlag(cmd, &params.ActiveChannel, "channel", "only those whose active channel is this `channel`")
	return cmd
}

func newConversationsCreate(p *program, thread object) *cobra.Command {
	var app string
	cmd := newCreate(p, thread, `{"contact_id":"`+exampleID+`"}`,
		func(ctx context.Context, client *conversation.Client, req *conversation.CreateConversationRequest) (_ any, err error) {
			if req.AppID, err = fileApp(app, req.AppID); err != nil {
				return nil, err
			}
			return client.Conversations.Create(ctx, req)
		})
	fileAppFlag(cmd, &app)
	return cmd
}

func newConversationsUpdate(p *program, thread object) *cobra.Command {
	var mask []string
	var strategy conversation.ConversationMetadataUpdateStrategy
	cmd := newUpdate(p, thread, `{"metadata":"vip"}`,
		func(ctx context.Context, client *conversation.Client, id string, req *conversation.UpdateConversationRequest) (any, error) {
			req.UpdateMask, req.MetadataUpdateStrategy = mask, strategy
			return client.Conversations.Update(ctx, id, req)
		})
	maskFlag(cmd, &mask)
	choiceFlag(cmd, (*string)(&strategy), "metadata-strategy", "how metadata is changed",
		string(conversation.MetadataReplace), string(conversation.MetadataMergePatch))
	return cmd
}
