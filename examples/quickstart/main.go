// Command quickstart sends a text message, reads it back and lists the newest messages.
//
//	go run ./examples/quickstart                               # on a fake server in this process
//	go run ./examples/quickstart -live -to SMS:15551230000     # on Sinch: a person gets the message
//
// With -live it needs SINCH_PROJECT_ID, SINCH_KEY_ID, SINCH_KEY_SECRET, SINCH_CONVERSATION_REGION and SINCH_APP_ID.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/examples/internal/setup"
)

func main() {
	os.Exit(setup.Main("quickstart", run))
}

func run(ctx context.Context, p *setup.Program) error {
	to := p.Recipient("SMS:15551230000")
	// In DISPATCH mode, the default, messages are not stored.
	p.FakeConfig = conversationtest.Config{Mode: conversation.ProcessingModeConversation}
	client, appID, err := p.ConnectApp() // yours: conversation.NewClientFromEnv()
	if err != nil {
		return err
	}

	sent, err := client.Messages.Send(ctx, &conversation.SendMessageRequest{
		AppID:     appID,
		Recipient: *to,
		Message:   conversation.Text("Hello from Go!"),
	})
	if conversation.OutcomeOf(err) == conversation.OutcomeUnknown {
		return fmt.Errorf("the message may have been sent: do not blindly send it again: %w", err)
	}
	if err != nil {
		return err
	}
	p.Printf("Sent message %s to %s, accepted at %s.\n", sent.MessageID, p.Person(to), sent.AcceptedTime.Format(time.RFC3339))

	message, err := client.Messages.Get(ctx, sent.MessageID)
	switch {
	case p.Live && errors.Is(err, conversation.ErrNotFound):
		p.Printf("It cannot be read back (yet): Sinch does not store the messages of an app in DISPATCH mode.\n")
	case err != nil:
		return err
	case message.AppMessage != nil && message.AppMessage.TextMessage != nil:
		p.Printf("Read it back: %q.\n", message.AppMessage.TextMessage.Text)
	}

	page, err := client.Messages.List(ctx, &conversation.ListMessagesParams{AppID: appID, PageSize: 5})
	if err != nil {
		return err
	}
	if len(page.Items) == 0 {
		p.Printf("There are no stored messages.\n")
		return nil
	}
	p.Printf("\nThe newest messages:\n")
	table := tabwriter.NewWriter(p.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ACCEPTED\tDIRECTION\tIDENTITY\tMESSAGE ID")
	for _, m := range page.Items {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", m.AcceptTime.Format(time.RFC3339), m.Direction, p.Address(m.ChannelIdentity), m.ID)
	}
	return table.Flush()
}
