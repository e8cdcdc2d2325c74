package command

import (
	"context"
	"iter"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation"
)

const sampleContact = `{"language":"EN","channel_identities":[{"channel":"SMS","identity":"+12025550199"}]}`

func newContacts(p *program) *cobra.Command {
	contact := object{one: "contact", many: "contacts"}
	cmd := newResource(contact, "Read and change contacts",
		"A contact is a person with identities on channels.",
		newContactsList(p, contact),
		newGet(p, contact, func(ctx context.Context, client *conversation.Client, id string) (any, error) {
			return client.Contacts.Get(ctx, id)
		}),
		newCreate(p, contact, sampleContact,
			func(ctx context.Context, client *conversation.Client, req *conversation.CreateContactRequest) (any, error) {
				return client.Contacts.Create(ctx, req)
			}),
		newContactsUpdate(p, contact),
		newContactsMerge(p, contact),
		newDelete(p, contact, "The conversations and messages of a contact are deleted with it.",
			func(ctx context.Context, client *conversation.Client, id string) error {
				return client.Contacts.Delete(ctx, id)
			}),
	)
	cmd.AddCommand(newContactsExport(p), newContactsImport(p))
	return cmd
}

func newContactsList(p *program, contact object) *cobra.Command {
	var params conversation.ListContactsParams
	cmd := newList(p, contact, listing[conversation.Contact]{
		columns: []string{"ID", "NAME", "IDENTITIES", "LANGUAGE", "EXTERNAL ID"},
		row: func(contact *conversation.Contact) []string {
			var identities []string
			for _, identity := range contact.ChannelIdentities {
				identities = append(identities, string(identity.Channel)+":"+identity.Identity)
			}
			return []string{contact.ID, contact.DisplayName, strings.Join(identities, " "), string(contact.Language), contact.ExternalID}
		},
		pages: func(ctx context.Context, client *conversation.Client, from page) iter.Seq2[*conversation.Contact, error] {
			params.PageSize, params.PageToken = from.size, from.token
			return client.Contacts.All(ctx, &params)
		},
		maxPage: 20,
	})
	cmd.Flags().StringVar(&params.ExternalID, "external-id", "", "only contacts with this `id` in another system")
	cmd.Flags().StringVar(&params.Identity, "identity", "", "only contacts with this `identity`, such as a phone number")
	channelFlag(cmd, &params.Channel, "channel", "only contacts with an identity on this `channel`")
	return cmd
}

func newContactsUpdate(p *program, contact object) *cobra.Command {
	var mask []string
	cmd := newUpdate(p, contact, `{"display_name":"Ada"}`,
		func(ctx context.Context, client *conversation.Client, id string, req *conversation.UpdateContactRequest) (any, error) {
			req.UpdateMask = mask
			return client.Contacts.Update(ctx, id, req)
		})
	maskFlag(cmd, &mask)
	return cmd
}

func newContactsMerge(p *program, contact object) *cobra.Command {
	return &cobra.Command{
		Use:   "merge DESTINATION SOURCE",
		Short: "Merge a contact into another",
		Long: `Move the identities and conversations of the contact SOURCE to the contact DESTINATION, delete SOURCE, and print
DESTINATION as indented JSON. The command asks first, unless --yes is set. If the answer is lost, the exit code is 3.`,
		Example:           "  conversationctl contacts merge " + exampleID + " 01KC2M5B6C7D8E9F0GHJKMNPQR",
		Args:              exactArgs("DESTINATION", "SOURCE"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			client, err := p.client(cmd.Context())
			if err != nil {
				return err
			}
			if err := p.Confirm(cmd.Context(), "This moves the "+contact.one+" "+args[1]+" into "+args[0]+" and deletes it."); err != nil {
				return err
			}
			merged, err := client.Contacts.Merge(cmd.Context(), &conversation.MergeContactsRequest{DestinationID: args[0], SourceID: args[1]})
			if err != nil {
				return changed(err)
			}
			return unprinted(p.PrintJSON(merged))
		},
	}
}
