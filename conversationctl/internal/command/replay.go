package command

import "github.com/spf13/cobra"

func newReplay(p *program) *cobra.Command {
	return &cobra.Command{Use: "replay", GroupID: groupTasks, Args: noArgs, RunE: func(*cobra.Command, []string) error { return p.settings.export(p.In) }}
}
