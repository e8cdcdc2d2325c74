package relay

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sinchgo/conversation/outbox"
)

// The origins of dead letters.
const (
	originInbox  = "inbox"
	originOutbox = "outbox"
)

// The headers of a dead letter, in addition to those of its content.
const (
	reasonHeader = "Relay-Letter-Reason"
	triesHeader  = "Relay-Letter-Tries"
)

// DeadLetter is a message or callback that could not be handled. It is kept until it is retried
// ([Relay.RetryDeadLetter]).
type DeadLetter struct {
	Seq    uint64      // its number, for [Relay.DeadLetter] and [Relay.RetryDeadLetter]
	Origin string      // "outbox" or "inbox"
	ID     string      // the ID of the entry, or the key that duplicates of the callback share
	Reason string      // the last error, with possible phone numbers masked
	Tries  int         // number of tries
	At     time.Time   // when it became a dead letter, by the wall clock of the engine
	Body   []byte      // the message to send, or the body of the callback
	Header http.Header // the headers that were kept with the callback

	// Cut is how many bytes of the end of Body are missing, because the letter would have been too large for the engine. A
	// letter that was cut cannot be retried.
	Cut int
}

// DeadLetters returns the dead letters, oldest first. It ends after the first error, and does not wait for further dead
// letters.
func (r *Relay) DeadLetters(ctx context.Context) iter.Seq2[*DeadLetter, error] {
	return func(yield func(*DeadLetter, error) bool) {
		next := jetstream.WithGetMsgSubject(r.names.prefix + ".dead.>")
		for seq := uint64(1); ; {
			message, err := r.deadStream.GetMsg(ctx, seq, next)
			if errors.Is(err, jetstream.ErrMsgNotFound) {
				return
			}
			if err != nil {
				yield(nil, inMethod("DeadLetters", err))
				return
			}
			if !yield(deadLetterOf(message), nil) {
				return
			}
			seq = message.Sequence + 1
		}
	}
}

// DeadLetter returns the dead letter with the number seq, or [ErrNoDeadLetter].
func (r *Relay) DeadLetter(ctx context.Context, seq uint64) (*DeadLetter, error) {
	message, err := r.rawDeadLetter(ctx, seq)
	if err != nil {
		return nil, inMethod("DeadLetter", err)
	}
	return deadLetterOf(message), nil
}

// RetryDeadLetter returns the content of a dead letter to where it came from, as if it had not been tried before, and
// removes the dead letter. It returns [ErrNoDeadLetter] if there is none with this number. After another error the dead
// letter may still exist although its content was returned.
func (r *Relay) RetryDeadLetter(ctx context.Context, seq uint64) error {
	message, err := r.rawDeadLetter(ctx, seq)
	if err != nil {
		return inMethod("RetryDeadLetter", err)
	}
	switch letter := deadLetterOf(message); {
	case letter.Cut > 0:
		err = fmt.Errorf("the last %d bytes of its body were cut off, because it was too large for the engine", letter.Cut)
	case letter.Origin == originOutbox:
		err = r.outbox.retryDeadLetter(ctx, letter)
	default:
		err = r.inbox.retryDeadLetter(ctx, letter, message.Header)
	}
	if err == nil {
		err = r.engine.confirm(ctx)
	}
	if err != nil {
		return inMethod("RetryDeadLetter", err)
	}
	if err := r.deadStream.DeleteMsg(ctx, seq); err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) {
		return fmt.Errorf("relay: RetryDeadLetter: the content was returned, but the dead letter could not be removed: %w", err)
	}
	return nil
}

// retryDeadLetter clears the state of a callback, and appends it again.
func (i *Inbox) retryDeadLetter(ctx context.Context, letter *DeadLetter, header nats.Header) error {
	again := &nats.Msg{Subject: i.relay.names.lane(laneOf(letter.Body)), Header: onlyKept(header), Data: letter.Body}
	if !i.relay.fit(again) {
		return fmt.Errorf("its content does not fit into a message of the engine: raise max_payload: %w", nats.ErrMaxPayload)
	}
	if err := i.relay.seenBucket.Purge(ctx, keyOf(letter.Body, header), jetstream.PurgeTTL(markerLife)); err != nil {
		return err
	}
	_, err := i.relay.js.PublishMsg(ctx, again)
	return err
}

// addDeadLetter adds a dead letter, unless there is one with the same origin and ID. It masks the reason. A letter that is
// too large for the engine is cut.
func (r *Relay) addDeadLetter(ctx context.Context, origin, id, reason string, tries int, body []byte, header nats.Header) error {
	all := onlyKept(header)
	all.Set(reasonHeader, outbox.Redact(reason))
	all.Set(triesHeader, strconv.Itoa(tries))
	message := &nats.Msg{Subject: r.names.deadLetter(origin, id), Header: all, Data: body}
	r.fitLetter(message)
	_, err := r.js.PublishMsg(ctx, message, jetstream.WithExpectLastSequencePerSubject(0))
	if isConflict(err) {
		return nil
	}
	return err
}

func (r *Relay) rawDeadLetter(ctx context.Context, seq uint64) (*jetstream.RawStreamMsg, error) {
	message, err := r.deadStream.GetMsg(ctx, seq)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, ErrNoDeadLetter
	}
	return message, err
}

func deadLetterOf(message *jetstream.RawStreamMsg) *DeadLetter {
	subject := strings.Split(message.Subject, ".")
	tries, _ := strconv.Atoi(message.Header.Get(triesHeader))
	cut, _ := strconv.Atoi(message.Header.Get(cutHeader))
	return &DeadLetter{
		Seq: message.Sequence, Reason: message.Header.Get(reasonHeader), Tries: tries, At: message.Time,
		Body: bodyOf(message.Header, message.Data), Cut: cut,
		Origin: subject[len(subject)-2], ID: untoken(subject[len(subject)-1]), Header: http.Header(keptHeader(http.Header(message.Header))),
	}
}
