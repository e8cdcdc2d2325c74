package command

import (
	"strings"

	"github.com/spf13/cobra"
)

// newResources returns a command for each resource of the API.
func newResources(p *program) []*cobra.Command {
	return []*cobra.Command{
		newApps(p), newWebhooks(p), newContacts(p), newConversations(p), newMessages(p), newEvents(p), newTemplates(p),
		newConsents(p), newBatches(p),
	}
}

// object is a kind of object that the API stores.
type object struct {
	one, many string // its names in a sentence; many is also the name of its command
	create    string // what create does in the help; "Create" if it is empty
	secrets   bool   // it holds secrets, which are printed as ***
}

// a returns the name of one object with its article.
func (o object) a() string {
	if strings.ContainsRune("aeiou", rune(o.one[0])) {
		return "an " + o.one
	}
	return "a " + o.one
}

// newResource returns the command that has the verbs of an object.
func newResource(of object, short, long string, verbs ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use:     of.many,
		Short:   short,
		Long:    short + ".\n\n" + long,
		GroupID: groupResources,
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(verbs...)
	return cmd
}

// exampleID is the id in examples.
const exampleID = "01KC2M3N4P5Q6R7S8T9V0WXYZA"
