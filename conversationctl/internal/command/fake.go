package command

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation/conversationtest/fakeprogram"
)

const aboutFake = `Start a fake of the API and of its token endpoint, and a page for a browser that shows the phones of the contacts and the
traffic of the app. It needs no account and sends nothing. It is the program conversation-fake, and has its flags, not those of
the other commands.

When it is ready, it prints one line of JSON to stdout, with base_url, batch_url, token_url, project_id, key_id, key_secret,
app_id, control_url and ui_url, and to stderr a link to the page and a command that sends a message. It then serves until it
receives SIGTERM or SIGINT, and logs each request to stderr. The exit code is 0 after a signal, 1 if it cannot serve, and 2 if
a flag is invalid.

`

func newFake(p *program) *cobra.Command {
	const name = "conversationctl fake"
	return programCommand(&cobra.Command{
		Use:     "fake [flags]",
		Short:   "Start a fake of the API, with a page that shows the phones",
		Long:    aboutFake + indented(fakeprogram.Usage(name)),
		Example: "  conversationctl fake\n  conversationctl fake -addr 127.0.0.1:0 -ui off -script deliver",
		GroupID: groupOffline,
		RunE: func(cmd *cobra.Command, args []string) error {
			return exited(fakeprogram.Main(cmd.Context(), name, args, p.Out, p.Err))
		},
	})
}

// programCommand completes a command that runs another program, which parses its own flags.
func programCommand(cmd *cobra.Command) *cobra.Command {
	cmd.DisableFlagParsing = true
	cmd.DisableFlagsInUseLine = true
	cmd.SetUsageTemplate("Usage:\n  {{.UseLine}}\n\nExamples:\n{{.Example}}\n") // Without the flags of other commands.
	return cmd
}

// exited returns the error for the exit code of a program, which has printed why.
func exited(code int) error {
	if code == exitOK {
		return nil
	}
	return &exitError{code: code}
}

// indented returns text as a block that the help, the man pages and the reference show as it is.
func indented(text string) string {
	var block strings.Builder
	for line := range strings.Lines(strings.ReplaceAll(text, "\t", "    ")) {
		if line != "\n" {
			block.WriteString("    ")
		}
		block.WriteString(line)
	}
	return strings.TrimRight(block.String(), "\n")
}
