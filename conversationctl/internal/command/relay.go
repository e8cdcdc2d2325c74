package command

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation/relay/relayprogram"
)

const aboutRelay = `Inspect and control the durable outbox and inbox of a program that uses package relay: its entries, groups, pauses, rates and
dead letters. It is the program conversation-relay, and has its flags and exit codes, not those of the other commands. It reads
NATS_URL, and no variable of the Conversation API.

`

func newRelay(p *program) *cobra.Command {
	const name = "conversationctl relay"
	return programCommand(&cobra.Command{
		Use:               "relay [flags] COMMAND",
		Short:             "Inspect and control the relay of a program",
		Long:              aboutRelay + indented(relayprogram.Usage(name)),
		Example:           "  conversationctl relay -dir /var/lib/shop/relay status\n  conversationctl relay -server nats://10.0.0.7:4222 watch",
		GroupID:           groupTasks,
		ValidArgsFunction: completeRelay,
		RunE: func(cmd *cobra.Command, args []string) error {
			return exited(relayprogram.Main(cmd.Context(), name, args, p.In, p.Out, p.Err))
		},
	})
}

// completeRelay completes the name of a command of relay, which may have two words.
func completeRelay(_ *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	before := strings.Join(append(args, ""), " ")
	var words []cobra.Completion
	for _, name := range relayprogram.Commands() {
		rest, found := strings.CutPrefix(name, before)
		if found && strings.HasPrefix(rest, word) {
			first, _, _ := strings.Cut(rest, " ")
			words = append(words, first)
		}
	}
	return slices.Compact(words), cobra.ShellCompDirectiveNoFileComp
}
