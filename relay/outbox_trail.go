package relay

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"

	"github.com/sinchgo/conversation"
)

// mark is what a message of an entry counts as: its state, and its delivery if it was accepted, as in "accepted/DELIVERED". It
// is empty for a message that does not count.
type mark string

func markOf(state State, delivery conversation.DeliveryStatus) mark {
	if delivery == "" {
		return mark(state)
	}
	return mark(string(state) + "/" + string(delivery))
}

// Marks of messages in the queue, besides that of [StateQueued].
const (
	markLater mark = "later" // it is not due; those are counted by their subjects, because the message in their place has no trail
	markDue   mark = "due"   // it is in the place of a later one
)

// schedulerHeader is set by the engine in a message that was scheduled.
const schedulerHeader = "Nats-Scheduler"

// queuedMark returns the mark of a message of the queue.
func queuedMark(k kind, header nats.Header) mark {
	switch {
	case k == kindLater:
		return markLater
	case header.Get(schedulerHeader) != "":
		return markDue
	}
	return mark(StateQueued)
}

// state returns the state and the delivery.
func (m mark) state() (State, conversation.DeliveryStatus) {
	state, delivery, _ := strings.Cut(string(m), "/")
	return State(state), conversation.DeliveryStatus(delivery)
}

// step is a message of an entry that came before another.
type step struct {
	seq  uint64
	mark mark
}

// trail is the messages of an entry before one, oldest first. Each message carries its trail, so that a reader of the stream knows
// which earlier message it replaces, although that one is gone. See tally.
type trail []step

// maxTrail is how many steps are kept, 8 KiB. A reader has seen one of them, unless it is that many changes of one entry behind. An
// entry that misses its turns on a starved machine changes dozens of times a second.
const maxTrail = 500

// then returns the trail of what comes after a message.
func (t trail) then(seq uint64, m mark) trail {
	if seq == 0 || slices.ContainsFunc(t, func(s step) bool { return s.seq == seq }) {
		return t
	}
	longer := append(slices.Clone(t), step{seq, m})
	slices.SortFunc(longer, func(a, b step) int { return cmp.Compare(a.seq, b.seq) })
	return longer[max(0, len(longer)-maxTrail):]
}

// String returns the trail as a header has it, as in "17:queued 42:attempting".
func (t trail) String() string {
	var text strings.Builder
	for i, s := range t {
		if i > 0 {
			text.WriteByte(' ')
		}
		text.WriteString(strconv.FormatUint(s.seq, 10))
		text.WriteByte(':')
		text.WriteString(string(s.mark))
	}
	return text.String()
}

// trailOf returns the trail of a message.
func trailOf(header nats.Header) trail {
	var t trail
	for word := range strings.FieldsSeq(header.Get(headerTrail)) {
		number, m, _ := strings.Cut(word, ":")
		if seq, err := strconv.ParseUint(number, 10, 64); err == nil {
			t = append(t, step{seq, mark(m)})
		}
	}
	return t
}
