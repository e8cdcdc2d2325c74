package relay

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
)

// Entry identifies a message in the outbox.
type Entry struct {
	// ID is the caller's name for the message, unique in the outbox, at most 128 bytes. Sinch returns it in
	// correlation_id. Derive it from what the message is about, such as an order number, so that the same message gets
	// the same ID when it is enqueued again.
	ID string
	// After is the earliest time to send the message, rounded up to a second, at the latest 2262-01-01. The zero time, or one
	// in the past, means immediately. It is a time by the wall clock of the engine: while that clock is ahead the message is sent
	// early, and while it is behind, late.
	After time.Time
	// Before is the time after which the message is no longer sent: its entry becomes [StateExpired]. The zero time means never. It is
	// a time by the wall clock of the engine, and at the latest 2262-01-01. A message leaves at least 70 ms before it.
	Before time.Time
	// Group names what the message belongs to, such as a campaign, at most 64 bytes. Groups are counted ([Relay.Overview]), listed,
	// paced ([Outbox.SetRate]) and paused ([Outbox.Pause]). Empty means no group.
	Group string
	// Priority orders the messages of an app: those with a higher one are sent first, and of one priority the oldest. Default 0. A
	// campaign of any length does not hold up a message with a higher priority. Use few different values: each costs a little memory
	// and time.
	Priority int
	// App is the app to send with. Empty means the app of the request; if both are set, they must be equal. At most 251
	// bytes, of which each other than a letter, digit, dash or underscore counts as 3.
	App string
}

// Enqueue adds a message to the outbox. The message is stored when Enqueue returns nil. Enqueuing the same message under
// the same ID again has no effect, until [WithRetention] has passed since it was settled: one that was rejected, dropped or
// cancelled is not sent either (see [Outbox.Retry]).
//
// Enqueue returns a [conversation.ArgumentError] if the ID is empty, too long or not UTF-8, if there is no app or two
// different ones, if the app, the group or a time cannot be used, if Before has passed, if the request has another correlation_id, if a client with
// [conversation.DialectPlatform] would reject the request ([conversation.SendMessageRequest.Validate]; see [WithoutRequestChecks]), or if
// the message is too large for the engine. It returns
// [ErrIDTaken] if the ID names another message. After any other error, such as one of the engine, the message may or may
// not have been stored: call Enqueue again with the same ID.
func (o *Outbox) Enqueue(ctx context.Context, req *conversation.SendMessageRequest, e Entry) error {
	of, body, err := o.encodeEntry(req, e)
	if err == nil {
		err = o.checkSize(body)
	}
	if err != nil {
		return err
	}
	if err = o.waitForRoom(ctx, of.app); err == nil {
		err = o.store(ctx, of, body, e.After)
	}
	if err == nil || isAway(err) {
		if failed := o.relay.engine.confirm(ctx); err == nil || failed != nil && !isAway(failed) {
			err = failed // such as a full disk
		}
	}
	if err == nil {
		o.noteStored(ctx, 1)
	}
	return inMethod("Outbox.Enqueue", err)
}

// encodeEntry checks an entry and encodes its message.
func (o *Outbox) encodeEntry(req *conversation.SendMessageRequest, e Entry) (ref, []byte, error) {
	if req == nil {
		return ref{}, nil, argumentError(opEnqueue, "req", "is nil: pass a message")
	}
	own := *req
	if err := checkEntry(req, e); err != nil {
		return ref{}, nil, err
	}
	if own.AppID == "" {
		own.AppID = e.App
	}
	own.CorrelationID = e.ID
	if err := o.checkRequest(&own); err != nil {
		return ref{}, nil, err
	}
	body, err := outbox.Encode(&own)
	if err != nil {
		return ref{}, nil, inEnqueue(err)
	}
	return ref{id: e.ID, app: own.AppID, group: e.Group, priority: e.Priority, before: e.Before}, body, nil
}

// checkSize returns an error for a message that is too large for the engine.
func (o *Outbox) checkSize(body []byte) error {
	if limit := o.relay.engine.Conn.MaxPayload(); limit > 0 && int64(len(body))+headerRoom > limit {
		return argumentError(opEnqueue, "req", fmt.Sprintf("has %d KiB as JSON: the engine accepts %d, headers included", len(body)>>10, limit>>10))
	}
	return nil
}

// store publishes an encoded entry, unless it is already stored.
func (o *Outbox) store(ctx context.Context, of ref, body []byte, after time.Time) error {
	r := o.relay
	for {
		err := o.publish(ctx, o.entryMessage(of, body, after))
		if errors.Is(err, context.DeadlineExceeded) && hasTime(ctx) {
			continue // the server may have crashed before its answer; the ID prevents a duplicate
		}
		if !isConflict(err) {
			return r.engine.storeError(err)
		}
		if free, err := o.resolveTaken(ctx, of, body); err != nil || !free {
			return err
		}
		if err := sleep(ctx, conflictWait); err != nil {
			return r.engine.storeError(err)
		}
	}
}

// resolveTaken returns the result of an entry whose ID is taken: nil if by the same message, or [ErrIDTaken]. It reports true if the
// ID is free: the message is being stored, or was removed just now.
func (o *Outbox) resolveTaken(ctx context.Context, of ref, body []byte) (free bool, err error) {
	there, err := lastOf(ctx, o.relay.outboxStream, o.relay.names.allOf(of.id))
	if err != nil || there == nil {
		return err == nil, o.relay.engine.storeError(err)
	}
	removed, err := o.removeLeftover(ctx, there)
	if err != nil || removed {
		return removed, o.relay.engine.storeError(err)
	}
	return false, o.sameMessage(ctx, there, body)
}

// removeLeftover removes a held message without a record, which is left of an entry that was forgotten.
func (o *Outbox) removeLeftover(ctx context.Context, there *jetstream.RawStreamMsg) (bool, error) {
	if !o.relay.names.kindOf(there.Subject).isAside() {
		return false, nil
	}
	s, err := o.state(ctx, refOf(there.Subject, there.Header))
	if err != nil || s.seq != 0 {
		return false, err
	}
	return true, o.deleteMessage(ctx, there.Subject, there.Sequence)
}

// sameMessage returns ErrIDTaken if the stored message is another one.
func (o *Outbox) sameMessage(ctx context.Context, there *jetstream.RawStreamMsg, body []byte) error {
	sum := sumOf(bodyOf(there.Header, there.Data))
	if k := o.relay.names.kindOf(there.Subject); k != kindEntry && k != kindLater {
		s, err := o.state(ctx, refOf(there.Subject, nil))
		if err != nil {
			return err
		}
		sum = s.Sum
	}
	if sum != sumOf(body) {
		return ErrIDTaken
	}
	return nil
}

// publish stores an entry if nothing is stored under its ID.
func (o *Outbox) publish(ctx context.Context, msg *nats.Msg) error {
	return callOnce(ctx, func(ctx context.Context) error {
		_, err := o.relay.js.PublishMsg(ctx, msg)
		return err
	})
}

// entryMessage returns the message that stores an entry if nothing is stored under its ID. One that is not due is scheduled.
func (o *Outbox) entryMessage(of ref, body []byte, after time.Time) *nats.Msg {
	names := o.relay.names
	msg := names.message(of, kindEntry, body, nil)
	msg.Header.Set(jetstream.ExpectedLastSubjSeqHeader, "0")
	msg.Header.Set(jetstream.ExpectedLastSubjSeqSubjHeader, names.allOf(of.id))
	if time.Until(after) > 0 {
		msg.Header.Set(jetstream.ScheduleHeader, "@at "+wholeSecond(after).UTC().Format(time.RFC3339))
		msg.Header.Set(jetstream.ScheduleTargetHeader, msg.Subject)
		msg.Header.Set(jetstream.ScheduleTTLHeader, "never")
		msg.Subject = names.entry(kindLater, of)
	}
	return msg
}

// wholeSecond rounds up, because the engine's schedules have no fractions and an entry must not be sent too early.
func wholeSecond(t time.Time) time.Time {
	return t.Add(time.Second - time.Nanosecond).Truncate(time.Second)
}
