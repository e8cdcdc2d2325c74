package conversation_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

var sentinels = map[error]string{
	conversation.ErrBadRequest: "bad request", conversation.ErrUnauthorized: "unauthorized", conversation.ErrForbidden: "forbidden",
	conversation.ErrNotFound: "not found", conversation.ErrConflict: "conflict", conversation.ErrRateLimited: "rate limited",
	conversation.ErrUnavailable: "unavailable",
}

func TestEachStatusMatchesItsSentinelAlone(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]error{
		300: nil, 302: nil, 304: nil, 307: nil,
		400: conversation.ErrBadRequest, 401: conversation.ErrUnauthorized, 402: nil, 403: conversation.ErrForbidden,
		404: conversation.ErrNotFound, 405: nil, 408: nil, 409: conversation.ErrConflict, 410: nil, 422: nil,
		429: conversation.ErrRateLimited, 500: nil, 501: nil, 502: conversation.ErrUnavailable,
		503: conversation.ErrUnavailable, 504: conversation.ErrUnavailable, 505: nil, 599: nil,
		519: nil, 520: conversation.ErrUnavailable, 530: conversation.ErrUnavailable, 531: nil,
	} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			client, _ := newTestClient(t, answerWith(status, `{"error":{"message":"no"}}`))
			_, err := client.Messages.Get(t.Context(), "M")
			var failed *conversation.Error
			require.ErrorAs(t, err, &failed)
			assert.Equal(t, status, failed.StatusCode)
			for sentinel, name := range sentinels {
				assert.Equal(t, sentinel == want, errors.Is(err, sentinel), name) //nolint:errorlint // It is the sentinel itself.
				wrapped := fmt.Errorf("shop: %w", &conversation.PageError{Err: err})
				assert.Equal(t, sentinel == want, errors.Is(wrapped, sentinel), name) //nolint:errorlint // It is the sentinel itself.
			}
		})
	}
}

func TestAnErrorHoldsWhatTheAPISaid(t *testing.T) {
	t.Parallel()
	body := []byte(`{"error":{"code":5,"status":"NOT_FOUND","message":"no message M for 46700000001","details":[{"@type":"x"},"y"]}}`)
	client, server := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", "R-1")
		w.Header().Set("X-Correlation-Id", "C-1")
		w.Header().Set("Retry-After", "7")
		answerWith(404, string(body))(w, r)
	})
	_, err := client.Messages.Get(t.Context(), "M")
	var failed *conversation.Error
	require.ErrorAs(t, err, &failed)
	assert.Equal(t, 404, failed.StatusCode)
	assert.Equal(t, 5, failed.Code)
	assert.Equal(t, "NOT_FOUND", failed.Status)
	assert.Equal(t, "no message M for 46700000001", failed.Message, "as it came")
	assert.Equal(t, []json.RawMessage{json.RawMessage(`{"@type":"x"}`), json.RawMessage(`"y"`)}, failed.Details)
	assert.Equal(t, "R-1", failed.RequestID)
	assert.Equal(t, "Messages.Get", failed.Operation)
	assert.Equal(t, 1, failed.Attempts)
	assert.Equal(t, 7*time.Second, failed.RetryAfter)
	assert.Equal(t, "C-1", failed.Header.Get("X-Correlation-Id"))
	assert.Equal(t, body, failed.Body, "as it came")
	asked := "asked " + strings.TrimPrefix(server.URL, "http://") + ": an app lives in one region, so check the region"
	assert.Equal(t, "conversation: Messages.Get: HTTP 404: NOT_FOUND: no message M for ******* (request id R-1, retry after 7s, "+asked+")", err.Error())
}

func TestARequestIDMayBeACorrelationID(t *testing.T) {
	t.Parallel()
	client, _ := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Correlation-Id", "C-1")
		answerWith(500, ``)(w, r)
	})
	_, err := client.Messages.Get(t.Context(), "M")
	var failed *conversation.Error
	require.ErrorAs(t, err, &failed)
	assert.Equal(t, "C-1", failed.RequestID)
}

func TestAttemptsAreCounted(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(503, ``), conversation.WithRetry(conversation.RetryPolicy{MaxAttempts: 3, BaseDelay: 1}))
	_, err := client.Messages.Get(t.Context(), "M")
	var failed *conversation.Error
	require.ErrorAs(t, err, &failed)
	assert.Equal(t, 3, failed.Attempts)
	assert.ErrorContains(t, err, "3 attempts")
	assert.Len(t, server.requests(), 3)
}

// phone and strings that begin with hush must never be printed.
const phone = "46701234567"

// printedErrors are errors with something to hide in every place that has room for it.
func printedErrors() map[string]error {
	failed := conversation.Error{
		StatusCode: 400, Code: 3, Status: "INVALID " + phone, Message: "no number: +" + phone, Operation: "Messages.Send",
		RequestID: "R-" + phone, Attempts: 2, RetryAfter: time.Second,
		Details: []json.RawMessage{json.RawMessage(`{"hush":"` + phone + `"}`)},
		Header:  http.Header{"Set-Cookie": {"hush-cookie"}},
		Body:    []byte(`{"text":"hush-body ` + phone + `"}`),
	}
	auth := conversation.AuthError{
		Operation: "Messages.Send", StatusCode: 401, Code: "invalid " + phone, Reason: "wrong " + phone, Attempts: 1,
		Err: fmt.Errorf("dial %s: %w", phone, io.EOF),
	}
	transport := conversation.TransportError{
		Operation: "Messages.Send", Attempts: 1, Err: &net.OpError{Op: "dial", Err: errors.New("host " + phone)}, Last: &failed,
	}
	argument := conversation.ArgumentError{Operation: "Messages.Send", Field: "ttl", Reason: "is below zero"}
	page := conversation.PageError{PageToken: "hush-token", Err: &failed}
	return map[string]error{
		"Error": &failed, "AuthError": &auth, "TransportError": &transport, "ArgumentError": &argument, "PageError": &page,
		"PageError of a transport": &conversation.PageError{PageToken: "hush-token", Err: &transport},
		"joined":                   errors.Join(&failed, &transport),
		"wrapped":                  fmt.Errorf("shop: %w", &failed),
	}
}

func TestPrintedErrorsShowNothingPersonal(t *testing.T) {
	t.Parallel()
	for name, err := range printedErrors() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, value := range []any{err, []error{err}, map[string]any{"e": err}, struct{ Err error }{err}} {
				hides(t, everyPrint(t, value), phone, "hush", fmt.Sprintf("%x", phone), fmt.Sprintf("%X", phone), fmt.Sprintf("%x", "hush"))
			}
			held := struct{ err error }{err} // fmt calls no methods on it
			hides(t, fmt.Sprintf("%v %+v %#v", held, held, held), phone, "hush")
		})
	}
}

func TestDereferencedErrorsShowNothingPersonal(t *testing.T) {
	t.Parallel()
	errs := printedErrors()
	for name, value := range map[string]any{
		"Error": *as[*conversation.Error](t, errs["Error"]), "AuthError": *as[*conversation.AuthError](t, errs["AuthError"]),
		"TransportError": *as[*conversation.TransportError](t, errs["TransportError"]),
		"PageError":      *as[*conversation.PageError](t, errs["PageError"]),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, value := range []any{value, []any{value}} {
				hides(t, everyPrint(t, value), phone, "hush", fmt.Sprintf("%x", phone), fmt.Sprintf("%X", phone), fmt.Sprintf("%x", "hush"))
			}
		})
	}
}

func as[E error](t *testing.T, err error) E {
	t.Helper()
	found, ok := errors.AsType[E](err)
	require.True(t, ok)
	return found
}

func TestEveryVerbPrintsAnErrorAsItsString(t *testing.T) {
	t.Parallel()
	for name, err := range printedErrors() {
		if name == "joined" || name == "wrapped" {
			continue
		}
		for _, format := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
			assert.Equal(t, err.Error(), fmt.Sprintf(format, err), "%s, %s", name, format)
		}
		assert.Equal(t, fmt.Sprintf("%q", err.Error()), fmt.Sprintf("%q", err))
	}
}

func TestErrorStrings(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"conversation: call: HTTP 0":                                               &conversation.Error{},
		"conversation: Apps.Get: HTTP 500: the message":                            &conversation.Error{Operation: "Apps.Get", StatusCode: 500, Message: "the message"},
		"conversation: call: no access token":                                      &conversation.AuthError{},
		"conversation: Apps.Get: no access token: HTTP 401: code: because":         &conversation.AuthError{Operation: "Apps.Get", StatusCode: 401, Code: "code", Reason: "because"},
		"conversation: Apps.Get: id is empty":                                      &conversation.ArgumentError{Operation: "Apps.Get", Field: "id", Reason: "is empty"},
		"conversation: call: id is empty":                                          &conversation.ArgumentError{Field: "id", Reason: "is empty"},
		"conversation: call: no response (the API may have processed the request)": &conversation.TransportError{},
		"conversation: a page of the list could not be fetched: EOF":               &conversation.PageError{PageToken: "T", Err: io.EOF},
	} {
		assert.EqualError(t, err, want)
	}
}

func TestErrorsUnwrapToTheirCauses(t *testing.T) {
	t.Parallel()
	inner := &conversation.Error{StatusCode: 503}
	assert.ErrorIs(t, &conversation.AuthError{Err: io.EOF}, io.EOF)
	assert.ErrorIs(t, &conversation.PageError{Err: io.EOF}, io.EOF)
	transport := &conversation.TransportError{Err: io.EOF, Last: inner}
	assert.ErrorIs(t, transport, io.EOF)
	assert.ErrorIs(t, transport, conversation.ErrUnavailable)
	assert.Same(t, inner, as[*conversation.Error](t, &conversation.PageError{Err: transport}))
	assert.NotErrorIs(t, &conversation.ArgumentError{}, conversation.ErrMaybeSent)
}
