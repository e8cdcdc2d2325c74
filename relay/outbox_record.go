package relay

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/sinchgo/conversation"
)

// maxStoredReason is the length in bytes at which the reason of a state is cut.
const maxStoredReason = 4 << 10

// record is the body of a state message.
type record struct {
	State     State  `json:"state"`
	MessageID string `json:"message_id,omitzero"`
	Reason    string `json:"reason,omitzero"`

	Delivery       conversation.DeliveryStatus `json:"delivery,omitzero"`
	DeliveryReason string                      `json:"delivery_reason,omitzero"`

	Attempts int    `json:"attempts"`
	Sum      string `json:"sum"`         // of the message, which may have been removed
	By       string `json:"by,omitzero"` // ID of the write, to recognize it if its acknowledgement is lost
}

// stored is a record as it is in the stream.
type stored struct {
	record

	ref  ref
	seq  uint64 // 0 if there is none
	past trail  // before it
	at   time.Time
}

// trail returns the path of what replaces the record.
func (s stored) trail() trail { return s.past.then(s.seq, markOf(s.State, s.Delivery)) }

var errConflict = errors.New("relay: another process changed the state first")

// state reads the state record of an entry. An entry without one was never attempted.
func (o *Outbox) state(ctx context.Context, of ref) (stored, error) {
	msg, err := lastOf(ctx, o.relay.outboxStream, o.relay.names.entry(kindState, of))
	if err != nil || msg == nil {
		return stored{ref: of}, err
	}
	return readState(msg)
}

func readState(msg *jetstream.RawStreamMsg) (stored, error) {
	s := stored{ref: refOf(msg.Subject, msg.Header), seq: msg.Sequence, past: trailOf(msg.Header), at: msg.Time}
	if err := json.Unmarshal(msg.Data, &s.record); err != nil {
		return s, fmt.Errorf("relay: the state of an entry cannot be read: %w", err)
	}
	return s, nil
}

// put replaces the state record of an entry. It returns errConflict if the record differs from the one at before. past is what was
// before the new record.
func (o *Outbox) put(ctx context.Context, of ref, rec record, before uint64, past trail) (uint64, error) {
	rec.Reason, rec.DeliveryReason = cutText(rec.Reason, maxStoredReason), cutText(rec.DeliveryReason, maxStoredReason)
	body, err := json.Marshal(rec)
	if err != nil {
		return 0, err
	}
	msg := o.relay.names.message(of, kindState, body, past)
	msg.Header.Set(headerState, string(rec.State))
	if rec.Delivery != "" {
		msg.Header.Set(headerDelivery, string(rec.Delivery))
	}
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
		ID: s.ref.id, App: s.ref.app, Group: s.ref.group, State: s.State, MessageID: s.MessageID, Reason: s.Reason, Attempts: s.Attempts, At: s.at,
		Delivery: s.Delivery, DeliveryReason: s.DeliveryReason, Priority: s.ref.priority, Before: s.ref.before,
	}
}

// sumOf returns the hash by which two messages to send are compared. It is of the JSON with escaped HTML, which earlier
// versions stored.
func sumOf(body []byte) string {
	var escaped bytes.Buffer
	json.HTMLEscape(&escaped, body)
	sum := sha256.Sum256(escaped.Bytes())
	return hex.EncodeToString(sum[:])
}

// cutText cuts text to a number of bytes, and marks that.
func cutText(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "..."
}
