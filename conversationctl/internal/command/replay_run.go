package command

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/internal/console"
	"github.com/sinchgo/conversation/webhook"
)

// replayRun sends the records of a file.
type replayRun struct {
	*program
	target        *callbackTarget
	secret        string // to sign with; empty: the headers stay
	triggers      []conversation.WebhookTrigger
	pause         time.Duration
	stopOnFailure bool

	sent, accepted, skipped int
	warned                  bool
}

// replayed is the answer to one callback.
type replayed struct {
	Line     int                         `json:"line"`
	Received time.Time                   `json:"received"`
	Trigger  conversation.WebhookTrigger `json:"trigger,omitempty"`
	Status   int                         `json:"status,omitempty"`
	Error    string                      `json:"error,omitempty"`
}

func (r *replayRun) all(ctx context.Context, records *recordReader) error {
	for line := 1; ; line = records.line + 1 {
		one, err := console.Await(ctx, records.next)
		switch {
		case ctx.Err() != nil:
			return fmt.Errorf("interrupted before line %d", line)
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errNotRecord):
			r.skipped++
			r.Note("line %d %v: it is skipped", records.line, err)
			continue
		case err != nil:
			return fmt.Errorf("line %d cannot be read, and nothing after it was sent: %w", records.line, err)
		}
		event := newReceivedEvent(one.Received, one.body())
		if len(r.triggers) > 0 && !slices.Contains(r.triggers, event.Trigger) {
			continue
		}
		if err := r.wait(ctx); err != nil {
			return fmt.Errorf("interrupted before line %d", records.line)
		}
		r.warnIfOld(one)
		answer := replayed{Line: records.line, Received: one.Received, Trigger: event.Trigger}
		failed := r.post(ctx, one, &answer)
		if err := r.print(answer); err != nil {
			return err
		}
		if failed && r.stopOnFailure {
			return fmt.Errorf("stopped at line %d: it was not answered with 2xx", records.line)
		}
	}
}

// wait waits until the next callback may be sent.
func (r *replayRun) wait(ctx context.Context) error {
	if r.pause == 0 || r.sent == 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(r.pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// post sends a callback, and reports whether the answer was not 2xx.
func (r *replayRun) post(ctx context.Context, one record, answer *replayed) bool {
	body, header := one.body(), one.Header
	if r.secret != "" {
		header = maps.Clone(header)
		maps.Copy(header, webhook.Sign(body, r.secret, rand.Text(), time.Now()))
	}
	r.sent++
	status, err := r.target.post(ctx, body, header)
	answer.Status = status
	if err != nil {
		answer.Error = err.Error()
	}
	if status < 200 || status > 299 {
		return true
	}
	r.accepted++
	return false
}

// warnIfOld notes once that receivers reject the signature of a record.
func (r *replayRun) warnIfOld(one record) {
	seconds, err := strconv.ParseInt(one.Header.Get(webhook.HeaderTimestamp), 10, 64)
	if r.warned || r.secret != "" || err != nil || time.Since(time.Unix(seconds, 0)) < 24*time.Hour {
		return
	}
	r.warned = true
	r.Note("Callbacks in this file were signed more than 24 hours ago, which receivers reject: add --sign to sign them again.")
}

func (r *replayRun) print(answer replayed) error {
	if r.JSON {
		return r.PrintJSONLine(answer)
	}
	result := strconv.Itoa(answer.Status)
	if answer.Error != "" {
		result = console.Cell(answer.Error)
	}
	_, err := fmt.Fprintf(r.Out, "line %d  %s  %s  %s\n", answer.Line, console.Stamp(answer.Received), console.Cell(string(answer.Trigger)), result)
	return err
}
