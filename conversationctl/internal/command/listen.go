package command

import "github.com/spf13/cobra"

func newListen(p *program) *cobra.Command {
	return &cobra.Command{Use: "listen", GroupID: groupTasks, Args: noArgs, RunE: func(*cobra.Command, []string) error { return p.settings.export(p.In) }}
}
