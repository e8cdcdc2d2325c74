package relay

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Where dead letters come from.
const (
	originInbox  = "inbox"
	originOutbox = "outbox"
)

// The headers of a dead letter, beside those of what it holds.
const (
	reasonHeader = "Relay-Letter-Reason"
	triesHeader  = "Relay-Letter-Tries"
)

// DeadLetter is something that could not be handled. It is kept until it is retried ([Relay.RetryDeadLetter]).
type DeadLetter struct {
	Seq    uint64      // its number, for [Relay.DeadLetter] and [Relay.RetryDeadLetter]
	Origin string      // "outbox" or "inbox"
	ID     string      // the ID of the entry, or what copies of the callback share
	Reason string      // the last error; what looks like a phone number is masked
	Tries  int         // how often it was tried
	At     time.Time   // when it was put here
	Body   []byte      // the message to send, or the body of the callback
	Header http.Header // what is kept of the callback's headers
}

// DeadLetters gives the dead letters, oldest first. It ends with the first error, and does not wait for more letters to come.
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

// DeadLetter gives one dead letter by its number. It fails with [ErrNoDeadLetter] if it is not there.
func (r *Relay) DeadLetter(ctx context.Context, seq uint64) (*DeadLetter, error) {
	message, err := r.rawDeadLetter(ctx, seq)
	if err != nil {
		return nil, inMethod("DeadLetter", err)
	}
	return deadLetterOf(message), nil
}

// RetryDeadLetter puts what a dead letter holds back where it came from, as if it had not been tried before, and removes the letter. It
// fails with [ErrNoDeadLetter] if the letter is not there. After another error the letter may be there still, although what it
// holds was put back.
func (r *Relay) RetryDeadLetter(ctx context.Context, seq uint64) error {
	message, err := r.rawDeadLetter(ctx, seq)
	if err != nil {
		return inMethod("RetryDeadLetter", err)
	}
	if letter := deadLetterOf(message); letter.Origin == originOutbox {
		err = r.outbox.retryDeadLetter(ctx, letter)
	} else {
		err = r.inbox.retryDeadLetter(ctx, letter.ID, message)
	}
	if err != nil {
		return inMethod("RetryDeadLetter", err)
	}
	if err := r.deadStream.DeleteMsg(ctx, seq); err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) {
		return fmt.Errorf("relay: RetryDeadLetter: the letter was put back, but is still there: %w", err)
	}
	return nil
}

// retryDeadLetter forgets that a callback was given up, and appends it again.
func (i *Inbox) retryDeadLetter(ctx context.Context, key string, message *jetstream.RawStreamMsg) error {
	if err := i.relay.seenBucket.Purge(ctx, key, jetstream.PurgeTTL(markerLife)); err != nil {
		return err
	}
	again := &nats.Msg{Subject: i.relay.names.lane(laneOf(message.Data)), Header: onlyKept(message.Header), Data: message.Data}
	_, err := i.relay.js.PublishMsg(ctx, again)
	return err
}

// addDeadLetter puts something with the dead letters. One with the same origin and ID that is there already stays as it is. The
// reason is masked here.
func (r *Relay) addDeadLetter(ctx context.Context, origin, id, reason string, tries int, body []byte, header nats.Header) error {
	all := make(nats.Header, len(header)+3)
	maps.Copy(all, header)
	all.Set(reasonHeader, redact(reason))
	all.Set(triesHeader, strconv.Itoa(tries))
	message := &nats.Msg{Subject: r.names.deadLetter(origin, id), Header: all, Data: body}
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
	return &DeadLetter{
		Seq: message.Sequence, Reason: message.Header.Get(reasonHeader), Tries: tries, At: message.Time, Body: message.Data,
		Origin: subject[len(subject)-2], ID: untoken(subject[len(subject)-1]), Header: http.Header(keptHeader(http.Header(message.Header))),
	}
}
