package command

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/internal/console"
)

// messageState is a state of a message, as --wait prints it.
type messageState struct {
	MessageID string                      `json:"message_id"`
	Status    conversation.DeliveryStatus `json:"status"`
	At        time.Time                   `json:"at,omitzero"`
	Channel   conversation.Channel        `json:"channel,omitempty"`
	Identity  string                      `json:"identity,omitempty"`
	Reason    string                      `json:"reason,omitempty"`
}

// watcher returns the next state of a message after the last one, and waits until there is one.
type watcher interface {
	next(ctx context.Context, messageID string, last conversation.DeliveryStatus) (messageState, error)
	silence() string // the likely cause if there is no state at all
	close()
}

// sendAndWait sends the message once and prints its states. Nothing is sent if no state could be seen.
func (p *program) sendAndWait(
	ctx context.Context, client *conversation.Client, f *sendFlags, request *conversation.SendMessageRequest,
) error {
	until := conversation.DeliveryStatus(strings.ToUpper(f.until))
	if until != conversation.DeliveryStatusDelivered && until != conversation.DeliveryStatusRead {
		return usageError("--until must be delivered or read")
	}
	watch, err := p.newWatcher(ctx, client, f, request)
	if err != nil {
		return err
	}
	defer watch.close()
	response, err := client.Messages.Send(ctx, request)
	if err != nil {
		return changed(err)
	}
	if err := p.printAccepted(response, p.PrintJSONLine); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	return p.printStates(ctx, watch, response.MessageID, until)
}

func (p *program) newWatcher(
	ctx context.Context, client *conversation.Client, f *sendFlags, request *conversation.SendMessageRequest,
) (watcher, error) {
	if f.listen != "" {
		return p.newReportWatcher(ctx, client, f, request)
	}
	return newPoller(ctx, client, request)
}

// printStates prints the states of a message until it has reached one.
func (p *program) printStates(ctx context.Context, watch watcher, messageID string, until conversation.DeliveryStatus) error {
	var last messageState
	for {
		state, err := watch.next(ctx, messageID, last.Status)
		if err != nil {
			return waitError(ctx, err, watch, messageID, last.Status)
		}
		if err := p.printState(state); err != nil {
			return &exitError{exitUnknown, waitError(ctx, err, watch, messageID, state.Status)}
		}
		switch {
		case state.Status == conversation.DeliveryStatusFailed:
			return fmt.Errorf("the message %s has failed", console.Cell(messageID))
		case state.Status.Rank() >= until.Rank():
			return nil
		}
		last = state
	}
}

func (p *program) printState(state messageState) error {
	if p.JSON {
		return p.PrintJSONLine(state)
	}
	line := console.Cell(state.MessageID) + " " + p.Paint(statusStyle(state.Status), console.Cell(string(state.Status))) + " " + console.Stamp(state.At)
	if state.Channel != "" {
		line += " " + console.Cell(string(state.Channel)+":"+state.Identity)
	}
	if state.Reason != "" {
		line += " " + console.Cell(state.Reason)
	}
	_, err := fmt.Fprintln(p.Out, line)
	return err
}

func statusStyle(status conversation.DeliveryStatus) console.Style {
	switch status {
	case conversation.DeliveryStatusDelivered, conversation.DeliveryStatusRead:
		return console.Green
	case conversation.DeliveryStatusFailed:
		return console.Red
	}
	return console.Yellow
}

// waitError describes why a wait ended before the message reached the state.
func waitError(ctx context.Context, err error, watch watcher, messageID string, last conversation.DeliveryStatus) error {
	known := "no status is known (" + watch.silence() + ")"
	if last != "" {
		known = "its last status is " + console.Cell(string(last))
	}
	sent := fmt.Sprintf("the message %s was accepted and %s; do not send it again to wait longer", console.Cell(messageID), known)
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("--timeout is over: %s", sent)
	case ctx.Err() != nil:
		return fmt.Errorf("interrupted: %s", sent)
	}
	return fmt.Errorf("%s: %w", sent, err)
}
