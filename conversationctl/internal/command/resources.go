package command

import "github.com/spf13/cobra"

// newResources returns a command for each resource of the API.
func newResources(p *program) []*cobra.Command {
	_ = p
	return nil
}
