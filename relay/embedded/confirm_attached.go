package embedded

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
)

const (
	// confirmSubject is where processes that use [Attach] ask the host to confirm. No prefix of a relay has an underscore.
	confirmSubject = "_relay.confirm"
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
	_, err := nc.Subscribe(confirmSubject, func(request *nats.Msg) {
		go func() { _ = request.Respond(h.confirmation()) }() // without an answer, the other process times out
	})
	if err != nil {
		return err
	}
	return nc.Flush()
}

// confirmation returns an empty answer if everything is on the disk, and otherwise the error.
func (h *host) confirmation() []byte {
	ctx, cancel := context.WithTimeout(context.Background(), confirmTime)
	defer cancel()
	err := errNotSynced
	if h.chosen.syncEvery == 0 {
		err = h.probe.confirm(ctx)
	}
	if err != nil {
		return []byte(err.Error())
	}
	return nil
}

// askToConfirm returns nil if the process that runs the engine confirms.
func askToConfirm(ctx context.Context, nc *nats.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, confirmTime)
	defer cancel()
	answer, err := nc.RequestWithContext(ctx, confirmSubject, nil)
	if err != nil {
		return fmt.Errorf("embedded: Attach: the process that runs the engine does not confirm what it has stored: %w", err)
	}
	if len(answer.Data) > 0 {
		return errors.New(string(answer.Data))
	}
	return nil
}
