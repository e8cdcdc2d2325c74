package model

// duty is where a handler of the inbox is in the code.
type duty uint8

const (
	resting   duty = iota
	claiming       // Inbox.claim
	running        // the handler of the user runs
	succeeded      // claim.end follows
	failing        // likewise
	givingUp       // likewise: the last try has failed
	burying        // delivery.deadLetter
	ending         // acknowledges the callback
)

// handler is what one worker of the inbox knows.
type handler struct {
	at     duty
	number uint8 // of the callback
	own    bool  // the value of the claim is what it wrote last
}

// handler adds the next steps of a worker, and its crash.
func (x *callbackSteps) handler(n int) {
	h := x.from.handlers[n]
	if h.at != resting {
		c := x.from
		c.handlers[n] = handler{}
		x.outside(workerNames[n], "crashes", c)
	}
	c := x.from
	switch h.at {
	case resting:
		x.receive(n)
	case claiming:
		x.claim(n)
	case running:
		x.move(n, c, failing, "runs the handler, which fails")
		x.move(n, c, givingUp, "runs the handler, which fails for the last time")
		c.owed = false
		x.move(n, c, succeeded, "runs the handler, which succeeds")
	case succeeded:
		x.end(n, committed)
	case failing:
		x.end(n, failed)
	case givingUp:
		x.end(n, dead)
	case burying:
		c.owed = false
		if c.claim == committed {
			c.wrong = deadAndHandled
		}
		x.move(n, c, ending, "adds a dead letter")
	case ending:
		c.progress.acked |= 1 << h.number
		c.handlers[n] = handler{}
		x.add(workerNames[n], "acknowledges the callback", c)
	}
}

func (x *callbackSteps) move(n int, c callback, to duty, what string) {
	c.handlers[n].at = to
	x.add(workerNames[n], what, c)
}

// receive receives a callback, for the first time or after the lease of another worker. The numbers of the consumer decide, also
// if they are of callbacks that a power cut has removed.
func (x *callbackSteps) receive(n int) {
	waiting := x.from.waiting()
	for number := uint8(1); number <= copies; number++ {
		if waiting&(1<<number) == 0 {
			continue
		}
		c := x.from
		c.progress.delivered |= 1 << number
		if x.rules.AcksFirst {
			c.progress.acked |= 1 << number
		}
		c.handlers[n] = handler{at: claiming, number: number}
		x.add(workerNames[n], "receives the callback", c)
	}
}

// claim claims the callback, or waits until another worker has ended.
func (x *callbackSteps) claim(n int) {
	c := x.from
	switch c.claim {
	case claimed:
		return
	case committed:
		c.owed = false
		x.move(n, c, ending, "finds that the callback was handled")
		return
	case dead:
		x.move(n, c, burying, "finds that the callback has failed for good")
		return
	}
	c.write(n, claimed)
	if c.handled {
		c.wrong = handledAgain
	}
	x.move(n, c, running, "claims the callback")
}

// end records the result of the handler: claim.end and claim.write.
func (x *callbackSteps) end(n int, result claim) {
	c := x.from
	h := &c.handlers[n]
	if !h.own && (c.claim == claimed || c.claim == dead) && !x.rules.WritesUnclaimed {
		c.handlers[n] = handler{}
		x.add(workerNames[n], "has lost its claim: the callback is received again", c)
		return
	}
	found := c.claim
	if found != committed || x.rules.WritesUnclaimed && found == claimed {
		c.write(n, result)
	}
	if c.claim == committed {
		c.handled = true
	}
	h.own = false
	switch {
	case result == committed, found == committed && (result == failed || !x.rules.DeadAfterSuccess):
		x.move(n, c, ending, "records its success, or finds one")
	case result == dead:
		x.move(n, c, burying, "records that the callback has failed for good")
	default:
		c.handlers[n] = handler{}
		x.add(workerNames[n], "records the failure: the callback is received again", c)
	}
}
