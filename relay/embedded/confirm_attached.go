package embedded

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
)

const (
	// confirmSubject and flushSubject are where processes that use [Attach] ask the host to confirm and to flush. No prefix of a relay
	// has an underscore.
	confirmSubject = "_relay.confirm"
	flushSubject   = "_relay.flush"
	// confirmTime is how long a confirmation may take.
	confirmTime = 30 * time.Second
	// settleTime is how long nothing is confirmed after the engine was found again: the acknowledgement may be of the process
	// before, and on a disk that failed.
	settleTime = time.Second
)

var errHostRestarted = errors.New("embedded: Attach: the process that runs the engine was restarted just now, so what it acknowledged is in doubt: try again")

var errNotSynced = errors.New("embedded: the engine was restarted with WithSyncEvery: open the relay again, with relay.WithWeakDurability")

// answerConfirms answers attached processes. A request arrives after what the process relies on was acknowledged, so the probe
// begins after it too.
func (h *host) answerConfirms(nc *nats.Conn) error {
	if h.chosen.host == "" {
		return nil
	}
	for subject, do := range map[string]func(context.Context) error{confirmSubject: h.confirm, flushSubject: h.flush} {
		_, err := nc.Subscribe(subject, func(request *nats.Msg) {
			go func() { _ = request.Respond(answerOf(do)) }() // without an answer, the other process times out
		})
		if err != nil {
			return err
		}
	}
	return nc.Flush()
}

// answerOf returns an empty answer for no error, and otherwise the error.
func answerOf(do func(context.Context) error) []byte {
	ctx, cancel := context.WithTimeout(context.Background(), confirmTime)
	defer cancel()
	if err := do(ctx); err != nil {
		return []byte(err.Error())
	}
	return nil
}

// confirm returns nil if everything that was acknowledged before the call is on the disk.
func (h *host) confirm(ctx context.Context) error {
	if h.chosen.syncEvery > 0 {
		return errNotSynced
	}
	return h.probe.confirm(ctx)
}

// flush returns nil if everything that was acknowledged before the call is on the disk, which it syncs if necessary.
func (h *host) flush(ctx context.Context) error {
	if h.chosen.syncEvery > 0 {
		return h.flusher.flush(ctx)
	}
	return h.probe.confirm(ctx)
}

// ask returns nil if the process that runs the engine confirms or flushes.
func ask(ctx context.Context, nc *nats.Conn, subject string) error {
	ctx, cancel := context.WithTimeout(ctx, confirmTime)
	defer cancel()
	answer, err := nc.RequestWithContext(ctx, subject, nil)
	if err != nil {
		return fmt.Errorf("embedded: Attach: the process that runs the engine does not confirm what it has stored: %w", err)
	}
	if len(answer.Data) > 0 {
		return errors.New(string(answer.Data))
	}
	return nil
}
