// Package relayprogram is the program conversation-relay as a function, so that another program, such as conversationctl, can run it:
//
//	os.Exit(relayprogram.Main(ctx, "shop relay", args, os.Stdin, os.Stdout, os.Stderr))
//
// To inspect a relay from Go code, use package relay.
package relayprogram

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/sinchgo/conversation/relay"
)

const (
	exitFailed = 1
	exitUsage  = 2
	exitEnded  = 3
)

// usageError is an error in the arguments.
type usageError string

func (e usageError) Error() string { return string(e) }

// errEnded is returned by watch for an entry that did not get as far as -until.
var errEnded = errors.New("the entry ended before -until")

// call is one run of the program.
type call struct {
	target
	console

	json    bool
	yes     bool
	version bool

	app, group, state string
	all               bool
	limit             int
	interval          time.Duration
	until             string
	since             string
	as                string

	name  string   // of the command
	args  []string // after it, without its flags
	relay *relay.Relay
}

// command is a command of the program.
type command struct {
	flags func(*call, *flag.FlagSet) // adds the flags of this command; may be nil
	check func(*call) error          // checks the arguments before anything is opened; nil if there must be none
	do    func(*call, context.Context) error
}

var commands = map[string]command{
	"status":         {do: (*call).status},
	"groups":         {do: (*call).groups},
	"watch":          {flags: flagsOfWatch, check: (*call).checkWatch, do: (*call).watch},
	"list":           {flags: flagsOfList, check: (*call).checkList, do: (*call).list},
	"show":           {check: (*call).checkOneID, do: (*call).show},
	"cancel":         {flags: flagsOfCancel, check: (*call).checkCancel, do: (*call).cancel},
	"retry":          {flags: flagsOfRetry, check: (*call).checkRetry, do: (*call).retry},
	"pause":          {flags: flagsOfPause, check: (*call).checkPause, do: (*call).pause},
	"resume":         {flags: flagsOfPause, check: (*call).checkPause, do: (*call).resume},
	"rate":           {flags: flagsOfRate, check: (*call).checkRate, do: (*call).rate},
	"dead list":      {do: (*call).deadList},
	"dead show":      {check: (*call).checkDeadShow, do: (*call).deadShow},
	"dead retry":     {flags: flagsOfDeadRetry, check: (*call).checkDeadRetry, do: (*call).deadRetry},
	"replay":         {flags: flagsOfReplay, check: (*call).checkReplay, do: (*call).replay},
	"unknown list":   {do: (*call).unknownList},
	"unknown settle": {flags: flagsOfSettle, check: (*call).checkSettle, do: (*call).unknownSettle},
}

// Main executes the arguments, and returns the exit code. name is how the program is called in its messages. It asks before
// it changes several entries if stdin is a terminal, and redraws tables if stdout is one.
func Main(ctx context.Context, name string, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return run(ctx, name, args, console{
		stdin: stdin, stdout: stdout, stderr: stderr,
		asks: isTerminal(stdin), redraws: isTerminal(stdout),
	})
}

// Commands returns the names of the commands in order. Those of two words have a space.
func Commands() []string { return slices.Sorted(maps.Keys(commands)) }

// run executes the arguments and returns the exit code.
func run(ctx context.Context, name string, args []string, on console) int {
	err := do(ctx, name, args, on)
	switch _, isUsage := errors.AsType[usageError](err); {
	case err == nil:
		return 0
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(on.stderr, Usage(name))
		return 0
	case isUsage:
		fmt.Fprintf(on.stderr, "%s: %v (-h shows how to call it)\n", name, err)
		return exitUsage
	}
	fmt.Fprintf(on.stderr, "%s: %v\n", name, err)
	if errors.Is(err, errEnded) {
		return exitEnded
	}
	return exitFailed
}

func do(ctx context.Context, name string, args []string, on console) error {
	c := &call{console: on, target: target{log: on.stderr}}
	chosen, err := c.parse(args)
	if c.version {
		fmt.Fprintln(on.stdout, name, version())
		return nil
	}
	if err != nil {
		return err
	}
	if c.relay, err = c.open(ctx); err != nil {
		return err
	}
	defer c.relay.Close()
	return chosen.do(c, ctx)
}

// parse parses the flags before the command, the command, the flags after it and the arguments.
func (c *call) parse(args []string) (command, error) {
	flags := c.flags()
	if err := parseFlags(flags, args); err != nil {
		return command{}, err
	}
	name, rest := commandIn(flags.Args())
	chosen, ok := commands[name]
	if !ok {
		return command{}, noCommand(name)
	}
	c.name = name
	flags = c.flags()
	if chosen.flags != nil {
		chosen.flags(c, flags)
	}
	if err := c.parseMixed(flags, rest); err != nil {
		return command{}, err
	}
	if chosen.check == nil {
		return chosen, errors.Join(c.checkNoArgs(), c.check())
	}
	return chosen, errors.Join(chosen.check(c), c.check())
}

// parseMixed parses flags and arguments in any order. What follows -- is an argument.
func (c *call) parseMixed(flags *flag.FlagSet, args []string) error {
	for len(args) > 0 {
		if err := parseFlags(flags, args); err != nil {
			return err
		}
		rest := flags.Args()
		if read := len(args) - len(rest); read > 0 && args[read-1] == "--" {
			c.args = append(c.args, rest...)
			return nil
		}
		if len(rest) > 0 {
			c.args = append(c.args, rest[0])
			rest = rest[1:]
		}
		args = rest
	}
	return nil
}

// parseFlags parses the flags before the first argument.
func parseFlags(flags *flag.FlagSet, args []string) error {
	err := flags.Parse(args)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return err
	}
	return usageError(err.Error())
}

func (c *call) checkNoArgs() error {
	if len(c.args) > 0 {
		return usageError(c.name + " accepts flags only")
	}
	return nil
}

// commandIn splits arguments into the name of the command and the rest.
func commandIn(args []string) (name string, rest []string) {
	for n := min(2, len(args)); n > 0; n-- {
		if name = strings.Join(args[:n], " "); commands[name].do != nil {
			return name, args[n:]
		}
	}
	return name, nil
}

func noCommand(first string) error {
	switch first {
	case "":
		return usageError("no command: use status, for example")
	case "dead":
		return usageError("dead requires list, show or retry")
	case "unknown":
		return usageError("unknown requires list or settle")
	}
	return usageError("unknown command: use " + strings.Join(Commands(), ", "))
}

// flags returns the common flags.
func (c *call) flags() *flag.FlagSet {
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&c.dir, "dir", c.dir, "the `folder` of the embedded engine")
	flags.StringVar(&c.server, "server", c.server, "the `address` of a NATS server, such as nats://127.0.0.1:4222 (default: $NATS_URL)")
	flags.StringVar(&c.creds, "creds", c.creds, "a `file` with credentials for the NATS server")
	flags.StringVar(&c.prefix, "prefix", c.prefix, "the `name` passed to relay.WithPrefix, if any")
	flags.BoolVar(&c.damaged, "damaged", c.damaged, "open a damaged folder with what can be read, and log what cannot; without effect while a process has it open")
	flags.BoolVar(&c.json, "json", c.json, "print JSON instead of tables")
	flags.BoolVar(&c.yes, "yes", c.yes, "do not ask before more than one entry is changed")
	flags.BoolVar(&c.version, "version", c.version, "print the version and exit")
	return flags
}

// envServer is the variable that replaces -server.
const envServer = "NATS_URL"

func serverFromEnv() string { return os.Getenv(envServer) }
