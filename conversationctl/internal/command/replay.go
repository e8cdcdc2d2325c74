package command

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/sinchgo/conversation/conversationctl/internal/console"
)

const replayLong = `Post the callbacks that conversationctl listen has recorded, in their order, one at a time: the bytes and headers as
they were received. FILE may be - for stdin.

Receivers reject signatures that are older than 24 hours. --sign signs each callback again, with a new nonce and the time now.

A line that is not a record, such as the last one of a listen that was killed, is reported with its number and skipped.

JSON: one object a line, {"line","received","trigger","status","error"}.

Exit codes: 0 if every callback was answered with 2xx; 1 if one was not, or a line was skipped; 2 incorrect usage.`

const replayExample = `  conversationctl replay callbacks.jsonl --to http://localhost:3000/sinch
  conversationctl replay callbacks.jsonl --to http://localhost:3000/sinch --sign --secret-env SINCH_WEBHOOK_SECRET --trigger MESSAGE_INBOUND`

type replayFlags struct {
	to             string
	sign           bool
	secretVariable string
	triggers       []string
	rate           float64
	stopOnFailure  bool
}

func newReplay(p *program) *cobra.Command {
	f := &replayFlags{}
	cmd := &cobra.Command{
		Use:     "replay FILE",
		GroupID: groupTasks,
		Short:   "Send recorded callbacks again",
		Long:    replayLong,
		Example: replayExample,
		Args:    exactArgs("FILE"),
		RunE:    func(cmd *cobra.Command, args []string) error { return p.replay(cmd.Context(), f, args[0]) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.to, "to", "", "`URL` to post the callbacks to")
	flags.BoolVar(&f.sign, "sign", false, "sign each callback again")
	flags.StringVar(&f.secretVariable, "secret-env", "", "`variable` with the secret to sign with")
	flags.StringSliceVar(&f.triggers, "trigger", nil, "`triggers` of the callbacks to send, such as MESSAGE_INBOUND (default: all)")
	flags.Float64Var(&f.rate, "rate", 0, "`number` of callbacks a second, at most (default: no limit)")
	flags.BoolVar(&f.stopOnFailure, "stop-on-failure", false, "stop at the first callback that is not answered with 2xx")
	return cmd
}

func (p *program) replay(ctx context.Context, f *replayFlags, path string) error {
	run, err := p.newReplayRun(f)
	if err != nil {
		return err
	}
	from := p.In
	if path != "-" {
		file, err := console.Await(ctx, func() (*os.File, error) { return os.Open(path) }) //nolint:gosec // The operator names the file.
		switch {
		case err != nil && ctx.Err() != nil:
			return err
		case err != nil:
			return usageError("%w", err)
		}
		defer file.Close() //nolint:errcheck // It was only read.
		if info, err := file.Stat(); err == nil && info.IsDir() {
			return usageError("FILE: %s is a folder: pass the file of listen --record", path)
		}
		from = file
	}
	err = run.all(ctx, newRecordReader(from))
	p.Note("Callbacks sent: %d. Answered with 2xx: %d. Lines skipped: %d.", run.sent, run.accepted, run.skipped)
	switch {
	case err != nil:
		return err
	case run.accepted < run.sent:
		return fmt.Errorf("%d of %d callbacks were not answered with 2xx", run.sent-run.accepted, run.sent)
	case run.skipped > 0:
		return fmt.Errorf("lines that are not recorded callbacks: %d", run.skipped)
	}
	return nil
}

const minRate = 0.001

func (p *program) newReplayRun(f *replayFlags) (*replayRun, error) {
	run := &replayRun{program: p, stopOnFailure: f.stopOnFailure}
	switch {
	case f.to == "":
		return nil, usageError("--to is missing: pass the URL to post the callbacks to")
	case f.sign && f.secretVariable == "":
		return nil, usageError("--sign requires --secret-env: pass the variable with the secret of the receiver")
	case !f.sign && f.secretVariable != "":
		return nil, usageError("--secret-env requires --sign: add it")
	case f.rate != 0 && !(f.rate >= minRate):
		return nil, usageError("--rate must be %g or more", minRate)
	case f.rate > 0:
		run.pause = time.Duration(float64(time.Second) / f.rate)
	}
	var err error
	if run.target, err = newCallbackTarget("--to", f.to); err != nil {
		return nil, err
	}
	if run.triggers, err = parseTriggers(f.triggers); err != nil {
		return nil, err
	}
	run.secret, err = secretFromEnv("--secret-env", f.secretVariable)
	return run, err
}
