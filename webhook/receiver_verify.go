package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// verify checks the signature of a callback, and its age. It returns the answer to a callback that is not accepted, or true.
func (r *Receiver) verify(ctx context.Context, c *callback) (answer, bool) {
	if r.settings.unverified {
		return answer{}, true
	}
	found, failed, ok := r.secretsFor(ctx, c)
	if !ok {
		return failed, false
	}
	matches := false
	for _, key := range found.keys { // all of them, so that the time does not depend on which one matches
		matches = key.signed(c) || matches
	}
	if !matches {
		return c.unmatched(found), false
	}
	if err := r.settings.window.check(c.signed.at()); err != nil {
		return answer{status: verifyStatus(err), reason: err}, false
	}
	return answer{}, true
}

// secretsFor returns the secrets that a callback may be signed with.
func (r *Receiver) secretsFor(ctx context.Context, c *callback) (secrets, answer, bool) {
	if r.settings.appSecrets != nil {
		return r.lookUp(ctx, c)
	}
	return secrets{keys: r.settings.keys}, answer{}, true
}

// unmatched returns the answer to a callback that is signed with none of the secrets. It is delivered again if the body was
// changed on the way, or if a secret of the app cannot be right.
func (c *callback) unmatched(found secrets) answer {
	switch {
	case c.announced > 0 && c.announced != int64(len(c.body)):
		err := fmt.Errorf("%w: %d bytes were announced, and it has %d", errChanged, c.announced, len(c.body))
		return answer{status: http.StatusInternalServerError, reason: err}
	case found.problem != "":
		return answer{status: http.StatusServiceUnavailable, failed: true, reason: fmt.Errorf("%w: a secret of the app %s", errAppSecrets, found.problem)}
	case len(found.keys) == 0:
		return answer{status: http.StatusUnauthorized, reason: fmt.Errorf("%w: WithAppSecrets has no secret of the app", ErrBadSignature)}
	default:
		err := fmt.Errorf("%w: it matches none of the %d secrets", ErrBadSignature, len(found.keys))
		if c.announced < 0 {
			err = fmt.Errorf("%w, or something read a part of the body before, whose length was not announced", err)
		}
		return answer{status: http.StatusUnauthorized, reason: err}
	}
}

// verifyStatus returns the status for an error of the signature headers or of the signature. What is signed, but outside of
// the window, is delivered again, since the clock here may be wrong.
func verifyStatus(err error) int {
	switch {
	case errors.Is(err, ErrMalformed):
		return http.StatusBadRequest
	case errors.Is(err, ErrTooOld), errors.Is(err, ErrTooNew):
		return http.StatusServiceUnavailable
	default:
		return http.StatusUnauthorized
	}
}
