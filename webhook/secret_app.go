package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/sinchgo/conversation/internal/redact"
	"github.com/sinchgo/conversation/internal/wire"
)

// maxAppIDBytes is the length of the longest app id, with its escapes, that WithAppSecrets looks up.
const maxAppIDBytes = 256

var (
	errAppSecrets = newReason(ReasonAppSecrets)
	errNoAppID    = fmt.Errorf("%w with a secret of an app: the body has no app_id", ErrNotSigned)
)

// WithAppSecrets sets the function that returns the secrets of an app, for a receiver whose apps are not known when it is
// constructed, or that must not accept a callback of one app that is signed with the secret of another. It is called for
// each callback with the app_id of its body, and only the secrets that it returns are tried. Return several while a secret
// is replaced, or if the app has one for callback URLs that messages override.
//
// The body is not verified when the function is called: anybody may send any id, so it should be fast, such as a look-up
// in memory, and must return no secret and no error for an app that it does not know. It is called concurrently, with the
// context of the request, and never with an empty id or one of more than 256 bytes.
//
// An error or a panic is logged and answered with 503, so that the callback is delivered again. So is a callback that
// matches none of the secrets if one of them has white space or quotes around it, control or invisible characters, or is
// too short for GODEBUG=fips140=only. An app without secrets, and a body without an app_id, are answered with 401. An empty
// or blank secret is never accepted. A body that is not a JSON object, or has app_id twice, is answered with 400. All
// of this holds for [Receiver.Forward] too.
//
// WithAppSecrets cannot be combined with [WithSecret], which would accept its secrets for every app.
func WithAppSecrets(secrets func(ctx context.Context, appID string) ([]string, error)) ReceiverOption {
	return receiverOption(func(chosen *settings) error {
		switch {
		case secrets == nil:
			return optionError("WithAppSecrets", "is nil: pass the function that returns the secrets of an app")
		case chosen.appSecrets != nil:
			return optionError("WithAppSecrets", "is duplicated: look up all apps in one function")
		}
		chosen.appSecrets = secrets
		return nil
	})
}

// secrets are those that a callback may be signed with.
type secrets struct {
	keys    []key
	problem string // what is wrong with one of them
}

// lookUp returns the secrets of the app of a callback.
func (r *Receiver) lookUp(ctx context.Context, c *callback) (secrets, answer, bool) {
	appID, err := appIDOf(c.body)
	if errors.Is(err, errNoAppID) {
		return secrets{}, answer{status: http.StatusUnauthorized, reason: err}, false
	}
	if err != nil {
		return secrets{}, answer{status: http.StatusBadRequest, reason: err}, false
	}
	c.appID = appID
	var all []string
	result := guard(http.StatusServiceUnavailable, nil, func() (err error) {
		all, err = r.settings.appSecrets(ctx, appID)
		return err
	})
	if result.failed {
		result.reason = fmt.Errorf("%w: %s", errAppSecrets, strings.TrimPrefix(result.reason.Error(), "webhook: "))
		return secrets{}, result, false
	}
	return usable(all), answer{}, true
}

// usable returns the secrets that a signature can be checked with.
func usable(all []string) secrets {
	var found secrets
	for _, secret := range all {
		if wire.IsBlank(secret) {
			continue
		}
		if problem := secretProblem(secret); problem != "" {
			found.problem = problem
		}
		if !tooShortForFIPS(secret) {
			found.keys = append(found.keys, key{secret: redact.NewSecret(secret)})
		}
	}
	return found
}

// appIDOf returns the app id that Parse will find in a body. It scans the body, and decodes nothing but the id.
func appIDOf(body []byte) (string, error) {
	body = wire.TrimMark(body)
	start := skipSpace(body, 0)
	if start == len(body) || body[start] != '{' {
		return "", &ParseError{Offset: int64(start), Reason: "it is not a JSON object"}
	}
	p := payloadProbe{scanner: scanner{body: body}}
	var raw []byte
	found, atName := false, false
	for token := p.scan(); token != 0 && (token != '}' || p.depth > 0); token = p.scan() {
		isName := token == '"' && atName && strings.EqualFold(string(p.name()), "app_id") // as encoding/json compares
		if isName && found {
			return "", &ParseError{Offset: int64(p.start), Reason: "app_id is duplicated"}
		}
		if isName {
			raw, found = scalar(body, p.value()), true
		}
		atName = p.depth == 1 && (token == '{' || token == ',')
	}
	return decodeAppID(raw)
}

// decodeAppID decodes the JSON of an app id.
func decodeAppID(raw []byte) (string, error) {
	if len(raw) > maxAppIDBytes {
		return "", fmt.Errorf("%w of at most %d bytes", errNoAppID, maxAppIDBytes)
	}
	var appID string
	if _, err := decode(raw, &appID); err != nil || appID == "" {
		return "", errNoAppID
	}
	return appID, nil
}

// scalar returns the string or the number at start, or nil if there is neither.
func scalar(body []byte, start int) []byte {
	if start >= len(body) {
		return nil
	}
	end := start
	if body[start] == '"' {
		end = min(stringEnd(body, start)+1, len(body))
	}
	for body[start] != '"' && end < len(body) && strings.IndexByte("+-.0123456789Ee", body[end]) >= 0 {
		end++
	}
	return body[start:end:end]
}
