// Package setup starts and ends the examples: flags, the choice between the fake server and Sinch itself, exit codes.
// A program of your own needs none of it: it begins with conversation.NewClientFromEnv.
package setup

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// Program is a running example. It declares its flags first, then connects.
type Program struct {
	Flags *flag.FlagSet // for flags that are never required
	Out   io.Writer     // the output of the program
	Live  bool          // talks to Sinch itself; known once connected

	// Options are additional options of the client.
	Options []conversation.Option

	// Fake is the server that takes the place of Sinch. It is nil with -live and until connected.
	Fake *conversationtest.Server
	// FakeConfig configures Fake.
	FakeConfig conversationtest.Config

	printing   sync.Mutex
	args       []string
	takesArgs  bool
	stderr     io.Writer
	checks     []func() error // each completes a flag after parsing, and returns its error
	disconnect []func()       // last to first
}

// usageError reports wrong flags, arguments or variables.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }

func (e *usageError) Unwrap() error { return e.err }

// Main runs an example until it ends or is interrupted, and returns the exit code.
func Main(name string, run func(context.Context, *Program) error) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return Run(ctx, name, os.Args[1:], os.Stdout, os.Stderr, run)
}

// Run is like Main with explicit parameters. The exit code is 0 for success and for -h, 2 for a usageError, 1 otherwise.
func Run(ctx context.Context, name string, args []string, stdout, stderr io.Writer, run func(context.Context, *Program) error) int {
	p := &Program{Flags: flag.NewFlagSet(name, flag.ContinueOnError), Out: stdout, args: args, stderr: stderr}
	p.Flags.BoolVar(&p.Live, "live", false, "talk to Sinch itself, with the SINCH_ variables, instead of the fake server")
	defer func() {
		for _, end := range slices.Backward(p.disconnect) {
			end()
		}
	}()

	err := run(ctx, p)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	fmt.Fprintf(stderr, "%s: %v\n", name, err)
	if _, ok := errors.AsType[*usageError](err); ok {
		return 2
	}
	if maybeCreated(err) {
		fmt.Fprintln(stderr, "It may have been done nevertheless: check before you run this again.")
	}
	return 1
}

// Printf prints to Out. It may be called concurrently.
func (p *Program) Printf(format string, values ...any) {
	p.printing.Lock()
	defer p.printing.Unlock()
	fmt.Fprintf(p.Out, format, values...)
}

// Connect parses the flags and returns a client: of the fake server, or with -live of Sinch itself.
// Everything that is missing is reported together.
func (p *Program) Connect() (*conversation.Client, error) {
	client, _, err := p.connect(false)
	return client, err
}

// ConnectApp is like Connect, for programs that act for an app. With -live it is the app in SINCH_APP_ID.
func (p *Program) ConnectApp() (client *conversation.Client, appID string, err error) {
	return p.connect(true)
}

func (p *Program) connect(needsApp bool) (client *conversation.Client, appID string, err error) {
	if err := p.parse(); err != nil {
		return nil, "", err
	}
	if p.Live {
		client, appID, err = p.sinch(needsApp)
	}
	problem := errors.Join(err, p.check())
	switch {
	case problem != nil && p.Live:
		return nil, "", &usageError{fmt.Errorf("-live cannot start:\n%w", problem)}
	case problem != nil:
		return nil, "", &usageError{fmt.Errorf("cannot start:\n%w", problem)}
	case !p.Live:
		client, appID, err = p.fake()
	}
	if err != nil {
		return nil, "", err
	}
	p.disconnect = append(p.disconnect, client.CloseIdleConnections)
	return client, appID, nil
}

// check completes every flag, and returns all errors.
func (p *Program) check() error {
	problems := make([]error, len(p.checks))
	for i, check := range p.checks {
		problems[i] = check()
	}
	return errors.Join(problems...)
}

func (p *Program) parse() error {
	var complaint strings.Builder
	p.Flags.SetOutput(&complaint)
	switch err := p.Flags.Parse(p.args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(p.stderr, complaint.String())
		return err
	case err != nil:
		return &usageError{fmt.Errorf("%w (-h shows the flags)", err)}
	case p.Flags.NArg() > 0 && !p.takesArgs:
		return &usageError{errors.New("accepts flags only (-h shows them)")}
	}
	return nil
}

// sinch connects to Sinch itself.
func (p *Program) sinch(needsApp bool) (client *conversation.Client, appID string, err error) {
	client, err = conversation.NewClientFromEnv(p.Options...)
	appID = strings.TrimSpace(os.Getenv("SINCH_APP_ID"))
	if needsApp && appID == "" {
		err = errors.Join(err, errors.New("SINCH_APP_ID is not set: set it to the id of your app"))
	}
	return client, appID, err
}

// fake connects to a server in this process.
func (p *Program) fake() (client *conversation.Client, appID string, err error) {
	p.Printf("Using the fake server in this process: nobody gets a message. (-live talks to Sinch.)\n")
	p.Fake = conversationtest.NewServer(p.FakeConfig)
	p.disconnect = append(p.disconnect, p.Fake.Close)
	client, err = conversation.NewClient(p.Fake.ProjectID(), append(p.Fake.Options(), p.Options...)...)
	return client, p.Fake.AppID(), err
}

// maybeCreated reports whether a create or merge failed with an unknown outcome. The programs that send report that
// themselves, and for reads, updates and deletes it does not matter.
func maybeCreated(err error) bool {
	if !errors.Is(err, conversation.ErrMaybeSent) {
		return false
	}
	var operation string
	if failed, ok := errors.AsType[*conversation.Error](err); ok {
		operation = failed.Operation
	} else if failed, ok := errors.AsType[*conversation.TransportError](err); ok {
		operation = failed.Operation
	}
	return strings.HasSuffix(operation, ".Create") || strings.HasSuffix(operation, ".Merge")
}
