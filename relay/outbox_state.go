package relay

import (
	"time"

	"github.com/sinchgo/conversation"
)

// State is the state of an entry of the outbox.
type State string

// The states of an entry. Accepted, rejected, dropped, cancelled and expired entries are settled: nothing is sent any more, unless
// [Outbox.Retry] queues a rejected or dropped one again.
const (
	StateQueued     State = "queued"     // waits to be sent for the first time, or again because it provably was not sent
	StateAttempting State = "attempting" // a worker is sending it, or crashed while it did
	StateAccepted   State = "accepted"   // Sinch accepted it
	StateRejected   State = "rejected"   // Sinch or the SDK rejected it
	StateUnknown    State = "unknown"    // it may or may not have been sent
	StateDropped    State = "dropped"    // was unknown, and was given up by [UnknownDrop] or [SettleDrop]
	StateCancelled  State = "cancelled"  // was queued, and was cancelled by [Outbox.Cancel]
	StateExpired    State = "expired"    // was queued until [Entry.Before]
)

// settled reports whether the state is final.
func (s State) settled() bool {
	switch s {
	case StateAccepted, StateRejected, StateDropped, StateCancelled, StateExpired:
		return true
	}
	return false
}

// canReturn reports whether an entry in this state can be queued again, by hand or by a policy.
func (s State) canReturn() bool { return s == StateUnknown || s == StateRejected || s == StateDropped }

// Status describes an entry.
type Status struct {
	ID        string    `json:"id"`
	App       string    `json:"app"`
	Group     string    `json:"group,omitzero"`
	State     State     `json:"state"`
	MessageID string    `json:"message_id,omitzero"` // set by Sinch once accepted; empty if the reply could not be read
	Reason    string    `json:"reason,omitzero"`     // why it was not accepted, without message text or phone numbers
	Attempts  int       `json:"attempts"`            // requests started
	At        time.Time `json:"at"`                  // when the state or the delivery began, by the wall clock of the engine; nothing is decided by it

	// Delivery is the latest status that the delivery reports with the ID of an accepted entry had, by
	// [conversation.DeliveryStatus.Rank]. It is empty before the first one. Reports come through [Inbox.Run].
	Delivery conversation.DeliveryStatus `json:"delivery,omitzero"`
	// DeliveryReason is why the delivery failed, without phone numbers.
	DeliveryReason string `json:"delivery_reason,omitzero"`

	Priority int       `json:"priority,omitzero"`
	Before   time.Time `json:"before,omitzero"` // see [Entry.Before]

	// PageToken is set by [Outbox.List]: with it, another List continues after this entry.
	PageToken string `json:"page_token,omitzero"`
}

// ref returns what identifies the entry.
func (s *Status) ref() ref { return ref{id: s.ID, app: s.App, group: s.Group} }
