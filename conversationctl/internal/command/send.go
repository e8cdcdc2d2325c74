package command

import "github.com/spf13/cobra"

func newSend(p *program) *cobra.Command {
	return &cobra.Command{Use: "send", GroupID: groupTasks, Args: noArgs, RunE: func(*cobra.Command, []string) error { return p.settings.export(p.In) }}
}
