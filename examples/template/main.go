// Command template sends a message from a stored omni-channel template and fills in its placeholders.
//
//	go run ./examples/template                            # on a fake server in this process
//	go run ./examples/template -live -to SMS:15551230000 -template 01HXTEMPLATE -version 1 -language en-US name=Ana
//
// The second line is on Sinch: a person gets the message. With -live it needs SINCH_PROJECT_ID, SINCH_KEY_ID,
// SINCH_KEY_SECRET, SINCH_CONVERSATION_REGION and SINCH_APP_ID. Arguments after the flags are the placeholders' values.
package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/examples/internal/setup"
)

func main() {
	os.Exit(setup.Main("template", run))
}

func run(ctx context.Context, p *setup.Program) error {
	to := p.Recipient("SMS:15551230000")
	templateID := p.Text("template", "ORDER-SHIPPED", "the id of a stored template")
	version := p.Flags.String("version", "latest", "the version of the template")
	language := p.Flags.String("language", "", "the translation to use, such as en-US; the template's default without it")
	values := p.Values(map[string]string{"name": "Ana", "order": "1042"})
	client, appID, err := p.ConnectApp() // yours: conversation.NewClientFromEnv()
	if err != nil {
		return err
	}

	sent, err := client.Messages.Send(ctx, &conversation.SendMessageRequest{
		AppID:     appID,
		Recipient: *to,
		Message:   conversation.Template(*templateID, *version, *language, values),
	})
	if conversation.OutcomeOf(err) == conversation.OutcomeUnknown {
		return fmt.Errorf("the message may have been sent: do not blindly send it again: %w", err)
	}
	if err != nil {
		return err
	}
	p.Printf("Sent template %s as message %s to %s.\n", *templateID, sent.MessageID, p.Person(to))
	p.Printf("Filled in: %s.\n", strings.Join(slices.Sorted(maps.Keys(values)), ", "))
	return nil
}
