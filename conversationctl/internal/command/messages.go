package command

import (
	"context"
	"iter"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/internal/console"
)

const aboutMessages = `The API stores the messages of an app in CONVERSATION mode, and those of an app in DISPATCH mode if the app has a
retention policy for them: find the latter with --source DISPATCH_SOURCE.

create sends a message, like conversationctl send, which has flags for it. update replaces the metadata, which is all
that can be changed. delete deletes the stored copy, and recalls nothing.`

const sampleMessage = `{"recipient":{"contact_id":"` + exampleID + `"},"message":{"text_message":{"text":"Hi"}}}`

func newMessages(p *program) *cobra.Command {
	message := object{one: "message", many: "messages", create: "Send"}
	return newResource(message, "Send messages and read stored ones", aboutMessages,
		newMessagesList(p, message), newMessagesGet(p, message), newMessagesCreate(p, message), newMessagesUpdate(p, message),
		newMessagesDelete(p, message),
	)
}

func newMessagesList(p *program, message object) *cobra.Command {
	var params conversation.ListMessagesParams
	var app string
	cmd := newList(p, message, listing[conversation.ConversationMessage]{
		columns: []string{"ID", "ACCEPTED", "DIRECTION", "CHANNEL", "IDENTITY", "CONTENT"},
		row:     messageRow,
		pages: func(ctx context.Context, client *conversation.Client, from page) iter.Seq2[*conversation.ConversationMessage, error] {
			params.PageSize, params.PageToken = from.size, from.token
			params.AppID = optionalApp(app)
			if params.MessagesSource == "" && params.ConversationID+params.ContactID != "" {
				params.MessagesSource = conversation.MessageSourceConversation // No other has these.
			}
			return client.Messages.All(ctx, &params)
		},
		maxPage: 1000,
	})
	cmd.Short = "List stored messages, newest first"
	cmd.Example = "  conversationctl messages list --channel SMS --since 24h"
	appFlag(cmd, &app, "only those of the app with this `id`")
	flags := cmd.Flags()
	flags.StringVar(&params.ConversationID, "conversation", "", "only those of the conversation with this `id`")
	flags.StringVar(&params.ContactID, "contact", "", "only those of the contact with this `id`")
	flags.StringVar(&params.ChannelIdentity, "identity", "", "only those to and from this `identity`, such as a phone number")
	channelFlag(cmd, &params.Channel, "channel", "only those of this `channel`")
	momentFlag(cmd, &params.StartTime, "since", "only those from then on")
	momentFlag(cmd, &params.EndTime, "until", "only those before then")
	choiceFlag(cmd, (*string)(&params.Direction), "direction", "only those of one direction",
		string(conversation.DirectionToApp), string(conversation.DirectionToContact))
	choiceFlag(cmd, (*string)(&params.View), "view", "whether messages have their metadata",
		string(conversation.ViewWithMetadata), string(conversation.ViewWithoutMetadata))
	sourceFlag(cmd, &params.MessagesSource)
	return cmd
}

func messageRow(message *conversation.ConversationMessage) []string {
	var to conversation.ChannelIdentity
	if message.ChannelIdentity != nil {
		to = *message.ChannelIdentity
	}
	return []string{
		message.ID, console.Stamp(message.AcceptTime.Time), string(message.Direction), string(to.Channel), to.Identity, messageContent(message),
	}
}

// messageContent returns the text of a message, or its kind in brackets.
func messageContent(message *conversation.ConversationMessage) string {
	switch sent, received := message.AppMessage, message.ContactMessage; {
	case sent != nil && sent.TextMessage != nil:
		return sent.TextMessage.Text
	case received != nil && received.TextMessage != nil:
		return received.TextMessage.Text
	case sent != nil:
		return kindOf(sent)
	default:
		return kindOf(received)
	}
}

func newMessagesGet(p *program, message object) *cobra.Command {
	var source conversation.MessageSource
	cmd := newGet(p, message, func(ctx context.Context, client *conversation.Client, id string) (any, error) {
		return client.Messages.Get(ctx, id, sourceOptions(source)...)
	})
	sourceFlag(cmd, &source)
	return cmd
}

func newMessagesCreate(p *program, message object) *cobra.Command {
	var app string
	cmd := newCreate(p, message, sampleMessage,
		func(ctx context.Context, client *conversation.Client, req *conversation.SendMessageRequest) (_ any, err error) {
			if req.AppID, err = fileApp(app, req.AppID); err != nil {
				return nil, err
			}
			return client.Messages.Send(ctx, req)
		})
	fileAppFlag(cmd, &app)
	return cmd
}

func newMessagesUpdate(p *program, message object) *cobra.Command {
	var source conversation.MessageSource
	cmd := newUpdate(p, message, `{"metadata":"seen"}`,
		func(ctx context.Context, client *conversation.Client, id string, req *conversation.UpdateMessageRequest) (any, error) {
			return client.Messages.Update(ctx, id, req, sourceOptions(source)...)
		})
	cmd.Short = "Replace the metadata of a message"
	cmd.Long = "Replace the metadata of a message, and print the message as indented JSON.\n" + aboutFile
	sourceFlag(cmd, &source)
	return cmd
}

func newMessagesDelete(p *program, message object) *cobra.Command {
	var source conversation.MessageSource
	cmd := newDelete(p, message, "A delivered message is not recalled.",
		func(ctx context.Context, client *conversation.Client, id string) error {
			return client.Messages.Delete(ctx, id, sourceOptions(source)...)
		})
	sourceFlag(cmd, &source)
	return cmd
}

func sourceFlag(cmd *cobra.Command, source *conversation.MessageSource) {
	choiceFlag(cmd, (*string)(source), "source", "which messages; DISPATCH_SOURCE has those of apps in DISPATCH mode",
		string(conversation.MessageSourceConversation), string(conversation.MessageSourceDispatch))
}

func sourceOptions(source conversation.MessageSource) []conversation.RequestOption {
	if source == "" {
		return nil
	}
	return []conversation.RequestOption{conversation.WithMessageSource(source)}
}
