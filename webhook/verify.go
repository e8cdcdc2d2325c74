package webhook

import (
	"crypto/hmac"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/sinchgo/conversation/internal/wire"
)

// Errors of [Verify], for [errors.Is]. No error contains a secret or the signature that would be valid.
var (
	// ErrNotSigned is returned for a callback without a signature: the webhook has no secret, or the request is not from
	// Sinch.
	ErrNotSigned = newReason(ReasonNotSigned)
	// ErrBadSignature is returned when the signature is for another body, nonce or timestamp, or with another secret.
	ErrBadSignature = newReason(ReasonBadSignature)
	// ErrTooOld is returned for a correctly signed callback that is older than [WithMaxAge]. The clock may be wrong: answer
	// it with 503, so that it is delivered again.
	ErrTooOld = newReason(ReasonTooOld)
	// ErrTooNew is returned for a correctly signed callback dated more than 5 minutes in the future. The clock may be wrong:
	// answer it with 503, so that it is delivered again.
	ErrTooNew = newReason(ReasonTooNew)
	// ErrUnknownAlgorithm is returned when the algorithm of the signature is not HmacSHA256.
	ErrUnknownAlgorithm = newReason(ReasonUnknownAlgorithm)
	// ErrMalformed is returned when a signature header is missing or malformed, or has two different values.
	ErrMalformed = newReason(ReasonMalformed)
	// ErrNoSecret is returned without a secret to verify with. With an empty or blank one, anybody could sign.
	ErrNoSecret = errors.New("webhook: no secret: pass the secret of the webhook")
)

const (
	maxSkew       = 5 * time.Minute
	defaultMaxAge = 24 * time.Hour
)

// VerifyOption configures how [Verify] or a [Receiver] checks the age of a callback.
type VerifyOption func(*window) error

// set applies the option to w.
func (o VerifyOption) set(w *window) error {
	if o == nil {
		return optionError("VerifyOption", "is nil: leave it out")
	}
	return o(w)
}

// window is the time within which a callback must have been signed.
type window struct {
	now    func() time.Time
	maxAge time.Duration
}

func newWindow() window { return window{now: time.Now, maxAge: defaultMaxAge} }

// WithClock sets the function that returns the current time. The default is [time.Now].
func WithClock(now func() time.Time) VerifyOption {
	return func(w *window) error {
		w.now = now
		if now == nil {
			return optionError("WithClock", "is nil: leave the option out for time.Now")
		}
		return nil
	}
}

// WithMaxAge sets the age above which callbacks are rejected. The default is 24 hours, because Sinch may keep the first
// timestamp when it redelivers a callback: with a shorter age, callbacks that are retried through an outage are lost.
func WithMaxAge(age time.Duration) VerifyOption {
	return func(w *window) error {
		w.maxAge = age
		if age <= 0 {
			return optionError("WithMaxAge", "must be above zero: leave the option out for 24 hours")
		}
		return nil
	}
}

// Verify checks that Sinch signed a callback with secret. It needs the raw body, as it was received, and the header of the
// request. It compares in constant time, and accepts a callback that was signed at most 24 hours ago ([WithMaxAge]) and at
// most 5 minutes in the future.
//
// A header that a proxy doubled counts once: several lines, or one line "a, a", if all values are equal. A missing algorithm
// means HmacSHA256.
//
// Verify returns [ErrNotSigned], [ErrBadSignature], [ErrTooOld], [ErrTooNew], [ErrUnknownAlgorithm], [ErrMalformed] or
// [ErrNoSecret], possibly wrapped, or a [*conversation.ArgumentError] if an option is not valid, or the secret is too
// short for GODEBUG=fips140=only. It does not remember callbacks, so one can be replayed until it is too old.
func Verify(body []byte, header http.Header, secret string, opts ...VerifyOption) error {
	allowed := newWindow()
	for _, opt := range opts {
		if err := opt.set(&allowed); err != nil {
			return err
		}
	}
	if wire.IsBlank(secret) {
		return ErrNoSecret
	}
	if tooShortForFIPS(secret) {
		return optionError("secret", fipsProblem)
	}
	signed, err := readSignatureHeaders(header)
	if err != nil {
		return err
	}
	if !signed.matches(body, newMAC(secret)) {
		if problem := wire.CredentialProblem(secret); problem != "" {
			return fmt.Errorf("%w: the secret %s", ErrBadSignature, problem)
		}
		return ErrBadSignature
	}
	return allowed.check(signed.at())
}

// check returns an error if a callback that was signed at the given time is too old or too new.
func (w window) check(at time.Time) error {
	now := w.now()
	switch {
	case at.After(now.Add(maxSkew)):
		return fmt.Errorf("%w: it is dated %s ahead of the clock here, and %s is allowed: check the clock",
			ErrTooNew, at.Sub(now).Round(time.Second), maxSkew)
	case at.Before(now.Add(-w.maxAge)):
		return fmt.Errorf("%w: it was signed %s ago by the clock here, and WithMaxAge allows %s: check the clock",
			ErrTooOld, now.Sub(at).Round(time.Second), w.maxAge)
	default:
		return nil
	}
}

// matches reports whether the signature is that of body by mac, which is keyed with the secret.
func (s signatureHeaders) matches(body []byte, mac *keyedMAC) bool {
	return hmac.Equal(mac.sum(body, s.nonce, s.timestamp), s.mac[:])
}

// at returns when the callback was signed.
func (s signatureHeaders) at() time.Time {
	seconds, _ := strconv.ParseInt(s.timestamp, 10, 64) // plainNumber has checked it
	return time.Unix(seconds, 0)
}
