package transport

import (
	"context"
	"errors"
	"fmt"
	"net/url"
)

// ErrAttemptTimeout is the cause of an attempt that ended before its context did.
var ErrAttemptTimeout error = &attemptTimeoutError{}

type attemptTimeoutError struct{}

func (*attemptTimeoutError) Error() string { return "timeout: no reply within the time of one attempt" }

func (*attemptTimeoutError) Timeout() bool { return true }

func (*attemptTimeoutError) Is(target error) bool { return target == context.DeadlineExceeded }

// WithoutURL unwraps the errors of net/http that hold a URL, which holds ids.
func WithoutURL(err error) error {
	for {
		wrapped, ok := errors.AsType[*url.Error](err)
		if !ok {
			return err
		}
		err = wrapped.Err
	}
}

// AttemptCause returns the reason why an attempt failed with err: [ErrAttemptTimeout] if its time ran out, the error of
// ctx if that ended, else err.
func AttemptCause(ctx context.Context, err error) error {
	switch {
	case ctx.Err() == nil:
		return err
	case errors.Is(context.Cause(ctx), ErrAttemptTimeout):
		return ErrAttemptTimeout
	default:
		return ContextError(ctx)
	}
}

// ContextError returns the error of a context that ended, together with the cause that its owner set.
func ContextError(ctx context.Context) error {
	if cause := context.Cause(ctx); !errors.Is(cause, ctx.Err()) {
		return fmt.Errorf("%w: %w", ctx.Err(), cause)
	}
	return ctx.Err()
}

// HostOf returns the host name of a URL, as errors of net/http show it. It returns "" for what is not a URL.
func HostOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return parsed.Hostname()
}
