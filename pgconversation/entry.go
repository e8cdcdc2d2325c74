package pgconversation

import (
	"time"

	"github.com/riverqueue/river"

	"github.com/sinchgo/conversation"
)

// Entry identifies a message in the outbox.
type Entry struct {
	// ID is the caller's name for the message, unique in the outbox, at most 128 bytes. Sinch returns it in correlation_id. Derive it
	// from what the message is about, such as an order number, so that the same message has the same ID when it is inserted again.
	ID string
	// App is the app to send with. Empty means the app of the request; if both are set, they must be equal.
	App string
	// Group names what the message belongs to, such as a campaign, at most 64 bytes. [List] and [Count] select by it. Empty means no group.
	Group string
	// Priority is 0 to 3. Of the messages that are due, those with a higher one are sent first. Default 0. River's priority is 4 minus
	// this one.
	Priority int
	// After is the earliest time to send the message, from 1970 to 9999, by the clock of the machine whose River client is the leader. The zero
	// time means immediately.
	After time.Time
	// Before is the time, until 9999, after which the message is no longer sent, by the clock of the server: its entry becomes
	// [StateExpired]. The zero time means never.
	Before time.Time
	// Queue is River's queue, named as River requires: at most 64 lower-case letters and digits, separated by underscores or hyphens. Empty
	// means [river.QueueDefault]. With a queue for each app, or for messages alone, they do not wait for other jobs.
	Queue string
}

// State is the state of an entry of the outbox.
type State string

// The states of an entry. Accepted, rejected, dropped, cancelled and expired entries are settled: nothing is sent any more, unless
// [Retry] queues a rejected or dropped one again.
const (
	StateQueued     State = "queued"     // waits to be sent for the first time, or again because it provably was not sent
	StateAttempting State = "attempting" // a worker is sending it, or crashed while it did
	StateAccepted   State = "accepted"   // Sinch accepted it
	StateRejected   State = "rejected"   // Sinch or the SDK rejected it
	StateUnknown    State = "unknown"    // it may or may not have been sent
	StateDropped    State = "dropped"    // was given up by [SettleDrop], was not sent in River's last attempt, or its River job was deleted
	StateCancelled  State = "cancelled"  // was queued, and was cancelled by [Cancel], or its River job was cancelled
	StateExpired    State = "expired"    // was queued until [Entry.Before]
)

// Status describes an entry.
type Status struct {
	ID        string    `json:"id"`
	App       string    `json:"app"`
	Group     string    `json:"group,omitzero"`
	State     State     `json:"state"`
	MessageID string    `json:"message_id,omitzero"` // set by Sinch once accepted; empty if the reply could not be read
	Reason    string    `json:"reason,omitzero"`     // why it was not accepted, without message text or phone numbers
	Attempts  int       `json:"attempts"`            // attempts begun, also those that ended before the request left
	At        time.Time `json:"at"`                  // when the state or the delivery began, by the clock of the server

	// Delivery is the latest status that the delivery reports with the ID of the entry had, by [conversation.DeliveryStatus.Rank]. It
	// is empty before the first one. Reports come through the [Inbox].
	Delivery conversation.DeliveryStatus `json:"delivery,omitzero"`
	// DeliveryReason is why the delivery failed, without phone numbers.
	DeliveryReason string `json:"delivery_reason,omitzero"`

	Priority int       `json:"priority,omitzero"`
	Before   time.Time `json:"before,omitzero"` // see [Entry.Before]
	Job      int64     `json:"job"`             // ID of the River job that sends it

	// PageToken is set by [List]: with it, another List continues after this entry.
	PageToken string `json:"page_token,omitzero"`
}

// SendArgs are the arguments of the River job that sends an entry. They name it, and have nothing of its message. [InsertTx] and [Retry] insert
// the job; one that is inserted otherwise sends nothing.
type SendArgs struct {
	ID  string `json:"id"`  // of the entry
	App string `json:"app"` // id of the app
}

// Kind returns the kind of the job.
func (SendArgs) Kind() string { return "conversation_send" }

// jobOpts returns how River works the job of an entry.
func (e Entry) jobOpts() *river.InsertOpts {
	return &river.InsertOpts{Priority: 1 + maxPriority - e.Priority, Queue: e.Queue, ScheduledAt: e.After}
}
