package relay

import (
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// Headers of the messages in the outbox stream.
const (
	headerRound    = "Relay-Round"    // how often the entry was requeued; absent for never
	headerState    = "Relay-State"    // of a record
	headerDelivery = "Relay-Delivery" // of a record: what the reports said
	headerTrail    = "Relay-Trail"    // the messages before, see trail
	headerPriority = "Relay-Priority" // absent for 0
	headerBefore   = "Relay-Before"   // Unix time in nanoseconds; absent for none
)

// ref identifies an entry, the round that a message of it belongs to, and what the entry asks for.
type ref struct {
	id, app, group string
	round          int
	priority       int
	before         time.Time
}

// key identifies an entry.
type key struct{ id, app, group string }

func (of ref) key() key { return key{of.id, of.app, of.group} }

// refOf returns what a message of the outbox stream belongs to. Without a header, it returns the key only.
func refOf(subject string, header nats.Header) ref {
	words := strings.Split(subject, ".")
	app, group := unscope(words[len(words)-2])
	of := ref{id: untoken(words[len(words)-1]), app: app, group: group}
	of.round, _ = strconv.Atoi(header.Get(headerRound))
	of.priority, _ = strconv.Atoi(header.Get(headerPriority))
	if at, err := strconv.ParseInt(header.Get(headerBefore), 10, 64); err == nil {
		of.before = time.Unix(0, at).UTC()
	}
	return of
}

// message builds a message of an entry. before is what it replaces.
func (n names) message(of ref, k kind, body []byte, before trail) *nats.Msg {
	msg := &nats.Msg{Subject: n.entry(k, of), Data: body, Header: nats.Header{}}
	if of.round > 0 || k == kindState {
		msg.Header.Set(headerRound, strconv.Itoa(of.round))
	}
	if of.priority != 0 {
		msg.Header.Set(headerPriority, strconv.Itoa(of.priority))
	}
	if !of.before.IsZero() {
		msg.Header.Set(headerBefore, strconv.FormatInt(of.before.UnixNano(), 10))
	}
	if len(before) > 0 {
		msg.Header.Set(headerTrail, before.String())
	}
	return msg
}
