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
	replicas  int
	retention time.Duration
	callbacks time.Duration
	maxDepth  int
	existing  bool
	logger    *slog.Logger
}

const (
	defaultPrefix    = "sinch"
	defaultRetention = 30 * 24 * time.Hour
	defaultCallbacks = 7 * 24 * time.Hour
	maxReplicas      = 5
)

func defaultConfig() config {
	return config{
		prefix: defaultPrefix, retention: defaultRetention, callbacks: defaultCallbacks, logger: slog.New(slog.DiscardHandler),
	}
}

var validPrefix = regexp.MustCompile(`^[A-Za-z0-9-]{1,32}$`)

// WithPrefix sets the first part of the names of all streams and subjects: by default SINCH_OUTBOX and sinch.outbox.>, for
// example. Each Sinch project needs a separate prefix, because the request limit is per project. A prefix is 1 to 32
// letters, digits and dashes.
func WithPrefix(prefix string) Option {
	return func(c *config) error {
		if !validPrefix.MatchString(prefix) {
			return argumentError(opOpen, "WithPrefix", "is not 1 to 32 letters, digits and dashes")
		}
		c.prefix = prefix
		return nil
	}
}

// WithReplicas sets how many servers of a cluster keep a copy of each stream, 1 to 5. Default: 3 on a cluster, otherwise 1.
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
// that time, the same ID is the same entry, and a duplicate of a callback is not handled again. Default 30 days, minimum 1
// second. Entries that are not settled are kept forever.
func WithRetention(d time.Duration) Option {
	return func(c *config) error {
		if d < time.Second {
			return argumentError(opOpen, "WithRetention", "is below 1 second")
		}
		c.retention = d
		return nil
	}
}

// WithCallbackRetention sets how long callbacks are kept for [Inbox.Replay], handled or not. Default 7 days, minimum 1
// second.
func WithCallbackRetention(d time.Duration) Option {
	return func(c *config) error {
		if d < time.Second {
			return argumentError(opOpen, "WithCallbackRetention", "is below 1 second")
		}
		c.callbacks = d
		return nil
	}
}

// WithMaxDepth limits the number of unsent entries of each app: [Outbox.Enqueue] waits while the app of the message has n
// or more. The limit is approximate, because the depth is read five times a second. Default: no limit.
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
