package relay

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// State is the state of an entry of the outbox.
type State string

// The states of an entry. Accepted, rejected and dropped entries are settled: their state is final.
const (
	StateQueued     State = "queued"     // waits to be sent for the first time, or again because it provably was not sent
	StateAttempting State = "attempting" // a worker is sending it, or crashed while it did
	StateAccepted   State = "accepted"   // Sinch accepted it
	StateRejected   State = "rejected"   // Sinch or the SDK rejected it
	StateUnknown    State = "unknown"    // it may or may not have been sent
	StateDropped    State = "dropped"    // was unknown, and was given up by [UnknownDrop] or [SettleDrop]
)

// settled reports whether the state is final.
func (s State) settled() bool { return s == StateAccepted || s == StateRejected || s == StateDropped }

// Status describes an entry.
type Status struct {
	ID        string    `json:"id"`
	App       string    `json:"app"`
	State     State     `json:"state"`
	MessageID string    `json:"message_id,omitzero"` // set by Sinch once accepted; empty if the reply could not be read
	Reason    string    `json:"reason,omitzero"`     // why it was not accepted, without message text or phone numbers
	Attempts  int       `json:"attempts"`            // requests started
	At        time.Time `json:"at"`                  // when the state began, by the wall clock of the engine; nothing is decided by it
}

// Headers of the messages in the outbox stream.
const (
	headerRound = "Relay-Round" // how often the entry was requeued; absent for never
	headerState = "Relay-State"
)

// ref identifies an entry, and the round that a message of it belongs to.
type ref struct {
	id, app string
	round   int
}

// refOf returns what a message of the outbox stream belongs to.
func refOf(subject string, header nats.Header) ref {
	words := strings.Split(subject, ".")
	round, _ := strconv.Atoi(header.Get(headerRound))
	return ref{id: untoken(words[len(words)-1]), app: untoken(words[len(words)-2]), round: round}
}

// message builds a message of an entry.
func (n names) message(of ref, k kind, body []byte) *nats.Msg {
	msg := &nats.Msg{Subject: n.entry(k, of.app, of.id), Data: body}
	if of.round > 0 || k == kindState {
		msg.Header = nats.Header{headerRound: {strconv.Itoa(of.round)}}
	}
	return msg
}

// sumOf returns the hash by which two messages to send are compared. It is of the JSON with escaped HTML, which earlier
// versions stored.
func sumOf(body []byte) string {
	var escaped bytes.Buffer
	json.HTMLEscape(&escaped, body)
	sum := sha256.Sum256(escaped.Bytes())
	return hex.EncodeToString(sum[:])
}

// maxStoredReason is the length in bytes at which the reason of a state is cut.
const maxStoredReason = 4 << 10

// record is the body of a state message.
type record struct {
	State     State  `json:"state"`
	MessageID string `json:"message_id,omitzero"`
	Reason    string `json:"reason,omitzero"`
	Attempts  int    `json:"attempts"`
	Sum       string `json:"sum"`         // of the message, which may have been removed
	By        string `json:"by,omitzero"` // ID of the write, to recognize it if its acknowledgement is lost
}

// stored is a record as it is in the stream.
type stored struct {
	record

	ref ref
	seq uint64 // 0 if there is none
	at  time.Time
}

var errConflict = errors.New("relay: another process changed the state first")

// state reads the state record of an entry. An entry without one was never attempted.
func (o *Outbox) state(ctx context.Context, of ref) (stored, error) {
	msg, err := lastOf(ctx, o.relay.outboxStream, o.relay.names.entry(kindState, of.app, of.id))
	if err != nil || msg == nil {
		return stored{ref: of}, err
	}
	return readState(msg)
}

func readState(msg *jetstream.RawStreamMsg) (stored, error) {
	s := stored{ref: refOf(msg.Subject, msg.Header), seq: msg.Sequence, at: msg.Time}
	if err := json.Unmarshal(msg.Data, &s.record); err != nil {
		return s, fmt.Errorf("relay: the state of an entry cannot be read: %w", err)
	}
	return s, nil
}

// put replaces the state record of an entry. It returns errConflict if the record differs from the one at before.
func (o *Outbox) put(ctx context.Context, of ref, rec record, before uint64) (uint64, error) {
	rec.Reason = cutText(rec.Reason, maxStoredReason)
	body, err := json.Marshal(rec)
	if err != nil {
		return 0, err
	}
	msg := o.relay.names.message(of, kindState, body)
	msg.Header.Set(headerState, string(rec.State))
	opts := []jetstream.PublishOpt{jetstream.WithExpectLastSequencePerSubject(before)}
	ack, err := o.relay.js.PublishMsg(ctx, msg, opts...)
	if isConflict(err) {
		return 0, errConflict
	}
	if err != nil {
		return 0, err
	}
	return ack.Sequence, nil
}

// status returns the public form of a state.
func (s stored) status() *Status {
	return &Status{
		ID: s.ref.id, App: s.ref.app, State: s.State, MessageID: s.MessageID, Reason: s.Reason, Attempts: s.Attempts, At: s.at,
	}
}
