package relay

import (
	"errors"
	"time"

	"github.com/sinchgo/conversation"
)

// OutboxOption changes how [Outbox.Run] works.
type OutboxOption func(*runConfig) error

type runConfig struct {
	policy  UnknownPolicy
	after   time.Duration
	sends   int
	app     float64 // 0: what the app publishes
	project float64
	lease   time.Duration
}

const (
	defaultSends     = 64
	defaultSendLease = time.Minute
	minLease         = time.Second
	maxSends         = 10_000
)

// UnknownPolicy says what becomes of entries whose outcome stays unknown.
type UnknownPolicy string

// The policies for unknown entries.
const (
	Hold   UnknownPolicy = "hold"   // they wait for a callback or for [Outbox.Settle]. The default
	Resend UnknownPolicy = "resend" // they are sent again: some people then get a message twice
	Drop   UnknownPolicy = "drop"   // they are given up: some people then get no message
)

func chooseRun(client *conversation.Client, opts []OutboxOption) (runConfig, error) {
	chosen := runConfig{policy: Hold, sends: defaultSends, project: defaultProjectRate, lease: defaultSendLease}
	var problems []error
	if client == nil {
		problems = append(problems, errors.New("relay: Outbox.Run: client is nil: pass that of conversation.NewClient"))
	}
	for _, opt := range opts {
		if opt == nil {
			problems = append(problems, optionError("OutboxOption", "is nil: leave it out"))
			continue
		}
		problems = append(problems, opt(&chosen))
	}
	return chosen, errors.Join(problems...)
}

// WithUnknown says what becomes of an entry that has been unknown for some time, which should be longer than the callbacks
// of Sinch take. The time counts for [Resend] and [Drop]; at least a second.
func WithUnknown(policy UnknownPolicy, after time.Duration) OutboxOption {
	return func(c *runConfig) error {
		switch {
		case policy != Hold && policy != Resend && policy != Drop:
			return optionError("WithUnknown", "has no such policy: use Hold, Resend or Drop")
		case policy != Hold && after < time.Second:
			return optionError("WithUnknown", "leaves less than a second for a callback to come")
		}
		c.policy, c.after = policy, after
		return nil
	}
}

// WithSends says how many requests this worker makes at once, 1 to 10,000. Default 64.
func WithSends(n int) OutboxOption {
	return func(c *runConfig) error {
		if n < 1 || n > maxSends {
			return optionError("WithSends", "is not 1 to 10,000")
		}
		c.sends = n
		return nil
	}
}

// WithRates says how many requests a second all workers together make for each app, and for all of them. An app rate of 0
// stands for what the app publishes (App.RateLimits.Outbound), or 20 if it publishes nothing; a project rate of 0 for 800.
// Requests are spaced so that no window of a second has more, even if some are late, which costs a tenth of the rate.
// All workers must say the same. The lowest rate is 0.6 a second.
func WithRates(app, project float64) OutboxOption {
	return func(c *runConfig) error {
		if badRate(app) || badRate(project) {
			return optionError("WithRates", "has a rate that is not 0, nor between 0.6 and 1,000,000 a second")
		}
		c.app = app
		if project != 0 {
			c.project = project
		}
		return nil
	}
}

func badRate(rate float64) bool { return rate != 0 && !(rate >= 0.6 && rate <= 1e6) }

// WithSendLease says for how long an attempt counts as under way that its worker tells nothing of. After that, the entry is
// unknown. Workers tell at every third of it, so a worker must be stopped for that long to be taken for dead. Default a
// minute; at least a second. All workers must say the same.
func WithSendLease(d time.Duration) OutboxOption {
	return func(c *runConfig) error {
		if d < minLease {
			return optionError("WithSendLease", "is below a second")
		}
		c.lease = d
		return nil
	}
}
