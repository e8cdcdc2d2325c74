package command

import "github.com/spf13/cobra"

// newResources returns a command for each resource of the API.
func newResources(p *program) []*cobra.Command {
	contacts := &cobra.Command{Use: "contacts", Short: "Contacts", GroupID: groupResources, Args: noArgs}
	contacts.AddCommand(contactsExtra(p)...)
	return []*cobra.Command{contacts}
}
