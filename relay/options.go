package relay

import (
	"log/slog"
	"regexp"
	"time"
)

// Option configures [Open].
type Option func(*config) error

type config struct {
	prefix    string
	replicas  int           // 0 if not set, like the two after it
	retention time.Duration // as stored, once the relay is open
	callbacks time.Duration
	maxDepth  int
	existing  bool
	lower     bool
	synced    bool
	weak      bool
	unchecked bool
	logger    *slog.Logger
}

const (
	defaultPrefix = "sinch"
	maxReplicas   = 5
)

func defaultConfig() config {
	return config{prefix: defaultPrefix, logger: slog.New(slog.DiscardHandler)}
}

var validPrefix = regexp.MustCompile(`^[A-Za-z0-9-]{1,32}$`)

// WithPrefix sets the first part of the names of all streams and subjects: by default SINCH_OUTBOX and sinch.outbox.>, for
// example. Each Sinch project needs a separate prefix, because the request limit is per project. A prefix is 1 to 32
// letters, digits and dashes. [Open] returns a [conversation.ArgumentError] if the engine has a prefix that differs in the
// case of its letters only.
func WithPrefix(prefix string) Option {
	return func(c *config) error {
		if !validPrefix.MatchString(prefix) {
			return argumentError(opOpen, "WithPrefix", "is not 1 to 32 letters, digits and dashes")
		}
		c.prefix = prefix
		return nil
	}
}

// WithReplicas sets how many servers of a cluster keep a copy of each stream, 1 to 5. Default: 3 on a cluster, otherwise 1. A
// number below the one that is stored needs [WithLowerSettings].
func WithReplicas(n int) Option {
	return func(c *config) error {
		if n < 1 || n > maxReplicas {
			return argumentError(opOpen, "WithReplicas", "is not 1 to 5")
		}
		c.replicas = n
		return nil
	}
}

// WithRetention sets how long the outbox remembers the ID of a settled entry, and the inbox a handled callback. During
// that time, the same ID is the same entry, and a duplicate of a callback is not handled again. Entries that are not settled
// are kept forever. Without it, the relay keeps the retention that is stored with it, at first 30 days; a shorter one needs
// [WithLowerSettings].
//
// The minimum is 12 seconds, the maximum 100 years (876,000h). What is remembered protects a message from being sent again
// while the lease of a crashed worker lasts. So the retention must be 10 seconds longer than two leases ([WithSendLease],
// [WithHandlerLease]); Run returns a [conversation.ArgumentError] if it is not.
func WithRetention(d time.Duration) Option {
	return func(c *config) error {
		if d < minRetention {
			return argumentError(opOpen, "WithRetention", "is "+d.String()+", below "+minRetention.String()+": the ID of a message must be remembered "+
				"for longer than the lease of a worker that crashed, or the message may be sent twice")
		}
		c.retention = d
		return checkDuration(opOpen, "WithRetention", d, minRetention, maxRetention)
	}
}

// WithCallbackRetention sets how long callbacks are kept for [Inbox.Replay], 1 second to 100 years (876,000h). Without it, the
// relay keeps the retention that is stored with it, at first 7 days; a shorter one needs [WithLowerSettings].
func WithCallbackRetention(d time.Duration) Option {
	return func(c *config) error {
		c.callbacks = d
		return checkDuration(opOpen, "WithCallbackRetention", d, time.Second, maxRetention)
	}
}

// WithMaxDepth limits the number of unsent entries of each app: [Outbox.Enqueue] and [Outbox.EnqueueAll] wait while the app of the message
// has n or more. The limit is approximate, because the depth is read five times a second. It is for the calls of this relay only: other
// processes may have another. Default: no limit.
func WithMaxDepth(n int) Option {
	return func(c *config) error {
		if n < 1 {
			return argumentError(opOpen, "WithMaxDepth", "is below 1: leave it out for no limit")
		}
		c.maxDepth = n
		return nil
	}
}

// WithLogger sets the logger for failures in the background. Message contents, phone numbers and secrets are never logged.
func WithLogger(logger *slog.Logger) Option {
	return func(c *config) error {
		if logger == nil {
			return argumentError(opOpen, "WithLogger", "is nil: leave it out to disable logging")
		}
		c.logger = logger
		return nil
	}
}
