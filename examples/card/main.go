// Command card sends a card with choices, and names the channels to try: RCS first, SMS when that fails.
//
//	go run ./examples/card                                                        # on a fake server in this process
//	go run ./examples/card -live -to RCS:15551230000 -to SMS:15551230000          # on Sinch: a person gets the card
//	go run ./examples/card -live -contact 01HXCONTACT -order WHATSAPP,SMS
//
// With -live it needs SINCH_PROJECT_ID, SINCH_KEY_ID, SINCH_KEY_SECRET, SINCH_CONVERSATION_REGION and SINCH_APP_ID.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/examples/internal/setup"
)

func main() {
	os.Exit(setup.Main("card", run))
}

func run(ctx context.Context, p *setup.Program) error {
	to := p.Recipient("RCS:15551230000", "SMS:15551230000")
	order := p.Channels("order", "the channels to try, first to last", conversation.ChannelRCS, conversation.ChannelSMS)
	client, appID, err := p.ConnectApp() // yours: conversation.NewClientFromEnv()
	if err != nil {
		return err
	}

	sent, err := client.Messages.Send(ctx, &conversation.SendMessageRequest{
		AppID:     appID,
		Recipient: *to,
		Message: conversation.Card("Your table", "Tonight at eight, for two. Will you be there?",
			conversation.TextChoice("Yes", "booking=7&answer=yes"),
			conversation.TextChoice("No", "booking=7&answer=no")),
		ChannelPriorityOrder: *order,
		MessageMetadata:      "booking=7", // returned in the delivery reports
	})
	if conversation.OutcomeOf(err) == conversation.OutcomeUnknown {
		return fmt.Errorf("the card may have been sent: do not blindly send it again: %w", err)
	}
	if err != nil {
		return err
	}
	p.Printf("Sent card %s to %s.\n", sent.MessageID, p.Person(to))
	p.Printf("Channels are tried in this order: %s. Delivery reports name the one that was used.\n", setup.ChannelList(*order))
	p.Printf("The reply is sent as a MESSAGE_INBOUND callback, with the postback data of the choice.\n")
	return nil
}
