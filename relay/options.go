package relay

import (
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"time"
)

// Option sets up a [Relay].
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

var goodPrefix = regexp.MustCompile(`^[A-Za-z0-9-]{1,32}$`)

// choose applies the options. All problems are reported together.
func choose(opts []Option) (config, error) {
	chosen := config{
		prefix: defaultPrefix, retention: defaultRetention, callbacks: defaultCallbacks, logger: slog.New(slog.DiscardHandler),
	}
	var problems []error
	for _, opt := range opts {
		if opt == nil {
			problems = append(problems, optionError("Option", "is nil: leave it out"))
			continue
		}
		problems = append(problems, opt(&chosen))
	}
	return chosen, errors.Join(problems...)
}

func optionError(option, problem string) error { return fmt.Errorf("relay: %s %s", option, problem) }

// WithPrefix names the streams and subjects: SINCH_OUTBOX and sinch.outbox.> by default. Each project of Sinch needs one of
// its own, since the limit of requests is the project's. Up to 32 letters, digits and dashes.
func WithPrefix(prefix string) Option {
	return func(c *config) error {
		if !goodPrefix.MatchString(prefix) {
			return optionError("WithPrefix", "is not 1 to 32 letters, digits and dashes")
		}
		c.prefix = prefix
		return nil
	}
}

// WithReplicas says how many servers of a cluster keep a copy of each stream, 1 to 5. Default: 3 on a cluster, else 1.
func WithReplicas(n int) Option {
	return func(c *config) error {
		if n < 1 || n > maxReplicas {
			return optionError("WithReplicas", "is not 1 to 5")
		}
		c.replicas = n
		return nil
	}
}

// WithRetention says how long the outbox remembers the ID of an entry that is settled, and the inbox a callback that was
// handled. Within it, the same ID is one entry, and a copy of a callback is not handled again. Default 30 days; at least a
// second. Entries that are not settled are kept without end.
func WithRetention(d time.Duration) Option {
	return func(c *config) error {
		if d < time.Second {
			return optionError("WithRetention", "is below a second")
		}
		c.retention = d
		return nil
	}
}

// WithCallbackRetention says how long callbacks are kept, handled or not, so that they can be replayed. Default 7 days; at
// least a second.
func WithCallbackRetention(d time.Duration) Option {
	return func(c *config) error {
		if d < time.Second {
			return optionError("WithCallbackRetention", "is below a second")
		}
		c.callbacks = d
		return nil
	}
}

// WithMaxDepth makes [Outbox.Enqueue] wait while the app of the message has so many entries that are not sent yet, or about
// so many: the depth is looked up five times a second. Default: no limit.
func WithMaxDepth(n int) Option {
	return func(c *config) error {
		if n < 1 {
			return optionError("WithMaxDepth", "is below 1: leave it out for no limit")
		}
		c.maxDepth = n
		return nil
	}
}

// WithLogger has the relay log what goes wrong in the background. No message text, number or secret is logged.
func WithLogger(logger *slog.Logger) Option {
	return func(c *config) error {
		if logger == nil {
			return optionError("WithLogger", "is nil: leave it out for no log")
		}
		c.logger = logger
		return nil
	}
}
