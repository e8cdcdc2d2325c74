package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/doctor"
)

const aboutDoctor = `Ask the API what is wrong with a setup, and change nothing at Sinch: the settings and the access key, the project, the region
of the app (all three are asked), its channels, processing mode, retention and queue, its webhooks with their triggers, secrets
and targets, the clock of this machine, and the versions.

Each finding is one line on stdout: failure, warning or ok, the check, what was found, and the fix. The worst come first, and what
depends on a check that failed is left out, so that the first line names the cause.

The targets of the webhooks are requested once each, unless --skip-targets is set. --callback-url posts three delivery reports of
a message that does not exist to your receiver: one signed with the secret of --secret-env, and two signed wrongly.

With --json, each finding is one object a line: level (failure, warning or ok), check, message, and fix unless it is ok. New
checks may be added; the names of checks stay.

The exit code is 0 if all is well, 1 after warnings, and 2 after failures, incorrect usage, or if the checks were interrupted.`

const exampleDoctor = `  conversationctl doctor
  conversationctl doctor --app APP_ID --channel WHATSAPP --trigger MESSAGE_INBOUND
  conversationctl doctor --callback-url https://shop.example.com/sinch --secret-env SINCH_WEBHOOK_SECRET`

// examination is a run of the command doctor.
type examination struct {
	*program
	app         string
	triggers    []string
	channels    []string
	callbackURL string
	secretEnv   string
	skipTargets bool
	timeout     time.Duration
}

func newDoctor(p *program) *cobra.Command {
	e := &examination{program: p}
	cmd := &cobra.Command{
		Use:     "doctor",
		Short:   "Find out what is wrong with a project, its apps and webhooks",
		Long:    aboutDoctor,
		Example: exampleDoctor,
		GroupID: groupTasks,
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return e.run(cmd.Context()) },
	}
	appFlag(cmd, &e.app, "`id` of the app to check; without it, the apps are listed, and checked if there is only one")
	flags := cmd.Flags()
	flags.StringSliceVar(&e.triggers, "trigger", nil,
		"`trigger` that your program needs, repeatable; none for none (default: MESSAGE_INBOUND and MESSAGE_DELIVERY)")
	flags.StringSliceVar(&e.channels, "channel", nil, "`channel` that your program sends to, repeatable (default: those of the app)")
	flags.StringVar(&e.callbackURL, "callback-url", "", "`URL` of your receiver, to post samples to; requires --secret-env")
	flags.StringVar(&e.secretEnv, "secret-env", "", "environment `variable` with the secret with which your program verifies callbacks")
	flags.BoolVar(&e.skipTargets, "skip-targets", false, "do not request the targets of the webhooks")
	flags.DurationVar(&e.timeout, "timeout", 2*time.Minute, "limit for all checks together, as a `duration`")
	return cmd
}

func (e *examination) run(ctx context.Context) error {
	opts, err := e.options()
	if err != nil {
		return err
	}
	if err := e.prepareClient(ctx); err != nil {
		return err
	}
	if e.app != "" {
		if err := os.Setenv(envApp, e.app); err != nil {
			return usageError("--app: %w", err)
		}
	}
	findings := doctor.Settings(os.LookupEnv)
	client, err := conversation.NewClientFromEnv(e.clientOptions()...)
	if err != nil {
		return cmp.Or(e.report(findings), usageError("%w", err))
	}
	opts.KeyID, opts.KeySecret = os.Getenv("SINCH_KEY_ID"), os.Getenv(envKeySecret)
	ctx, cancel := context.WithTimeout(ctx, e.timeout)
	defer cancel()
	found, err := e.examine(ctx, client, opts)
	if err != nil {
		return e.interrupted(err)
	}
	return e.report(append(findings, found...))
}

// examine runs the checks. On a terminal it prints a note if they take long.
func (e *examination) examine(ctx context.Context, client *conversation.Client, opts doctor.Options) ([]doctor.Finding, error) {
	if e.Moves {
		note := time.AfterFunc(2*time.Second, func() { e.Note("Waiting for answers, at most %s.", e.timeout) })
		defer note.Stop()
	}
	return doctor.Run(ctx, client, opts)
}

// interrupted returns the error for the end of the context.
func (e *examination) interrupted(err error) error {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		err = fmt.Errorf("the checks took longer than %s: pass a longer --timeout", e.timeout)
	case errors.Is(err, context.Canceled):
		err = errors.New("interrupted before all checks were made")
	}
	return &exitError{exitUsage, err}
}

// options returns the options of the flags.
func (e *examination) options() (doctor.Options, error) {
	opts := doctor.Options{AppID: optionalApp(e.app), CallbackURL: e.callbackURL, SkipTargets: e.skipTargets}
	if e.timeout <= 0 {
		return opts, usageError("--timeout must be positive, such as 2m")
	}
	if e.callbackURL != "" {
		address, err := url.Parse(e.callbackURL)
		switch {
		case err != nil || address.Host == "" || address.Scheme != "https" && address.Scheme != "http":
			return opts, usageError("--callback-url must be a URL such as https://shop.example.com/sinch")
		case e.secretEnv == "":
			return opts, usageError("--callback-url requires --secret-env: name the variable with the secret that your receiver verifies with")
		}
	}
	var err error
	if slices.Equal(e.triggers, []string{"none"}) {
		opts.Triggers = []conversation.WebhookTrigger{}
	} else if opts.Triggers, err = parseTriggers(e.triggers); err != nil {
		return opts, err
	}
	if opts.Channels, err = parseChannels("--channel", e.channels); err != nil {
		return opts, err
	}
	opts.WebhookSecret, err = secretFromEnv("--secret-env", e.secretEnv)
	return opts, err
}
