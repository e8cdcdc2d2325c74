package conversation_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestEachFormOfErrorBodyIsRead(t *testing.T) {
	t.Parallel()
	const registry = `{"type":"https://developers.sinch.com/docs/errors/registry/`
	for name, tt := range map[string]struct {
		body    string
		code    int
		status  string
		message string
		details []string
	}{
		"the envelope": {`{"error":{"code":5,"status":"NOT_FOUND","message":"no app","details":[{"a":1}]}}`, 5, "NOT_FOUND", "no app", []string{`{"a":1}`}},
		"flat":         {`{"code":5,"status":"NOT_FOUND","message":"no app","details":[{"a":1}]}`, 5, "NOT_FOUND", "no app", []string{`{"a":1}`}},
		"the registry, with a detail": {
			registry + `not-found","title":"Not found","detail":"There is no such app."}`, 0, "not-found", "Not found: There is no such app.", nil,
		},
		"the registry, with fields": {
			registry + `validation-error/","title":"Invalid","errors":[{"pointer":"/recipient/contact_id","detail":"is too short"},{"pointer":"/ttl"},5]}`,
			0, "validation-error", "Invalid; /recipient/contact_id is too short; /ttl",
			[]string{`{"pointer":"/recipient/contact_id","detail":"is too short"}`, `{"pointer":"/ttl"}`, `5`},
		},
		"the registry, without a title":  {registry + `too-many-requests","detail":"Slow down."}`, 0, "too-many-requests", "Slow down.", nil},
		"the registry, in an envelope":   {`{"error":` + registry + `not-found","title":"Not found"}}`, 0, "not-found", "Not found", nil},
		"problem details without a type": {`{"title":"Gone","status":410}`, 0, "", "Gone", nil},
		"problem details of type blank":  {`{"type":"about:blank","title":"Gone"}`, 0, "", "Gone", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := newTestClient(t, answerPage(410, "application/problem+json", tt.body))
			_, err := client.Messages.Get(t.Context(), "M")
			failed := as[*conversation.Error](t, err)
			assert.Equal(t, tt.code, failed.Code)
			assert.Equal(t, tt.status, failed.Status)
			assert.Equal(t, tt.message, failed.Message)
			var details []string
			for _, detail := range failed.Details {
				details = append(details, string(detail))
			}
			assert.Equal(t, tt.details, details)
			assert.ErrorContains(t, err, tt.message)
		})
	}
}

func TestARegistryErrorIsOfItsKindUnlessTheStatusSaysAnother(t *testing.T) {
	t.Parallel()
	for slug, kind := range map[string]error{
		"validation-error": conversation.ErrBadRequest, "invalid-credentials": conversation.ErrUnauthorized,
		"access-token-expired": conversation.ErrUnauthorized, "permission-denied": conversation.ErrForbidden,
		"not-found": conversation.ErrNotFound, "too-many-requests": conversation.ErrRateLimited, "something-new": nil,
	} {
		for status, own := range map[int]error{
			402: nil, 410: nil, 422: nil, 500: nil,
			400: conversation.ErrBadRequest, 404: conversation.ErrNotFound, 409: conversation.ErrConflict, 503: conversation.ErrUnavailable,
		} {
			t.Run(slug+" "+strconv.Itoa(status), func(t *testing.T) {
				t.Parallel()
				body := `{"type":"https://developers.sinch.com/docs/errors/registry/` + slug + `","title":"T"}`
				client, _ := newTestClient(t, answerPage(status, "application/problem+json", body))
				_, err := client.Messages.Send(t.Context(), textMessage())
				want := kind
				if own != nil {
					want = own
				}
				for sentinel, name := range sentinels {
					if sentinel == want { //nolint:errorlint // It is the sentinel itself.
						require.ErrorIs(t, err, sentinel)
					} else {
						assert.NotErrorIs(t, err, sentinel, name)
					}
				}
				assert.Equal(t, status >= 500, conversation.OutcomeOf(err) == conversation.OutcomeUnknown, "the status alone decides the outcome")
			})
		}
	}
}

func TestTheWaitOfRetryInfoIsARetryAfter(t *testing.T) {
	t.Parallel()
	for details, want := range map[string]time.Duration{
		`[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"7s"}]`:                       7 * time.Second,
		`["x",{"@type":"x"},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"0.250s"}]`: time.Second,
		`[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retry_delay":"3600s"}]`:                   time.Hour,
		`[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"9223372036s"}]`:              9223372036 * time.Second,
		`[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"-7s"}]`:                      0,
		`[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":7}]`:                          0,
		`[{"@type":"type.googleapis.com/google.rpc.RetryInfo"}]`:                                         0,
		`[{"@type":"type.googleapis.com/google.rpc.DebugInfo","retryDelay":"7s"}]`:                       0,
	} {
		for _, form := range []string{`{"error":{"code":8,"status":"S","details":` + details + `}}`, `{"code":8,"status":"S","details":` + details + `}`} {
			client, wire := scripted(t, []step{{status: 429, body: form}}, conversation.WithRetry(conversation.NoRetry))
			_, err := client.Messages.Send(t.Context(), textMessage())
			assert.Equal(t, want, as[*conversation.Error](t, err).RetryAfter, form)
			assert.Len(t, wire.requests(), 1)
		}
	}
	client, _ := scripted(t, []step{{
		status: 429, header: map[string]string{"Retry-After": "2"},
		body: `{"error":{"details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"7s"}]}}`,
	}}, conversation.WithRetry(conversation.NoRetry))
	_, err := client.Messages.Send(t.Context(), textMessage())
	assert.Equal(t, 2*time.Second, as[*conversation.Error](t, err).RetryAfter, "the header is first")
}
