package command

import (
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation/conversationctl/internal/console"
)

// program is what all commands share.
type program struct {
	*console.Console
	settings settings
}

const about = `Conversationctl is the operator's tool for the Sinch Conversation API. It finds out what is wrong with a project, its apps
and webhooks, sends messages, receives callbacks, and reads and changes what the API stores.

The project, the access key and the region are read from the environment, as by conversation.NewClientFromEnv:
SINCH_PROJECT_ID, SINCH_KEY_ID, SINCH_KEY_SECRET and SINCH_CONVERSATION_REGION. A flag overrides each of them. The key
secret has no flag, since other users of the machine see command lines: it is read from SINCH_KEY_SECRET, from the file of
--key-secret-file, or from a prompt.

Results are printed to stdout, everything else to stderr. With --json, a command that prints several results prints one JSON
object a line, any other command one object. Objects of the API have the names of its contract.

Colors are shown on a terminal only, and not if NO_COLOR is set.

The exit code is 0 for success, 1 for a failure, 2 for incorrect usage (nothing was done), and 3 if a request that changes
something may have been processed. doctor exits with 0 if all is well, 1 after warnings, and 2 after failures.`

// New returns the command conversationctl.
func New(terminal *console.Console) *cobra.Command {
	p := &program{Console: terminal}
	root := &cobra.Command{
		Use:               "conversationctl",
		Short:             "Operate the Sinch Conversation API",
		Long:              about,
		Version:           version(),
		SilenceErrors:     true,
		SilenceUsage:      true,
		Args:              noArgs,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return checkFlags(cmd.Flags()) },
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(p.In)
	root.SetOut(p.Out)
	root.SetErr(p.Err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError("%s: see %s --help", flagProblem(err), cmd.CommandPath())
	})
	root.SetVersionTemplate("conversationctl {{.Version}}\n")
	flags := root.PersistentFlags()
	flags.BoolVar(&p.JSON, "json", false, "print results as JSON")
	flags.BoolVarP(&p.Yes, "yes", "y", false, "answer each question with yes")
	flags.BoolVarP(&p.settings.verbose, "verbose", "v", false, "log the requests to stderr, without secrets, numbers and message text")
	p.settings.addFlags(flags)
	completeFlag(root, "region", "us", "eu", "br")
	completeFlag(root, "dialect", "platform", "openapi")
	root.AddCommand(
		newDoctor(p), newSend(p), newListen(p), newReplay(p), newCall(p), newFake(p), newRelay(p),
	)
	root.AddCommand(newResources(p)...)
	root.AddGroup(
		&cobra.Group{ID: groupTasks, Title: "Tasks:"},
		&cobra.Group{ID: groupResources, Title: "What the API stores:"},
		&cobra.Group{ID: groupOffline, Title: "Without Sinch:"},
	)
	return root
}

// The groups of commands in the help.
const (
	groupTasks     = "tasks"
	groupResources = "resources"
	groupOffline   = "offline"
)

// noArgs accepts no arguments. A command with subcommands reports an unknown one.
func noArgs(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return nil
	case cmd.HasSubCommands():
		return unknownCommand(cmd, args[0])
	}
	return usageError("%s accepts no argument, and %d were passed: see %s --help", cmd.CommandPath(), len(args), cmd.CommandPath())
}

// unknownCommand returns the error for a name that no command has. It names the commands that are spelled like it.
func unknownCommand(cmd *cobra.Command, name string) error {
	cmd.SuggestionsMinimumDistance = 2
	fix := "see " + cmd.CommandPath() + " --help"
	if similar := cmd.SuggestionsFor(name); len(similar) > 0 {
		fix = "did you mean " + strings.Join(similar, " or ") + "?"
	}
	return usageError("%s has no command %q: %s", cmd.CommandPath(), shownWord(name), fix)
}

// exactArgs accepts one argument for each name.
func exactArgs(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != len(names) {
			return usageError("%s requires %s, and %d arguments were passed: see %s --help",
				cmd.CommandPath(), strings.Join(names, " and "), len(args), cmd.CommandPath())
		}
		return nil
	}
}

// appFlag adds the flag --app. It defaults to the environment.
func appFlag(cmd *cobra.Command, app *string, usage string) {
	cmd.Flags().StringVar(app, "app", "", usage+" (environment: "+envApp+")")
}

const envApp = "SINCH_APP_ID"

// requireApp returns the app of the flag or of the environment.
func requireApp(flag string) (string, error) {
	app := optionalApp(flag)
	if app == "" {
		return "", usageError("--app is missing: pass the id of the app, or set %s", envApp)
	}
	return app, nil
}

func optionalApp(flag string) string {
	if flag != "" {
		return flag
	}
	return strings.TrimSpace(os.Getenv(envApp))
}
