// Command merge creates two contacts that turn out to be the same person, and merges the second into the first.
//
//	go run ./examples/merge                                        # on a fake server in this process
//	go run ./examples/merge -live -first SMS:15551230000 -second WHATSAPP:15551230000
//
// The second line is on Sinch: the merged contact stays there. With -live it needs SINCH_PROJECT_ID, SINCH_KEY_ID,
// SINCH_KEY_SECRET and SINCH_CONVERSATION_REGION.
package main

import (
	"context"
	"errors"
	"os"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/examples/internal/setup"
)

func main() {
	os.Exit(setup.Main("merge", run))
}

func run(ctx context.Context, p *setup.Program) error {
	first := p.Identity("first", "SMS:15551230000", "an identity for the contact that stays")
	second := p.Identity("second", "WHATSAPP:15551230000", "an identity for the contact that is merged into it")
	client, err := p.Connect() // yours: conversation.NewClientFromEnv()
	if err != nil {
		return err
	}

	stays, err := client.Contacts.Create(ctx, &conversation.CreateContactRequest{
		ChannelIdentities: []conversation.ChannelIdentity{*first},
		Language:          "EN",
	})
	if err != nil {
		return err
	}
	p.Printf("Created contact %s with %s.\n", stays.ID, p.Identities(stays.ChannelIdentities...))

	goes, err := client.Contacts.Create(ctx, &conversation.CreateContactRequest{
		ChannelIdentities: []conversation.ChannelIdentity{*second},
		Language:          "EN",
	})
	if err != nil {
		return err
	}
	p.Printf("Created contact %s with %s.\n", goes.ID, p.Identities(goes.ChannelIdentities...))

	merged, err := client.Contacts.Merge(ctx, &conversation.MergeContactsRequest{
		DestinationID: stays.ID,
		SourceID:      goes.ID,
	})
	if err != nil {
		return err
	}
	p.Printf("Merged: contact %s now has %s.\n", merged.ID, p.Identities(merged.ChannelIdentities...))

	_, err = client.Contacts.Get(ctx, goes.ID)
	if errors.Is(err, conversation.ErrNotFound) {
		p.Printf("Contact %s is gone.\n", goes.ID)
		return nil
	}
	return err
}
