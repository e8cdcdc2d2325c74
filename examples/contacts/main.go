// Command contacts pages through the contacts of a project, item by item and page by page.
//
//	go run ./examples/contacts               # on a fake server in this process, which first creates 25 contacts
//	go run ./examples/contacts -live         # on Sinch: it only reads
//
// With -live it needs SINCH_PROJECT_ID, SINCH_KEY_ID, SINCH_KEY_SECRET and SINCH_CONVERSATION_REGION.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/examples/internal/setup"
)

func main() {
	os.Exit(setup.Main("contacts", run))
}

func run(ctx context.Context, p *setup.Program) error {
	limit := p.Flags.Int("max", 12, "how many contacts to read one by one, at least 1")
	client, err := p.Connect() // yours: conversation.NewClientFromEnv()
	if err != nil {
		return err
	}
	if !p.Live {
		if err := makeContacts(ctx, client, 25); err != nil {
			return err
		}
		p.Printf("Created 25 contacts.\n")
	}
	if err := eachContact(ctx, p, client, max(*limit, 1)); err != nil {
		return err
	}
	return eachPage(ctx, p, client)
}

// eachContact reads contacts one by one. All fetches pages as they are needed; break ends that.
func eachContact(ctx context.Context, p *setup.Program, client *conversation.Client, limit int) error {
	p.Printf("\nAt most %d contacts, with All:\n", limit)
	count := 0
	for contact, err := range client.Contacts.All(ctx, nil) {
		if err != nil {
			return err // a *conversation.PageError: to resume, start at its PageToken
		}
		p.Printf("  %s  %s\n", contact.ID, p.Identities(contact.ChannelIdentities...))
		if count++; count >= limit {
			break
		}
	}
	return nil
}

// eachPage reads at most three pages. To continue later, store the token of the next page.
func eachPage(ctx context.Context, p *setup.Program, client *conversation.Client) error {
	p.Printf("\nAt most three pages, with List and Next:\n")
	page, err := client.Contacts.List(ctx, &conversation.ListContactsParams{PageSize: 10})
	if err != nil {
		return err
	}
	for number := 1; ; number++ {
		p.Printf("  page %d: %d contacts\n", number, len(page.Items))
		if number == 3 || !page.HasNext() {
			return nil
		}
		if page, err = page.Next(ctx); err != nil {
			return err
		}
	}
}

func makeContacts(ctx context.Context, client *conversation.Client, count int) error {
	for i := range count {
		_, err := client.Contacts.Create(ctx, &conversation.CreateContactRequest{
			ChannelIdentities: []conversation.ChannelIdentity{
				{Channel: conversation.ChannelSMS, Identity: fmt.Sprintf("155512300%02d", i)},
			},
			Language: "EN",
		})
		if err != nil {
			return err
		}
	}
	return nil
}
