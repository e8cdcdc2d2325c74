package webhook

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// What can be wrong with a signature, for [errors.Is]. No error holds a secret or the signature that would be right.
var (
	// ErrNotSigned says that there is no signature: the webhook has no secret, or something else called.
	ErrNotSigned = errors.New("webhook: not signed")
	// ErrBadSignature says that the signature was made for another body, nonce or timestamp, or with another secret.
	ErrBadSignature = errors.New("webhook: bad signature")
	// ErrTooOld says that a rightly signed callback is older than allowed.
	ErrTooOld = errors.New("webhook: too old")
	// ErrTooNew says that a rightly signed callback is from further in the future than clocks are apart.
	ErrTooNew = errors.New("webhook: from the future")
	// ErrUnknownAlgorithm says that the signature is of a kind other than HmacSHA256.
	ErrUnknownAlgorithm = errors.New("webhook: unknown algorithm")
	// ErrMalformed says that a header of the signature is missing, there twice, or has no sense.
	ErrMalformed = errors.New("webhook: malformed signature headers")
	// ErrNoSecret says that no secret was given to check with. An empty one would let anybody sign.
	ErrNoSecret = errors.New("webhook: no secret given: pass the secret of the webhook")
)

const (
	maxSkew       = 5 * time.Minute
	defaultMaxAge = 24 * time.Hour
	maxNonceBytes = 256
)

// VerifyOption changes how [Verify] or a [Receiver] judges the age of a callback.
type VerifyOption func(*window) error

// set changes the window.
func (o VerifyOption) set(w *window) error {
	if o == nil {
		return optionError("a VerifyOption", "is nil: leave it out")
	}
	return o(w)
}

// window is the time in which a callback must have been signed.
type window struct {
	now    func() time.Time
	maxAge time.Duration
}

func newWindow() window { return window{now: time.Now, maxAge: defaultMaxAge} }

// WithClock takes the time from now instead of [time.Now].
func WithClock(now func() time.Time) VerifyOption {
	return func(w *window) error {
		w.now = now
		if now == nil {
			return optionError("WithClock", "has no clock: leave the option out for time.Now")
		}
		return nil
	}
}

// WithMaxAge refuses callbacks that were signed longer ago. The default is 24 hours, because Sinch may keep the first
// timestamp when it delivers a callback again: a shorter one loses what was retried through an outage.
func WithMaxAge(age time.Duration) VerifyOption {
	return func(w *window) error {
		w.maxAge = age
		if age <= 0 {
			return optionError("WithMaxAge", "must be above zero: leave the option out for 24 hours")
		}
		return nil
	}
}

// Verify checks that Sinch signed a callback with the secret: the raw body as it came, before anything decodes it, and
// the headers of the request. It compares in constant time, and takes a callback that was signed at most 24 hours ago
// ([WithMaxAge]) and at most 5 minutes in the future.
//
// Errors: [ErrNotSigned], [ErrBadSignature], [ErrTooOld], [ErrTooNew], [ErrUnknownAlgorithm], [ErrMalformed],
// [ErrNoSecret], or that of an option. Verify does not remember nonces, so a callback can be replayed within its age.
func Verify(body []byte, header http.Header, secret string, opts ...VerifyOption) error {
	allowed := newWindow()
	for _, opt := range opts {
		if err := opt.set(&allowed); err != nil {
			return err
		}
	}
	if secret == "" {
		return ErrNoSecret
	}
	seal, err := readSeal(header)
	if err != nil {
		return err
	}
	if !seal.fits(body, secret) {
		return ErrBadSignature
	}
	return allowed.check(seal.at())
}

// check holds a time against the window.
func (w window) check(at time.Time) error {
	now := w.now()
	switch {
	case at.After(now.Add(maxSkew)):
		return ErrTooNew
	case at.Before(now.Add(-w.maxAge)):
		return ErrTooOld
	default:
		return nil
	}
}

// seal is what the headers say. The nonce holds no dot and the timestamp is a plain number, so that no other split of
// the signed bytes has the same signature.
type seal struct {
	signature, nonce, timestamp string
}

func readSeal(header http.Header) (seal, error) {
	given, err := only(header, signatureHeader)
	if err != nil {
		return seal{}, err
	}
	if given == "" {
		return seal{}, ErrNotSigned
	}
	nonce, nonceErr := only(header, nonceHeader)
	timestamp, timestampErr := only(header, timestampHeader)
	name, nameErr := only(header, algorithmHeader)
	if err := errors.Join(nonceErr, timestampErr, nameErr); err != nil {
		return seal{}, err
	}
	switch {
	case nonce == "" || len(nonce) > maxNonceBytes || strings.Contains(nonce, "."):
		return seal{}, fmt.Errorf("%w: the nonce is missing, too long or holds a dot", ErrMalformed)
	case !plainNumber(timestamp):
		return seal{}, fmt.Errorf("%w: the timestamp is no number of seconds", ErrMalformed)
	case name != algorithm:
		return seal{}, ErrUnknownAlgorithm
	}
	return seal{signature: given, nonce: nonce, timestamp: timestamp}, nil
}

// only gives the one value of a header, whatever the case of its name; empty when there is none.
func only(header http.Header, name string) (string, error) {
	found, count := "", 0
	for key, values := range header {
		if len(key) == len(name) && len(values) > 0 && strings.EqualFold(key, name) {
			found, count = values[0], count+len(values)
		}
	}
	if count > 1 {
		return "", fmt.Errorf("%w: %s is there twice", ErrMalformed, name)
	}
	return found, nil
}

// plainNumber reports whether a text is a number in its one usual form: digits, no sign, no leading zero.
func plainNumber(text string) bool {
	const longest = 12 // thirty thousand years
	return text != "" && len(text) <= longest && strings.Trim(text, "0123456789") == "" && (text == "0" || text[0] != '0')
}

// fits reports whether the signature is that of the body under the secret.
func (s seal) fits(body []byte, secret string) bool {
	right := signature(body, secret, s.nonce, s.timestamp)
	return subtle.ConstantTimeCompare([]byte(right), []byte(s.signature)) == 1
}

// at is when the callback was signed.
func (s seal) at() time.Time {
	seconds, _ := strconv.ParseInt(s.timestamp, 10, 64) // plainNumber has seen to it
	return time.Unix(seconds, 0)
}
