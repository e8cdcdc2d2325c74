package command

import "github.com/spf13/cobra"

func newFake(p *program) *cobra.Command {
	return &cobra.Command{Use: "fake", GroupID: groupOffline, Args: noArgs, RunE: func(*cobra.Command, []string) error { return p.settings.export(p.In) }}
}
