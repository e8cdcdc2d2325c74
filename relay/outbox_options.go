package relay

import "time"

// OutboxOption configures [Outbox.Run].
type OutboxOption func(*outboxConfig) error

type outboxConfig struct {
	policy      UnknownPolicy
	after       time.Duration
	concurrency int
	appRate     float64 // 0: what the app publishes
	projectRate float64
	lease       time.Duration // 0 if not set
	observers   []Observer
}

const (
	defaultConcurrency = 64
	defaultSendLease   = time.Minute
	maxConcurrency     = 10_000
)

func defaultOutboxConfig() outboxConfig {
	return outboxConfig{
		policy: UnknownHold, concurrency: defaultConcurrency, projectRate: defaultProjectRate,
	}
}

// UnknownPolicy is what [Outbox.Run] does with entries whose outcome stays unknown.
type UnknownPolicy string

// The policies for unknown entries.
const (
	UnknownHold   UnknownPolicy = "hold"   // the default: keep them until a callback or [Outbox.Settle] settles them
	UnknownResend UnknownPolicy = "resend" // send them again: some recipients get a message twice
	UnknownDrop   UnknownPolicy = "drop"   // give them up: some recipients get no message
)

// WithUnknown sets the policy for entries that have been unknown for longer than after. Allow for the delay of Sinch's
// callbacks. [UnknownHold] ignores after; for the other policies it is 1 second to 100 years (876,000h).
func WithUnknown(policy UnknownPolicy, after time.Duration) OutboxOption {
	return func(c *outboxConfig) error {
		switch {
		case policy != UnknownHold && policy != UnknownResend && policy != UnknownDrop:
			return argumentError(opRunOutbox, "WithUnknown", "has an invalid policy: use UnknownHold, UnknownResend or UnknownDrop")
		case policy == UnknownHold:
			c.policy, c.after = policy, 0
			return nil
		case after < time.Second:
			return argumentError(opRunOutbox, "WithUnknown", "is below 1 second: leave callbacks the time to arrive")
		}
		c.policy, c.after = policy, after
		return checkDuration(opRunOutbox, "WithUnknown", after, time.Second, maxRetention)
	}
}

// WithConcurrency sets the maximum number of concurrent requests of this worker, 1 to 10,000. Default 64.
func WithConcurrency(n int) OutboxOption {
	return func(c *outboxConfig) error {
		if n < 1 || n > maxConcurrency {
			return argumentError(opRunOutbox, "WithConcurrency", "is not 1 to 10,000")
		}
		c.concurrency = n
		return nil
	}
}

// WithRates sets how many requests a second all workers together send for each app, and for the whole project. An app rate
// of 0 means what the app publishes (App.RateLimits.Outbound), or 20 if it publishes nothing. A project rate of 0 means
// 800. The minimum is 0.6 a second. All workers must use the same values.
//
// Requests are spaced so that no window of one second contains more, even if some are late. This costs 7 % of the rate.
func WithRates(app, project float64) OutboxOption {
	return func(c *outboxConfig) error {
		if !validRate(app) || !validRate(project) {
			return argumentError(opRunOutbox, "WithRates", "has a rate that is neither 0 nor 0.6 to 1,000,000 a second")
		}
		c.appRate = app
		if project != 0 {
			c.projectRate = project
		}
		return nil
	}
}

func validRate(rate float64) bool { return rate == 0 || rate >= 0.6 && rate <= 1e6 }

// WithSendLease sets how long the attempt of a worker that shows no sign of life is considered in progress, 1 second to 24 hours. After
// that, its entry becomes [StateUnknown]. Without it, a worker
// uses the lease that is stored with the relay, at first 1 minute. All workers use the longest lease that one of them asked
// for: a shorter one needs [WithLowerSettings].
func WithSendLease(d time.Duration) OutboxOption {
	return func(c *outboxConfig) error {
		c.lease = d
		return checkDuration(opRunOutbox, "WithSendLease", d, minLease, maxLease)
	}
}
