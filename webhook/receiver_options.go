package webhook

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/internal/redact"
)

// Defaults of a receiver.
const (
	defaultMaxBody       = 1 << 20
	largestMaxBody       = 64 << 20
	defaultMaxConcurrent = 256
	defaultReadTimeout   = 30 * time.Second
)

// ReceiverOption configures a [Receiver]. Each [VerifyOption] is one too.
type ReceiverOption interface {
	apply(chosen *settings) error
}

// settings are the chosen options of a receiver.
type settings struct {
	window        window
	keys          []key
	appSecrets    func(ctx context.Context, appID string) ([]string, error)
	unverified    bool
	maxBody       int64
	maxConcurrent int
	readTimeout   time.Duration
	deduper       Deduper
	logger        *slog.Logger
	observers     []Observer
}

type receiverOption func(*settings) error

func (o receiverOption) apply(chosen *settings) error { return o(chosen) }

func (o VerifyOption) apply(chosen *settings) error { return o.set(&chosen.window) }

// WithSecret adds a secret that callbacks are signed with: that of the webhook, or the app's secret for callback URLs that
// messages override. If there are several, a callback may be signed with any of them, so a secret can be replaced without
// losing a callback.
//
// What copying or a file adds to a secret is rejected: white space or quotes around it, control characters, and
// invisible ones such as a byte order mark.
func WithSecret(secret string) ReceiverOption {
	hidden := redact.NewSecret(secret)
	return receiverOption(func(chosen *settings) error {
		chosen.keys = append(chosen.keys, newKey(hidden))
		if problem := secretProblem(hidden()); problem != "" {
			return optionError("WithSecret", problem)
		}
		return nil
	})
}

// WithoutVerification accepts callbacks from anybody, for webhooks that have no secret. Callbacks are not deduplicated then,
// since anybody could fill the memory with keys: the handler runs for every duplicate.
func WithoutVerification() ReceiverOption {
	return receiverOption(func(chosen *settings) error {
		chosen.unverified = true
		return nil
	})
}

// WithMaxBody sets the size of the largest body that is accepted, in bytes: at most 64 MiB. The default is 1 MiB. [Parse]
// accepts no more than [MaxParseBytes].
func WithMaxBody(bytes int64) ReceiverOption {
	return receiverOption(func(chosen *settings) error {
		chosen.maxBody = bytes
		if bytes <= 0 {
			return optionError("WithMaxBody", "must be above zero: leave the option out for 1 MiB")
		}
		if bytes > largestMaxBody {
			return optionError("WithMaxBody", fmt.Sprintf("is %d bytes: pass at most 64 MiB (%d)", bytes, int64(largestMaxBody)))
		}
		return nil
	})
}

// WithMaxConcurrent bounds how many handlers run concurrently. Further callbacks do not wait: they are answered with 503,
// so that Sinch redelivers them. The default is 256.
func WithMaxConcurrent(n int) ReceiverOption {
	return receiverOption(func(chosen *settings) error {
		chosen.maxConcurrent = n
		if n <= 0 {
			return optionError("WithMaxConcurrent", "must be above zero: leave the option out for 256")
		}
		return nil
	})
}

// WithReadTimeout bounds the time to read the body of a request. The default is 30 seconds. It overrides the ReadTimeout of
// an [net/http.Server], and has no effect if the server does not support read deadlines.
func WithReadTimeout(timeout time.Duration) ReceiverOption {
	return receiverOption(func(chosen *settings) error {
		chosen.readTimeout = timeout
		if timeout <= 0 {
			return optionError("WithReadTimeout", "must be above zero: leave the option out for 30 seconds")
		}
		return nil
	})
}

// WithDeduper sets the deduper of callbacks. The default is a [MemoryDeduper] of 100,000 keys.
func WithDeduper(d Deduper) ReceiverOption {
	return receiverOption(func(chosen *settings) error {
		chosen.deduper = d
		if d == nil {
			return optionError("WithDeduper", "is nil: leave the option out for a MemoryDeduper")
		}
		return nil
	})
}

// WithLogger sets the logger for the outcome of each callback: at Error if a function of yours or the [Deduper] returns an
// error or panics, or something read or changed the body before the receiver; at Info if the callback is rejected; at Debug
// otherwise. Fields of an unexpected type are logged at Warn. Without WithLogger, all but the records at Debug go to
// [slog.Default]. To log nothing, pass slog.New(slog.DiscardHandler).
//
// Records are logged with the context of the request, or the one that an [Observer] returned for it, so that a handler can
// add the ids of the trace.
//
// A record has the reason, the size of the body, whether it matched Content-Length, the age of the timestamp, and which
// signature headers were there. No record contains a secret, the value of a signature header or the content of a callback
// besides its app_id, and runs of 7 or more digits are masked in the error of a handler.
func WithLogger(logger *slog.Logger) ReceiverOption {
	return receiverOption(func(chosen *settings) error {
		chosen.logger = logger
		if logger == nil {
			return optionError("WithLogger", "is nil: pass slog.New(slog.DiscardHandler) to log nothing")
		}
		return nil
	})
}

// choose applies the options to the defaults and returns all their errors.
func choose(opts []ReceiverOption) (settings, error) {
	chosen := settings{
		window:        newWindow(),
		maxBody:       defaultMaxBody,
		maxConcurrent: defaultMaxConcurrent,
		readTimeout:   defaultReadTimeout,
		logger:        slog.New(defaultLog{}),
	}
	var problems []error
	for i, opt := range opts {
		if opt == nil {
			problems = append(problems, optionError(fmt.Sprintf("option %d", i), "is nil: leave it out"))
			continue
		}
		if err := opt.apply(&chosen); err != nil {
			problems = append(problems, err)
		}
	}
	return chosen, errors.Join(append(problems, chosen.secretsProblem())...)
}

// secretsProblem returns an error unless there is one source of secrets, or none is needed.
func (s *settings) secretsProblem() error {
	switch {
	case s.unverified && len(s.keys) > 0:
		return optionError("WithoutVerification", "cannot be combined with WithSecret: keep one")
	case s.unverified && s.appSecrets != nil:
		return optionError("WithoutVerification", "cannot be combined with WithAppSecrets: keep one")
	case len(s.keys) > 0 && s.appSecrets != nil:
		return optionError("WithAppSecrets", "cannot be combined with WithSecret, whose secrets would count for every app: "+
			"return them from the function, for the apps that they belong to")
	case !s.unverified && len(s.keys) == 0 && s.appSecrets == nil:
		return fmt.Errorf("%w with WithSecret or WithAppSecrets, or use WithoutVerification if it has none", ErrNoSecret)
	default:
		return nil
	}
}

// optionError returns the error of an option. It never contains the value, which may be a secret.
func optionError(option, reason string) error {
	return &conversation.ArgumentError{Operation: "webhook", Field: option, Reason: reason}
}
