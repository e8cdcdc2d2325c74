package command

import "github.com/spf13/cobra"

// contactsExtra returns the commands of contacts beside those that every object has.
func contactsExtra(*program) []*cobra.Command { return nil }
