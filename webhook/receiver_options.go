package webhook

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/internal/redact"
)

// What a receiver does unless told otherwise.
const (
	defaultMaxBody       = 1 << 20
	defaultMaxConcurrent = 256
	defaultReadTimeout   = 30 * time.Second
)

// ReceiverOption changes how a [Receiver] works. Each [VerifyOption] is one too.
type ReceiverOption interface {
	apply(chosen *settings) error
}

// settings are what the options of a receiver say.
type settings struct {
	window        window
	secrets       []redact.Secret
	unverified    bool
	maxBody       int64
	maxConcurrent int
	readTimeout   time.Duration
	deduper       Deduper
	logger        *slog.Logger
}

type receiverOption func(*settings) error

func (o receiverOption) apply(chosen *settings) error { return o(chosen) }

func (o VerifyOption) apply(chosen *settings) error { return o.set(&chosen.window) }

// WithSecret gives a secret that callbacks are signed with: that of the webhook, or the app's secret for callback URLs
// that messages override. Given more than once, a callback may be signed with any of them, so that a secret can be
// replaced without losing a callback.
func WithSecret(secret string) ReceiverOption {
	hidden := redact.NewSecret(secret)
	return receiverOption(func(chosen *settings) error {
		chosen.secrets = append(chosen.secrets, hidden)
		if hidden() == "" {
			return optionError("WithSecret", "is empty, so that anybody could sign: pass the secret of the webhook")
		}
		return nil
	})
}

// WithoutVerification takes callbacks from anybody, for webhooks that have no secret. Copies are not told apart then,
// since nothing vouches for a nonce.
func WithoutVerification() ReceiverOption {
	return receiverOption(func(chosen *settings) error {
		chosen.unverified = true
		return nil
	})
}

// WithMaxBody refuses larger bodies, in bytes. The default is 1 MiB; [Parse] reads no more than [MaxParseBytes].
func WithMaxBody(bytes int64) ReceiverOption {
	return receiverOption(func(chosen *settings) error {
		chosen.maxBody = bytes
		if bytes <= 0 {
			return optionError("WithMaxBody", "must be above zero: leave the option out for 1 MiB")
		}
		return nil
	})
}

// WithMaxConcurrent bounds how many functions run at the same time. A callback beyond it does not wait: it is answered
// 503, so that Sinch delivers it again. The default is 256.
func WithMaxConcurrent(n int) ReceiverOption {
	return receiverOption(func(chosen *settings) error {
		chosen.maxConcurrent = n
		if n <= 0 {
			return optionError("WithMaxConcurrent", "must be above zero: leave the option out for 256")
		}
		return nil
	})
}

// WithReadTimeout bounds how long the body of a request may take to come. The default is 30 seconds. It takes the place
// of ReadTimeout of an [net/http.Server], and has no effect where the server cannot set a deadline.
func WithReadTimeout(timeout time.Duration) ReceiverOption {
	return receiverOption(func(chosen *settings) error {
		chosen.readTimeout = timeout
		if timeout <= 0 {
			return optionError("WithReadTimeout", "must be above zero: leave the option out for 30 seconds")
		}
		return nil
	})
}

// WithDeduper has copies of callbacks told apart by d. The default is a [NonceMemory] of 100,000 nonces.
func WithDeduper(d Deduper) ReceiverOption {
	return receiverOption(func(chosen *settings) error {
		chosen.deduper = d
		if d == nil {
			return optionError("WithDeduper", "has no deduper: leave the option out for a NonceMemory")
		}
		return nil
	})
}

// WithLogger logs what becomes of each callback: at Error when its function fails or panics, at Warn when it is refused,
// at Debug otherwise. Nothing is logged by default. No record holds a secret, a signature or what the callback says, and
// runs of 7 and more digits are masked in the error of a function.
func WithLogger(logger *slog.Logger) ReceiverOption {
	return receiverOption(func(chosen *settings) error {
		chosen.logger = logger
		if logger == nil {
			return optionError("WithLogger", "has no logger: leave the option out to log nothing")
		}
		return nil
	})
}

// choose runs the options and gives all that is wrong with them.
func choose(opts []ReceiverOption) (settings, error) {
	chosen := settings{
		window:        newWindow(),
		maxBody:       defaultMaxBody,
		maxConcurrent: defaultMaxConcurrent,
		readTimeout:   defaultReadTimeout,
		logger:        slog.New(slog.DiscardHandler),
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
	switch {
	case chosen.unverified && len(chosen.secrets) > 0:
		problems = append(problems, optionError("WithoutVerification", "is given together with WithSecret: keep one"))
	case !chosen.unverified && len(chosen.secrets) == 0:
		problems = append(problems, fmt.Errorf("%w by WithSecret; if it has none, say so by WithoutVerification", ErrNoSecret))
	}
	return chosen, errors.Join(problems...)
}

// optionError is an error of an option. It never holds the value, which may be a secret.
func optionError(option, reason string) error {
	return &conversation.ArgumentError{Operation: "webhook", Field: option, Reason: reason}
}
