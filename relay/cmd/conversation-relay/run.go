package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/sinchgo/conversation/relay"
)

const (
	exitFailed = 1
	exitUsage  = 2
)

const usage = `conversation-relay inspects the relay of a program.

	conversation-relay [flags] status
	conversation-relay [flags] dead list
	conversation-relay [flags] dead show NUMBER
	conversation-relay [flags] dead retry NUMBER... | -all
	conversation-relay [flags] replay -since 1h
	conversation-relay [flags] unknown list
	conversation-relay [flags] unknown settle -as accepted|resend|drop ID...

status          prints the number of entries in each state, the rates and the queues
dead list       lists the dead letters, without their content
dead show       prints a dead letter with its content, including message text and phone numbers
dead retry      returns dead letters to where they came from
replay          handles callbacks again, here those of the last hour; or -since 2026-01-31T12:00:00Z
unknown list    lists the entries whose outcome is unknown
unknown settle  settles unknown entries: as accepted, by sending them again, or by giving them up

An engine that the command runs itself, because no process has the folder open, syncs before each answer. The durability
of a server is stated by the program that opens the relay, not here.

The flags, before or after the name of the command:

`

// usageError is an error in the arguments.
type usageError string

func (e usageError) Error() string { return string(e) }

// call is one run of the program.
type call struct {
	target

	json   bool
	stdout io.Writer
	since  string
	as     string
	all    bool
	args   []string // after the command and its flags
	relay  *relay.Relay
}

// command is a command of the program.
type command struct {
	flags func(*call, *flag.FlagSet) // adds the flags of this command; may be nil
	check func(*call) error          // checks the arguments before anything is opened; nil if there must be none
	do    func(*call, context.Context) error
}

var commands = map[string]command{
	"status":       {do: (*call).status},
	"dead list":    {do: (*call).deadList},
	"dead show":    {check: (*call).checkShow, do: (*call).deadShow},
	"dead retry":   {flags: flagsOfRetry, check: (*call).checkRetry, do: (*call).deadRetry},
	"replay":       {flags: flagsOfReplay, check: (*call).checkReplay, do: (*call).replay},
	"unknown list": {do: (*call).unknownList},
	"unknown settle": {
		flags: flagsOfSettle, check: (*call).checkSettle, do: (*call).unknownSettle,
	},
}

// run executes the arguments and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	err := do(ctx, args, stdout, stderr)
	switch _, isUsage := errors.AsType[usageError](err); {
	case err == nil:
		return 0
	case errors.Is(err, flag.ErrHelp):
		help(stderr)
		return 0
	case isUsage:
		fmt.Fprintf(stderr, "conversation-relay: %v (-h shows how to call it)\n", err)
		return exitUsage
	}
	fmt.Fprintf(stderr, "conversation-relay: %v\n", err)
	return exitFailed
}

func do(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	c := &call{stdout: stdout, target: target{stderr: stderr}}
	chosen, err := c.parse(args)
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
	rest, err := c.parseFlags(nil, args)
	if err != nil {
		return command{}, err
	}
	name, rest := commandIn(rest)
	chosen, ok := commands[name]
	if !ok {
		return command{}, noCommand(name)
	}
	if c.args, err = c.parseFlags(chosen.flags, rest); err != nil {
		return command{}, err
	}
	if chosen.check == nil && len(c.args) > 0 {
		return command{}, usageError(name + " accepts flags only")
	}
	if chosen.check != nil {
		err = chosen.check(c)
	}
	return chosen, errors.Join(err, c.check())
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
	return usageError("unknown command")
}

// parseFlags parses flags, and returns what follows them. The common flags may be anywhere.
func (c *call) parseFlags(own func(*call, *flag.FlagSet), args []string) ([]string, error) {
	flags := c.flags()
	if own != nil {
		own(c, flags)
	}
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil, err
		}
		return nil, usageError(err.Error())
	}
	return flags.Args(), nil
}

// flags returns the common flags.
func (c *call) flags() *flag.FlagSet {
	flags := flag.NewFlagSet("conversation-relay", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&c.dir, "dir", c.dir, "the `folder` of the embedded engine")
	flags.StringVar(&c.server, "server", c.server, "the `address` of a NATS server, such as nats://127.0.0.1:4222 (default: $NATS_URL)")
	flags.StringVar(&c.creds, "creds", c.creds, "a `file` with credentials for the NATS server")
	flags.StringVar(&c.prefix, "prefix", c.prefix, "the `name` passed to relay.WithPrefix, if any")
	flags.BoolVar(&c.damaged, "damaged", c.damaged, "open a damaged folder with what can be read, and log what cannot; without effect while a process has it open")
	flags.BoolVar(&c.json, "json", c.json, "print JSON instead of tables")
	return flags
}

func help(w io.Writer) {
	fmt.Fprint(w, usage)
	flags := new(call).flags()
	flags.SetOutput(w)
	flags.PrintDefaults()
}

// envServer is the variable that replaces -server.
const envServer = "NATS_URL"

func serverFromEnv() string { return os.Getenv(envServer) }
