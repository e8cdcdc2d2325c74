package command

import (
	"context"
	"iter"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation"
)

const aboutConsents = `An app has lists of people who opted out of messages. list prints who is on a list, and get the history of one
identity, such as a phone number. create adds people to lists. The API can neither change nor delete an entry, so there
are no commands for it: people opt in again by message.`

func newConsents(p *program) *cobra.Command {
	consent := object{one: "consent", many: "consents"}
	return newResource(consent, "Read and extend the lists of people who opted out", aboutConsents,
		newConsentsList(p, consent), newConsentsGet(p, consent), newConsentsCreate(p, consent),
	)
}

func newConsentsList(p *program, consent object) *cobra.Command {
	list := conversation.ConsentsOptOutAll
	var app string
	cmd := newList(p, consent, listing[conversation.ConsentIdentity]{
		columns: []string{"IDENTITY"},
		row:     func(entry *conversation.ConsentIdentity) []string { return []string{entry.Identity} },
		pages: func(ctx context.Context, client *conversation.Client, from page) iter.Seq2[*conversation.ConsentIdentity, error] {
			app, err := requireApp(app)
			if err != nil {
				return func(yield func(*conversation.ConsentIdentity, error) bool) { yield(nil, err) }
			}
			return client.Consents.AllIdentities(ctx, app, list, &conversation.ListConsentIdentitiesParams{PageSize: from.size, PageToken: from.token})
		},
		maxPage: 50,
	})
	cmd.Short = "List who is on a consent list"
	appFlag(cmd, &app, "`id` of the app")
	choiceFlag(cmd, (*string)(&list), "list", "the list", string(conversation.ConsentsOptOutAll),
		string(conversation.ConsentsOptOutMarketing), string(conversation.ConsentsOptOutNotification))
	return cmd
}

func newConsentsGet(p *program, consent object) *cobra.Command {
	var app string
	cmd := newGet(p, consent, func(ctx context.Context, client *conversation.Client, identity string) (any, error) {
		app, err := requireApp(app)
		if err != nil {
			return nil, err
		}
		return client.Consents.AuditRecords(ctx, app, identity)
	})
	cmd.Use = "get IDENTITY"
	cmd.Short = "Print the history of an identity on the lists"
	cmd.Long = "Print when an identity was put on the lists of an app and taken off them, as indented JSON, with or without --json."
	cmd.Args = exactArgs("IDENTITY")
	cmd.Example = "  conversationctl consents get +12025550123 --app " + exampleID
	appFlag(cmd, &app, "`id` of the app")
	return cmd
}

func newConsentsCreate(p *program, consent object) *cobra.Command {
	var app string
	cmd := newCreate(p, consent, `{"consent_records":[{"identification":"+12025550123","consent_type":"OPT_OUT_ALL"}]}`,
		func(ctx context.Context, client *conversation.Client, req *conversation.InsertConsentsRequest) (_ any, err error) {
			if req.AppID, err = fileApp(app, req.AppID); err != nil {
				return nil, err
			}
			return client.Batches.InsertConsents(ctx, req)
		})
	cmd.Short = "Add people to the lists"
	cmd.Long = "Add people to the consent lists of an app.\n" + aboutFile + `
It is safe to run the command again with the same file.`
	fileAppFlag(cmd, &app)
	return cmd
}
