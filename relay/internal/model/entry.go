package model

// EntryScenario is what happens to an entry. The explorer tries it in every order.
type EntryScenario struct {
	Published uint8 // how many messages are published at most: by Enqueue, also after the ID was forgotten, and by a resend
	Settler   bool  // callbacks, a policy and a person settle it
	Ends      bool  // a person cancels it, and its time may pass
	PowerCuts bool  // the power is cut, and the disk breaks
	// Weak is an engine that syncs later than it acknowledges, as with WithWeakDurability. Entries may then be lost or sent twice
	// after a power cut, but none is stuck.
	Weak bool
}

// EntryRules are the rules of the outbox. The zero value is relay as it is; each field takes a rule out.
type EntryRules struct {
	ForgetsWithMessage bool // the record of a settled entry is forgotten although its message is still in the stream
	ForgetsInLease     bool // it is forgotten although a worker may still hold the message
	ForgetsNotHeld     bool // it is forgotten, and a held message that a crash left behind is not
	EnqueueTrustsHeld  bool // a held message without a record counts as an entry
	TrustsDelivery     bool // messages come from a consumer, and what it considers acknowledged is not read from the stream
	TrustsMessage      bool // what has a record and no message is not looked for
	TrustsSync         bool // an acknowledgement is not confirmed before the request
	SkipsRecord        bool // the attempt is not recorded before the request
	OverwritesAttempt  bool // after a conflict and an error, the attempt of another worker is replaced
	RemovesQueued      bool // a worker whose result comes too late removes the message, although it is queued again
	ResendsSameRound   bool // a held message of another round, which a late worker has stored, cannot be sent again
	PurgesHeld         bool // a process that is late removes the held message of a later round, or of an entry that is not settled
	CancelsAttempt     bool // a process that cancels an entry replaces the attempt of a worker
	ExpiresAttempt     bool // a worker whose entry expires does too
}

// state is the state in the record of an entry.
type state uint8

const (
	none state = iota
	queued
	attempting
	accepted
	rejected
	unknown
	dropped
	cancelled
	expired
)

func (s state) settled() bool { return s >= accepted && s != unknown }

// givenUp reports whether a message in this state must not be sent.
func (s state) givenUp() bool { return s == cancelled || s == expired }

// stream is what the outbox stream has under the ID. Messages have numbers in the order in which they are published, as they
// have sequences; rounds begin at 1.
type stream struct {
	last    uint8 // the number of the last message
	message uint8 // the number of the message to send; 0 if it was removed
	round   uint8 // of the message
	record  state
	of      uint8 // the round of the record
	held    uint8 // the round of the held message; 0 if there is none
}

func (s stream) empty() bool { return s.message == 0 && s.record == none && s.held == 0 }

// delivery is what a consumer knows, which is stored apart from the stream. It matters with TrustsDelivery only.
type delivery struct {
	last  uint8 // the highest number that was delivered
	acked bool  // the last was acknowledged; all before were
}

// entry is a state of the model: one ID, with all that is stored and all that the processes know.
type entry struct {
	stored, disk      stream // as the engine answers, and as it is after a power cut
	delivered, backup delivery
	broken            bool // the disk takes nothing any more, and the engine does not know
	workers           [2]worker
	settler           settler

	owed       bool  // Enqueue returned nil, and the entry is not settled
	requests   uint8 // one bit for each number of which a request reached Sinch
	reportable bool  // Sinch accepted one, and sends callbacks
	wrong      problem
}

// problem is what must never happen.
type problem uint8

const (
	fine problem = iota
	sentTwice
	finalChanged
	sentAfterEnd
)

// Entry returns the model of an outbox entry.
func Entry(scenario EntryScenario, rules EntryRules) Machine[entry] {
	return Machine[entry]{
		Steps: func(e entry) []Step[entry] {
			x := &entrySteps{EntryScenario: scenario, rules: rules, from: e}
			x.caller()
			x.engine()
			for n := range e.workers {
				x.worker(n)
			}
			if scenario.Settler || scenario.Ends {
				x.settlement()
			}
			return x.steps
		},
		Wrong: func(e entry) string {
			switch {
			case e.wrong == finalChanged:
				return "a final state changed"
			case scenario.Weak:
				return ""
			case e.wrong == sentAfterEnd:
				return "a cancelled or expired message was sent"
			case e.wrong == sentTwice:
				return "a message was sent twice"
			case e.owed && e.stored.empty():
				return "an acknowledged entry is lost"
			}
			return ""
		},
		Ended: func(e entry) bool {
			switch s := e.stored; {
			case s.message != 0:
				return false
			case s.record == unknown:
				return s.held == s.of || s.held != 0 && !rules.ResendsSameRound || scenario.Weak
			case s.record == none:
				return !e.owed // a held message may be left over
			default:
				return s.record.settled()
			}
		},
	}
}

// entrySteps collects the steps from a state.
type entrySteps struct {
	EntryScenario

	rules EntryRules
	from  entry
	steps []Step[entry]
}

func (x *entrySteps) add(who, what string, to entry) {
	x.append(Step[entry]{Who: who, What: what, To: to})
}

func (x *entrySteps) outside(who, what string, to entry) {
	x.append(Step[entry]{Who: who, What: what, To: to, Outside: true})
}

// append adds a step. An engine that syncs before it acknowledges has everything on the disk, unless the disk is broken. What
// does not matter any more is cleared, so that there are fewer states.
func (x *entrySteps) append(step Step[entry]) {
	e := &step.To
	switch {
	case !x.PowerCuts:
		e.disk = stream{}
	case !x.Weak && !e.broken:
		e.disk = e.stored
	}
	for n := range e.workers {
		e.workers[n].clear()
	}
	e.settler.clear()
	x.steps = append(x.steps, step)
}

// caller calls Enqueue, again and again: Outbox.store.
func (x *entrySteps) caller() {
	e := x.from
	leftover := e.stored.message == 0 && e.stored.record == none && e.stored.held != 0
	switch {
	case leftover && !x.rules.EnqueueTrustsHeld:
		e.stored.held = 0
		x.outside("Enqueue", "removes a held message without a record", e)
	case !e.stored.empty():
		if e.owed = !e.stored.record.settled(); !e.broken || x.rules.TrustsSync {
			x.outside("Enqueue", "returns nil: the ID is there", e)
		}
	case e.stored.last < x.Published:
		e.publish(1)
		x.outside("Enqueue", "stores the message, and its caller does not learn it", e)
		if e.owed = true; !e.broken || x.rules.TrustsSync {
			x.outside("Enqueue", "stores the message, and returns nil", e)
		}
	}
}

// engine syncs, forgets records and loses power.
func (x *entrySteps) engine() {
	x.forget()
	if !x.PowerCuts {
		return
	}
	e := x.from
	if x.rules.TrustsDelivery {
		e.backup = e.delivered
		x.outside("engine", "writes the state of the consumer", e)
	}
	if e = x.from; x.Weak {
		e.disk = e.stored
		x.outside("engine", "syncs the stream", e)
	}
	if e = x.from; !x.Weak && !e.broken {
		e.broken = true
		x.outside("disk", "breaks, and its last syncs return nil", e)
	}
	x.powerCut(x.from.disk, "power cut: the stream is as it was at its last sync")
	if x.Weak && x.from.stored.message == 0 && x.from.disk.message != 0 {
		removed := x.from.disk
		removed.message = 0
		x.powerCut(removed, "power cut: the stream is as it was at its last sync, but for a removed block")
	}
}

func (x *entrySteps) powerCut(left stream, what string) {
	e := x.from
	e.stored, e.disk, e.delivered, e.broken = left, left, e.backup, false
	e.stored.last = max(e.stored.last, e.delivered.last) // the server resets consumers that are ahead
	for n := range e.workers {
		e.workers[n] = worker{}
	}
	e.settler = settler{}
	if x.Weak && left.message == 0 && left.record == none {
		e.owed = false // it is lost, as the table in the README has it
	}
	x.outside("engine", what, e)
}

// forget removes the record of an entry some time after it was settled.
func (x *entrySteps) forget() {
	e := x.from
	if !e.stored.record.settled() || e.stored.message != 0 && !x.rules.ForgetsWithMessage {
		return
	}
	busy := e.workers[0].at != idle || e.workers[1].at != idle || e.settler.doing != nothing
	if busy && !x.rules.ForgetsInLease {
		return
	}
	if !x.rules.ForgetsNotHeld {
		e.stored.held = 0
	}
	e.write(-1, none, 0)
	e.reportable = false // its callbacks have arrived by then
	x.outside("engine", "forgets the record", e)
}

// publish stores a message to send.
func (e *entry) publish(round uint8) {
	e.stored.last++
	e.stored.message, e.stored.round = e.stored.last, round
}

// write replaces the record, and so makes what others know of it stale.
func (e *entry) write(by int, s state, round uint8) {
	resent := e.stored.record == rejected && round > e.stored.of // it was not sent
	if e.stored.record.settled() && s != none && s != e.stored.record && !resent {
		e.wrong = finalChanged
	}
	e.stored.record, e.stored.of = s, round
	if s.settled() {
		e.owed = false
	}
	for n := range e.workers {
		w := &e.workers[n]
		if w.knows = w.knows.after(n == by); n == by {
			w.own = true
		} else {
			w.own = false
		}
	}
	e.settler.knows = e.settler.knows.after(by == settlerNumber)
}
