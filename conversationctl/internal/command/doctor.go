package command

import "github.com/spf13/cobra"

func newDoctor(p *program) *cobra.Command {
	return &cobra.Command{Use: "doctor", GroupID: groupTasks, Args: noArgs, RunE: func(*cobra.Command, []string) error { return p.settings.export(p.In) }}
}
