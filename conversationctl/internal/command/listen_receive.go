package command

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/internal/console"
	"github.com/sinchgo/conversation/webhook"
)

// seenCallbacks is how many callbacks are remembered to recognize those that are delivered again.
const seenCallbacks = 100_000

// listener handles the callbacks of listen.
type listener struct {
	*program
	path     string
	triggers []conversation.WebhookTrigger // to print; none: all
	recorder *recorder                     // nil without --record
	target   *callbackTarget               // nil without --forward-to
	seen     *webhook.MemoryDeduper
	printing sync.Mutex
}

// receive records, forwards and prints a verified callback.
func (l *listener) receive(ctx context.Context, body []byte, header http.Header) error {
	received := newReceivedEvent(time.Now().UTC(), body)
	received.Redelivered = l.redelivered(ctx, body)
	if l.recorder != nil {
		if err := l.recorder.add(newRecord(received.Received, body, header)); err != nil {
			l.Note("%s the callback is not recorded, and answered with 503: %v", l.PaintErr(console.Red, "failed:"), err)
			return err
		}
	}
	err := l.forward(ctx, &received, body, header)
	if err == nil && l.target == nil && !received.isEvent {
		setAnswer(ctx, http.StatusBadRequest) // As a webhook.Receiver answers it.
	}
	return errors.Join(err, l.print(received))
}

// redelivered reports whether the callback was received before.
func (l *listener) redelivered(ctx context.Context, body []byte) bool {
	key := webhook.DeduperKey(body)
	state, err := l.seen.Begin(ctx, key, time.Time{})
	if err != nil || state != webhook.StateNew {
		return err == nil
	}
	_ = l.seen.Done(ctx, key, true) // The key is in flight.
	return false
}

// forward posts a callback to the target. An error means that it must be delivered again.
func (l *listener) forward(ctx context.Context, received *receivedEvent, body []byte, header http.Header) error {
	if l.target == nil {
		return nil
	}
	status, err := l.target.post(ctx, body, header)
	received.Forwarded = &forwarding{Status: status}
	switch {
	case err != nil:
		received.Forwarded.Error = err.Error()
		return err
	case status >= 200 && status < 300:
		return nil
	case status >= 400 && status < 500:
		setAnswer(ctx, status)
		return nil
	}
	return fmt.Errorf("the target answered %d", status)
}

// print prints an event unless its trigger was not asked for.
func (l *listener) print(received receivedEvent) error {
	if len(l.triggers) > 0 && !slices.Contains(l.triggers, received.Trigger) {
		return nil
	}
	l.printing.Lock()
	defer l.printing.Unlock()
	if l.JSON {
		return l.PrintJSONLine(received)
	}
	_, err := fmt.Fprintln(l.Out, received.line(l.program))
	return err
}
