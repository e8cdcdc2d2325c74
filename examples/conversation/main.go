// Command conversation runs a conversation: it creates one with a contact, sends a message into it and stops it.
//
//	go run ./examples/conversation                               # on a fake server in this process
//	go run ./examples/conversation -live -to SMS:15551230000     # on Sinch: creates a contact, who gets the message
//	go run ./examples/conversation -live -contact 01HXCONTACT    # the same with an existing contact
//
// With -live it needs SINCH_PROJECT_ID, SINCH_KEY_ID, SINCH_KEY_SECRET, SINCH_CONVERSATION_REGION and SINCH_APP_ID,
// which must be an app in CONVERSATION mode.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/examples/internal/setup"
)

func main() {
	os.Exit(setup.Main("conversation", run))
}

func run(ctx context.Context, p *setup.Program) error {
	to := p.Recipient("SMS:15551230000")
	// In DISPATCH mode, the default, messages belong to no conversation.
	p.FakeConfig = conversationtest.Config{Mode: conversation.ProcessingModeConversation}
	client, appID, err := p.ConnectApp() // yours: conversation.NewClientFromEnv()
	if err != nil {
		return err
	}

	if to.IdentifiedBy != nil {
		contact, err := client.Contacts.Create(ctx, &conversation.CreateContactRequest{
			ChannelIdentities: to.IdentifiedBy.ChannelIdentities,
			Language:          "EN",
		})
		if err != nil {
			return err
		}
		p.Printf("Created contact %s with %s.\n", contact.ID, p.Person(to))
		*to = conversation.ToContact(contact.ID)
	}

	created, err := client.Conversations.Create(ctx, &conversation.CreateConversationRequest{
		AppID:     appID,
		ContactID: to.ContactID,
	})
	if err != nil {
		return err
	}
	p.Printf("Created conversation %s. Active: %t.\n", created.ID, created.Active)

	// A message to a contact belongs to the contact's active conversation with the app.
	sent, err := client.Messages.Send(ctx, &conversation.SendMessageRequest{
		AppID:     appID,
		Recipient: *to,
		Message:   conversation.Text("Hello! How can we help?"),
	})
	if conversation.OutcomeOf(err) == conversation.OutcomeUnknown {
		return fmt.Errorf("the message may have been sent: do not blindly send it again: %w", err)
	}
	if err != nil {
		return err
	}
	p.Printf("Sent message %s.\n", sent.MessageID)

	stored := &conversation.ListMessagesParams{ConversationID: created.ID, MessagesSource: conversation.MessageSourceConversation}
	for message, err := range client.Messages.All(ctx, stored) {
		if err != nil {
			return err
		}
		p.Printf("The conversation holds message %s, %s.\n", message.ID, message.Direction)
	}

	if err := client.Conversations.Stop(ctx, created.ID); err != nil {
		return err
	}
	stopped, err := client.Conversations.Get(ctx, created.ID)
	if err != nil {
		return err
	}
	p.Printf("Stopped the conversation. Active: %t.\n", stopped.Active)
	return nil
}
