package model

// knowledge is what a process expects of the record when it replaces it: the compare-and-swap of Outbox.put.
type knowledge uint8

const (
	noRecord knowledge = iota // that there is none
	current                   // that it is the one that it read or wrote
	stale                     // one that was replaced since
)

// after returns what a process knows after a write.
func (k knowledge) after(own bool) knowledge {
	switch {
	case own:
		return current
	case k == current:
		return stale
	}
	return k
}

// place is where a worker is in the code.
type place uint8

const (
	idle       place = iota
	ready            // it has the message, and may send it: attempt.begin comes next
	recorded         // it has recorded the attempt of a message that was requeued: Outbox.forget, of the earlier round
	confirming       // attempt.confirm
	sending          // attempt.send
	holding          // attempt.toUnknown: publishes the held message
	finishing        // attempt.writeState
	unholding        // attempt.toUnknown: removes the held message of an entry that is settled
	clearing         // attempt.writeState: removes the held message of an entry that was unknown
	removing         // attempt.remove
)

// worker is what one worker knows.
type worker struct {
	at     place
	number uint8 // of its message
	round  uint8
	knows  knowledge
	own    bool  // the record is what this worker wrote last
	resend bool  // the message replaces an earlier round
	result state // of the request
}

// clear clears what the worker does not use where it is.
func (w *worker) clear() {
	switch w.at {
	case idle:
		*w = worker{}
	case unholding, clearing:
		*w = worker{at: w.at, number: w.number, round: w.round}
	case removing:
		*w = worker{at: w.at, number: w.number}
	case recorded, confirming, sending, holding, finishing:
		w.own, w.resend = false, false
	}
}

var workerNames = [...]string{"worker 1", "worker 2"}

// worker adds the next steps of a worker, and its crash.
func (x *entrySteps) worker(n int) {
	w := x.from.workers[n]
	if w.at != idle {
		e := x.from
		e.workers[n] = worker{}
		x.outside(workerNames[n], "crashes", e)
	}
	switch w.at {
	case idle:
		x.take(n)
		x.search()
	case ready:
		x.begin(n)
		if x.Ends {
			x.expire(n)
		}
	case recorded:
		e := x.from
		x.forgetHeld(&e, w.round-1)
		x.move(n, e, confirming, "removes the held message of the earlier round")
	case confirming:
		x.confirm(n)
	case sending:
		x.send(n)
	case holding:
		e := x.from
		e.stored.held = w.round
		x.move(n, e, finishing, "stores the held message")
	case finishing:
		x.finish(n)
	case unholding:
		e := x.from
		x.forgetHeld(&e, w.round)
		if x.rules.RemovesQueued {
			x.move(n, e, removing, "removes the held message")
			return
		}
		e.workers[n] = worker{}
		x.add(workerNames[n], "removes the held message", e)
	case clearing:
		e := x.from
		x.forgetHeld(&e, w.round)
		x.move(n, e, removing, "removes the held message")
	case removing:
		e := x.from
		if e.stored.message == w.number {
			e.stored.message, e.stored.round = 0, 0
		}
		if x.rules.TrustsDelivery && e.delivered.last == w.number {
			e.delivered.acked = true
		}
		e.workers[n] = worker{}
		x.add(workerNames[n], "removes the message", e)
	}
}

// forgetHeld removes the held message, unless it is of a later round: Outbox.forget.
func (x *entrySteps) forgetHeld(e *entry, round uint8) {
	if e.stored.held <= round || x.rules.PurgesHeld {
		e.stored.held = 0
	}
}

func (x *entrySteps) move(n int, e entry, to place, what string) {
	e.workers[n].at = to
	x.add(workerNames[n], what, e)
}

// take reads the message from the stream, which the other worker may do too: attempt.load.
func (x *entrySteps) take(n int) {
	e := x.from
	s := e.stored
	if s.message == 0 {
		return
	}
	again := false
	if x.rules.TrustsDelivery {
		if s.message < e.delivered.last || s.message == e.delivered.last && e.delivered.acked {
			return
		}
		again = s.message == e.delivered.last
		e.delivered = delivery{last: s.message}
	}
	e.workers[n] = worker{at: ready, number: s.message, round: s.round}
	if again || s.round > 1 {
		if !x.maySend(n, &e) {
			x.add(workerNames[n], "reads the message, which must not be sent", e)
			return
		}
	}
	x.add(workerNames[n], "reads the message", e)
}

// maySend reads the record, and moves the worker to what is left to do if it must not send: attempt.maySend.
func (*entrySteps) maySend(n int, e *entry) bool {
	w, s := &e.workers[n], e.stored
	w.knows, w.own = current, false
	switch {
	case s.record == none:
		w.knows = noRecord
		return true
	case s.record == queued && s.of == w.round:
		return true
	case (s.record == unknown || s.record == rejected) && s.of < w.round:
		w.resend = true
		return true
	case s.record != attempting || s.of != w.round:
		w.at = removing
		return false
	}
	w.at, w.result = holding, unknown // attempt.presumeDead
	return false
}

// search looks for records without a message: worker.findLost.
func (x *entrySteps) search() {
	e := x.from
	s := e.stored
	if s.message == 0 && (s.record == attempting || s.record == queued) && !x.rules.TrustsMessage {
		e.write(-1, unknown, s.of)
		x.add("search", "finds a record without a message, and makes it unknown", e)
	}
}

// begin records the attempt: attempt.begin and attempt.resolveConflict.
func (x *entrySteps) begin(n int) {
	e := x.from
	w := &e.workers[n]
	next := confirming
	if w.resend {
		next = recorded
	}
	switch {
	case w.own:
		x.move(n, e, next, "learns that its attempt was recorded")
	case x.rules.SkipsRecord, e.matches(w.knows):
		if !x.rules.SkipsRecord {
			e.write(n, attempting, w.round)
		}
		x.move(n, e, next, "records its attempt")
		x.add(workerNames[n], "records its attempt, and the acknowledgement is lost", e)
	default:
		if x.rules.OverwritesAttempt {
			e.workers[n].knows = current
			x.add(workerNames[n], "finds another record, and cannot act on it", e)
		}
		what := "finds another record, after which it may send"
		if e = x.from; !x.maySend(n, &e) {
			what = "finds another record, and does not send"
		}
		x.add(workerNames[n], what, e)
	}
}

// expire records that the time of the entry has passed: attempt.recordExpired.
func (x *entrySteps) expire(n int) {
	e := x.from
	w := e.workers[n]
	if !e.matches(w.knows) && (e.stored.record.settled() || !x.rules.ExpiresAttempt) {
		return // as begin does
	}
	e.giveUp(n, expired, w.number, w.round)
	e.workers[n] = worker{}
	x.add(workerNames[n], "records that the time has passed, and the acknowledgement is lost", e)
	e.workers[n] = worker{at: removing, number: w.number}
	x.add(workerNames[n], "records that the time has passed", e)
}

// giveUp records that a message is not sent.
func (e *entry) giveUp(by int, to state, number, round uint8) {
	if e.requests&(1<<number) != 0 {
		e.wrong = sentAfterEnd
	}
	e.write(by, to, round)
}

// matches reports whether a compare-and-swap of the record succeeds.
func (e *entry) matches(k knowledge) bool {
	return k == current && e.stored.record != none || k == noRecord && e.stored.record == none
}

// confirm checks that the record of the attempt is on the disk.
func (x *entrySteps) confirm(n int) {
	e := x.from
	if !e.broken || x.rules.TrustsSync {
		x.move(n, e, sending, "knows that its attempt is on the disk")
		return
	}
	e.workers[n].result = queued
	x.move(n, e, finishing, "notices that the disk is broken")
}
