package model

// send sends the request: attempt.send, and the outcome in attempt.finish.
func (x *entrySteps) send(n int) {
	e := x.from
	w := &e.workers[n]
	w.result = queued
	x.move(n, e, finishing, "does not reach Sinch, and knows it")
	w.result = unknown
	x.move(n, e, holding, "does not reach Sinch, and does not know it")
	bit := uint8(1) << w.number
	if e.requests&bit != 0 {
		e.wrong = sentTwice
	}
	if e.stored.record.givenUp() && e.stored.of == w.round {
		e.wrong = sentAfterEnd
	}
	e.requests |= bit
	w.result = rejected
	x.move(n, e, finishing, "sends the message: it is rejected")
	e.reportable = true
	w.result = accepted
	x.move(n, e, finishing, "sends the message: it is accepted")
	w.result = unknown
	x.move(n, e, holding, "sends the message: the reply is lost")
}

// finish records the result: attempt.writeState, and what attempt.settle, retry and toUnknown do after it.
func (x *entrySteps) finish(n int) {
	e := x.from
	w := &e.workers[n]
	s := e.stored
	switch {
	case e.matches(w.knows):
		e.write(n, w.result, w.round)
		x.add(workerNames[n], "records the result, and the acknowledgement is lost", e)
		x.recorded(n, e, "records the result")
	case s.record == w.result && s.of == w.round:
		x.recorded(n, e, "finds its result in the record")
	case s.record == unknown && s.of == w.round && (w.result == accepted || w.result == rejected):
		e.write(n, w.result, w.round)
		x.move(n, e, clearing, "records the result of an entry that another worker made unknown")
	case w.result == unknown && (s.record.settled() || x.rules.PurgesHeld):
		x.move(n, e, unholding, "finds a later record")
	case !w.result.settled() && !x.rules.RemovesQueued:
		e.workers[n] = worker{}
		x.add(workerNames[n], "finds a later record", e)
	default:
		x.move(n, e, removing, "finds a later record")
	}
}

// recorded adds the step after the record is as it should be.
func (x *entrySteps) recorded(n int, e entry, what string) {
	if e.workers[n].result != queued {
		x.move(n, e, removing, what)
		return
	}
	e.workers[n] = worker{} // the message is received again later
	x.add(workerNames[n], what, e)
}

// settlerNumber is the number of the settler among the writers of the record.
const settlerNumber = 2

// settler is a process that settles the entry: Outbox.Settle by hand or by the policy, and Outbox.settleFromCallback.
type settler struct {
	doing   action
	knows   knowledge
	round   uint8
	number  uint8 // of the message to cancel
	unknown bool  // the record was unknown when it was read
}

// clear clears what the settler does not use where it is.
func (s *settler) clear() {
	switch s.doing {
	case nothing:
		*s = settler{}
	case resending, forgetting:
		*s = settler{doing: s.doing, round: s.round}
	case clearingUp:
		*s = settler{doing: s.doing, number: s.number}
	}
}

type action uint8

const (
	nothing action = iota
	accepting
	dropping
	resending
	forgetting // Outbox.forget: removes the held message
	cancelling // Outbox.putCancelled
	clearingUp // Outbox.endCancel: removes the message
)

// settlement adds the steps of the settler.
func (x *entrySteps) settlement() {
	s := x.from.settler
	if s.doing != nothing {
		e := x.from
		e.settler = settler{}
		x.outside("settler", "crashes", e)
	}
	switch s.doing {
	case nothing:
		if x.Settler {
			x.readRecord()
		}
		if x.Ends {
			x.readQueued()
		}
	case cancelling:
		x.cancel()
	case clearingUp:
		e := x.from
		if e.stored.message != 0 && e.stored.message <= s.number {
			e.stored.message, e.stored.round = 0, 0
		}
		e.settler = settler{}
		x.outside("settler", "removes the message", e)
	case accepting:
		x.replace(accepted)
	case dropping:
		x.replace(dropped)
	case resending:
		x.requeue()
	case forgetting:
		e := x.from
		x.forgetHeld(&e, s.round)
		e.settler = settler{}
		x.outside("settler", "removes the held message", e)
	}
}

func (x *entrySteps) readRecord() {
	e := x.from
	s := e.stored
	isUnknown := s.record == unknown
	e.settler = settler{knows: current, round: s.of, unknown: isUnknown}
	if isUnknown || e.reportable && s.record == attempting {
		e.settler.doing = accepting
		x.outside("settler", "reads the record, to settle it as accepted", e)
	}
	if !isUnknown {
		return
	}
	e.settler.doing = dropping
	x.outside("settler", "reads the record, to drop the entry", e)
	if s.held == s.of || s.held != 0 && !x.rules.ResendsSameRound {
		e.settler.doing = resending
		x.outside("settler", "reads the held message, to send it again", e)
	}
}

// replace replaces the record, and removes the held message of an entry that was unknown.
func (x *entrySteps) replace(to state) {
	e := x.from
	was := e.settler
	if !e.matches(was.knows) {
		e.settler = settler{}
		x.outside("settler", "finds another record", e)
		return
	}
	e.write(settlerNumber, to, was.round)
	e.settler = settler{}
	if was.unknown {
		e.settler = settler{doing: forgetting, round: was.round}
	}
	x.outside("settler", "settles the entry", e)
}

// readQueued reads an entry to cancel it, which is queued, perhaps again: Outbox.find.
func (x *entrySteps) readQueued() {
	e := x.from
	s := e.stored
	resent := (s.record == unknown || s.record == rejected) && s.of < s.round
	if s.message == 0 || s.record != none && !resent && (s.record != queued || s.of != s.round) {
		return
	}
	e.settler = settler{doing: cancelling, knows: current, number: s.message, round: s.round}
	if s.record == none {
		e.settler.knows = noRecord
	}
	x.outside("settler", "reads the entry, to cancel it", e)
}

// cancel records that the entry is cancelled, and removes its message.
func (x *entrySteps) cancel() {
	e := x.from
	was := e.settler
	e.settler = settler{}
	if !x.from.matches(was.knows) && (x.from.stored.record.settled() || !x.rules.CancelsAttempt) {
		x.outside("settler", "finds another record", e)
		return
	}
	e.giveUp(settlerNumber, cancelled, was.number, was.round)
	e.settler = settler{doing: clearingUp, number: was.number}
	x.outside("settler", "cancels the entry", e)
}

// requeue publishes the message in the next round, in place of one that a worker is about to remove.
func (x *entrySteps) requeue() {
	e := x.from
	round := e.settler.round
	e.settler = settler{}
	if e.stored.round > round || e.stored.last >= x.Published {
		x.outside("settler", "does not send it again", e)
		return
	}
	e.publish(round + 1)
	x.outside("settler", "publishes the message again", e)
}
