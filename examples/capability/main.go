// Command capability asks on which channels a person can be reached.
//
//	go run ./examples/capability                               # on a fake server in this process
//	go run ./examples/capability -live -to RCS:15551230000     # on Sinch: nobody gets a message
//	go run ./examples/capability -live -contact 01HXCONTACT
//
// With -live it needs SINCH_PROJECT_ID, SINCH_KEY_ID, SINCH_KEY_SECRET, SINCH_CONVERSATION_REGION and SINCH_APP_ID.
package main

import (
	"context"
	"os"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/examples/internal/setup"
)

func main() {
	os.Exit(setup.Main("capability", run))
}

func run(ctx context.Context, p *setup.Program) error {
	to := p.Recipient("RCS:15551230000")
	client, appID, err := p.ConnectApp() // yours: conversation.NewClientFromEnv()
	if err != nil {
		return err
	}

	query, err := client.Capability.Query(ctx, &conversation.CapabilityQueryRequest{
		AppID:     appID,
		Recipient: *to,
	})
	if err != nil {
		return err
	}
	p.Printf("Asked about %s: request %s.\n", p.Person(to), query.RequestID)
	p.Printf("The result is sent as a CAPABILITY callback with that request id, to a webhook with that trigger.\n")
	return nil
}
