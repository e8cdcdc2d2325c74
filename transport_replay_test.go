package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// TestNetHTTPCannotRetryWhatMustNotHappenTwice: package net/http sends a request with a GetBody again, among others
// after an HTTP/2 stream was reset with PROTOCOL_ERROR, which says nothing of what the server did before.
func TestNetHTTPCannotRetryWhatMustNotHappenTwice(t *testing.T) {
	t.Parallel()
	unsafe := map[string]bool{
		"Messages.Send": true, "Events.Send": true, "Contacts.Create": true, "Contacts.Merge": true,
		"Conversations.Create": true, "Apps.Create": true, "Webhooks.Create": true,
		"Conversations.InjectMessage": true, "Conversations.InjectEvent": true, "ProjectSettings.Create": true, "Templates.Create": true,
	}
	accepting := conversation.WithRequestRetry(conversation.RetryPolicy{AcceptDuplicates: true})
	for name, call := range everyCall() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var hasBody, repeatable bool
			spy := roundTrip(func(req *http.Request) (*http.Response, error) {
				hasBody, repeatable = req.Body != nil, req.GetBody != nil
				return nil, errReset
			})
			client, err := conversation.NewClient("project", conversation.WithBasicAuth("id", "secret"),
				conversation.WithRegion(conversation.RegionEU), conversation.WithHTTPClient(&http.Client{Transport: spy}),
				conversation.WithRetry(conversation.NoRetry))
			require.NoError(t, err)

			require.Error(t, call(t.Context(), client))
			assert.Equal(t, hasBody && !unsafe[name], repeatable)
			require.Error(t, call(t.Context(), client, accepting))
			assert.Equal(t, hasBody, repeatable, "the caller accepts duplicates")
		})
	}
}

// http2Gave is the error of net/http for a request that it would have repeated.
func http2Gave(cause string) error {
	return fmt.Errorf("http2: Transport: cannot retry err [%s] after Request.Body was written; "+
		"define Request.GetBody to avoid this error", cause)
}

func TestASendThatAnHTTP2ServerDidNotProcessIsRetried(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		err     error
		notSent bool
	}{
		{"refused", http2Gave("stream error: stream ID 7; REFUSED_STREAM; received from peer"), true},
		{"the connection was given up before", http2Gave("http2: Transport received Server's graceful shutdown GOAWAY"), true},
		{"reset", http2Gave("stream error: stream ID 7; PROTOCOL_ERROR; received from peer"), false},
		{"something new", http2Gave("stream error: stream ID 7; REFUSED_STREAM; made up here"), false},
		{"a cause that quotes", http2Gave("x] [stream error: stream ID 7; REFUSED_STREAM; received from peer"), false},
		{"a foreign error", errors.New("stream error: stream ID 7; REFUSED_STREAM; received from peer"), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, wire := scripted(t, []step{{err: tt.err}, {status: 200, body: sendCall.ok}})
				err := sendCall.do(t.Context(), client)
				if tt.notSent {
					require.NoError(t, err)
					assert.Len(t, wire.requests(), 2)
				} else {
					require.ErrorIs(t, err, conversation.ErrMaybeSent)
					assert.Len(t, wire.requests(), 1)
				}

				client, _ = scripted(t, []step{{err: tt.err}}, conversation.WithRetry(conversation.NoRetry))
				want := map[bool]conversation.Outcome{true: conversation.OutcomeNotSent, false: conversation.OutcomeUnknown}[tt.notSent]
				assert.Equal(t, want, conversation.OutcomeOf(sendCall.do(t.Context(), client)))
			})
		})
	}
}

func TestADeleteThatNetHTTPRetriedAndThatFindsNothingSucceeds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		do   func(ctx context.Context, c *conversation.Client, opts ...conversation.RequestOption) error
		step step
		done bool
	}{
		{"a delete", deleteCall.do, step{status: 404, replayed: true}, true},
		{"a delete that was sent once", deleteCall.do, step{status: 404}, false},
		{"a delete that was refused", deleteCall.do, step{status: 403, replayed: true}, false},
		{"a read", getCall.do, step{status: 404, replayed: true}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client, _ := scripted(t, []step{tt.step})
			if err := tt.do(t.Context(), client); tt.done {
				require.NoError(t, err)
			} else {
				require.Error(t, err)
			}
		})
	}
}
