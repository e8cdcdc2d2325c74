package pgconversation

import (
	"log/slog"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
)

// WorkerOption configures [NewWorker].
type WorkerOption func(*workerConfig) error

type workerConfig struct {
	appRate, projectRate float64 // 0 for the default
	observers            []outbox.Observer
	logger               *slog.Logger
}

func workerError(option, reason string) error {
	return &conversation.ArgumentError{Operation: opWorker, Field: option, Reason: reason}
}

// WithRates sets how many requests a second all workers together send for each app, and for the whole project. An app rate of 0 means
// what the app publishes (App.RateLimits.Outbound), or 20 if it publishes nothing. A project rate of 0 means 800. The minimum is
// 0.6 a second. All workers must use the same values.
//
// Requests are spaced so that no window of one second contains more, even if some are late. This costs 7 % of the rate.
func WithRates(app, project float64) WorkerOption {
	return func(c *workerConfig) error {
		for _, rate := range []float64{app, project} {
			if rate != 0 && !(rate >= 0.6 && rate <= 1e6) {
				return workerError("WithRates", "has a rate that is not 0.6 to 1,000,000 a second: pass 0 for the default")
			}
		}
		c.appRate, c.projectRate = app, project
		return nil
	}
}

// WithObserver adds an observer of attempts, such as that of otelconversation. Of several observers, EntryStarted is called in the order of
// the options, and each gets the context of the one before. EntryEnded is called in reverse order. A panic of an observer is logged, and
// changes nothing about the attempt.
func WithObserver(observer outbox.Observer) WorkerOption {
	return func(c *workerConfig) error {
		if observer == nil {
			return workerError("WithObserver", "is nil: leave the option out")
		}
		c.observers = append(c.observers, observer)
		return nil
	}
}

// WithLogger sets the logger for failures. Message contents, phone numbers and secrets are never logged. Default: none.
func WithLogger(logger *slog.Logger) WorkerOption {
	return func(c *workerConfig) error {
		if logger == nil {
			return workerError("WithLogger", "is nil: leave the option out")
		}
		c.logger = logger
		return nil
	}
}
