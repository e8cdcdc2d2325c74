package model

// copies is the number of times that Sinch delivers the callback.
const copies = 2

// CallbackRules are the rules of the inbox. The zero value is relay as it is; each field takes a rule out.
type CallbackRules struct {
	AnswersFirst     bool // a callback is answered with 200 before it is stored
	AcksFirst        bool // a callback is acknowledged before its result is recorded
	ForgetsWaiting   bool // a record is forgotten although copies of the callback still wait
	AgesOut          bool // callbacks that were not handled are removed with those that were
	ReusesNumbers    bool // after a power cut, new callbacks get the numbers of those that were lost
	WritesUnclaimed  bool // a worker whose claim another has taken over records its result all the same
	DeadAfterSuccess bool // a worker that fails after another has succeeded adds a dead letter
	NoLeases         bool // a claim does not expire
}

// log is what the inbox stream has. Callbacks are numbered as they are stored, and one bit is set for each.
type log struct {
	last uint8
	kept uint8
}

// progress is what the consumer knows: one bit for each number.
type progress struct {
	delivered uint8
	acked     uint8
}

// claim is the value under the key of the callback.
type claim uint8

const (
	free claim = iota
	claimed
	failed
	committed
	dead
)

// callback is a state of the model: all copies of one callback, and what the processes know.
type callback struct {
	stored, disk     log
	progress, backup progress
	claim, claimDisk claim
	handlers         [2]handler
	deliveries       uint8 // by Sinch
	owed             bool  // one was answered with 200, and the callback is neither handled nor a dead letter
	handled          bool  // since the record was last forgotten
	wrong            callbackProblem
}

type callbackProblem uint8

const (
	handledAgain callbackProblem = iota + 1
	deadAndHandled
)

// Callback returns the model of a callback. With weak, the engine syncs later than it acknowledges: after a power cut, a callback
// may be lost or handled again, but none that is stored is skipped. One worker is enough to show that.
func Callback(weak bool, rules CallbackRules) Machine[callback] {
	return Machine[callback]{
		Steps: func(c callback) []Step[callback] {
			x := &callbackSteps{rules: rules, weak: weak, from: c}
			x.sinch()
			x.engine()
			x.handler(0)
			if !weak {
				x.handler(1)
			}
			return x.steps
		},
		Wrong: func(c callback) string {
			switch {
			case c.wrong == handledAgain && !weak:
				return "a callback was handled again after its success was recorded"
			case c.wrong == deadAndHandled && !weak:
				return "a callback that was handled is a dead letter"
			case c.owed && c.stored.kept == 0:
				return "a callback that was answered with 200 is lost"
			}
			return ""
		},
		Ended: func(c callback) bool { return !c.owed },
	}
}

// callbackSteps collects the steps from a state.
type callbackSteps struct {
	rules CallbackRules
	weak  bool
	from  callback
	steps []Step[callback]
}

func (x *callbackSteps) add(who, what string, to callback) {
	x.append(Step[callback]{Who: who, What: what, To: to})
}

func (x *callbackSteps) outside(who, what string, to callback) {
	x.append(Step[callback]{Who: who, What: what, To: to, Outside: true})
}

func (x *callbackSteps) append(step Step[callback]) {
	if !x.weak {
		step.To.disk, step.To.claimDisk = step.To.stored, step.To.claim
	}
	x.steps = append(x.steps, step)
}

// sinch delivers the callback again as long as it is not answered with 200, and sometimes after that: Inbox.keep.
func (x *callbackSteps) sinch() {
	c := x.from
	if c.deliveries == copies {
		return
	}
	c.deliveries++
	c.owed = c.claim != committed && c.claim != dead
	if x.rules.AnswersFirst {
		x.outside("Handler", "answers 200, and crashes", c)
	}
	c.stored.last++
	c.stored.kept |= 1 << c.stored.last
	x.outside("Handler", "stores the callback, and answers 200", c)
	c.owed = x.from.owed
	x.outside("Handler", "stores the callback, and crashes", c)
}

// engine ends claims, syncs, forgets and loses power.
func (x *callbackSteps) engine() {
	c := x.from
	if c.claim == claimed && !x.rules.NoLeases {
		c.write(-1, free)
		x.add("engine", "removes a claim whose lease has ended", c)
	}
	if c = x.from; (c.claim == committed || c.claim == dead) && (c.waiting() == 0 || x.rules.ForgetsWaiting) && c.idle() {
		c.write(-1, free)
		c.handled = c.waiting() != 0
		x.outside("engine", "forgets the record", c)
	}
	if c = x.from; c.stored.kept != 0 {
		c.stored.kept &= c.waiting()
		if x.rules.AgesOut {
			c.stored.kept = 0
		}
		x.outside("engine", "removes callbacks that are older than their retention", c)
	}
	c = x.from
	c.backup = c.progress
	x.outside("engine", "writes the state of the consumer", c)
	if x.weak {
		c = x.from
		c.disk, c.claimDisk = c.stored, c.claim
		x.outside("engine", "syncs the streams", c)
	}
	c = x.from
	c.stored, c.claim, c.progress = c.disk, c.claimDisk, c.backup
	c.handlers = [2]handler{}
	if !x.rules.ReusesNumbers { // the server resets consumers that are ahead
		for c.stored.last < copies && c.progress.delivered>>(c.stored.last+1) != 0 {
			c.stored.last++
		}
	}
	c.owed = c.owed && (!x.weak || c.waiting() != 0)
	x.outside("engine", "power cut", c)
}

// waiting returns the callbacks that were not acknowledged.
func (c *callback) waiting() uint8 { return c.stored.kept &^ c.progress.acked }

func (c *callback) idle() bool { return c.handlers == [2]handler{} }

// write replaces the value of the claim.
func (c *callback) write(by int, to claim) {
	c.claim = to
	c.owed = c.owed && to != committed
	for n := range c.handlers {
		c.handlers[n].own = n == by
	}
}
