package conversation_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

var authBugs = []bug{
	{"node_1.2.1_refreshed_token_but_request_not_resent", refreshedTokenIsUsed},
	{"node_1.4.0_concurrent_calls_each_refresh_the_token", func(t *testing.T) {
		t.Helper()
		refreshesOnce(t, expiredToken)
	}},
	{"python_2.1.0_concurrent_401s_each_refresh_the_token", func(t *testing.T) {
		t.Helper()
		refreshesOnce(t, revokedToken)
	}},
	{"node_1.4.1_token_endpoint_out_of_tokens_is_stormed", tokenEndpointIsNotStormed},
	{"java_273_401_without_its_usual_header_crashes", func(t *testing.T) {
		t.Helper()
		renewsAfter401(t, http.Header{})
	}},
	{"dotnet_1.1.1_expired_is_searched_in_one_header_only", func(t *testing.T) {
		t.Helper()
		renewsAfter401(t, http.Header{"Www-Authenticate": {`Basic realm="x"`, `Bearer error="invalid_token"`}, "X-Reason": {"expired"}})
	}},
	{"dotnet_214_body_is_disposed_when_repeated_after_a_401", bodyIsRepeatedAfter401},
	{"java_2.1_empty_entity_of_a_reply_crashes", emptyEntityIsAnError},
	{"java_2.1_reply_is_not_closed", everyReplyIsClosed},
}

// apiWithToken is an API that accepts the newest token only, and a token endpoint that numbers them.
type apiWithToken struct {
	platform

	revoked sync.Map // Authorization headers that are rejected
	bodies  sync.Map // what was sent, by Authorization header
	refusal http.Header
}

func (a *apiWithToken) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Path == "/oauth2/token" {
		return a.platform.RoundTrip(req)
	}
	a.calls.Add(1)
	sent := ""
	if req.Body != nil {
		data, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		sent = string(data)
	}
	authorization := req.Header.Get("Authorization")
	a.bodies.Store(authorization, sent)
	if _, revoked := a.revoked.Load(authorization); revoked {
		return response(req, 401, a.refusal, strings.NewReader("")), nil
	}
	return response(req, 200, nil, strings.NewReader(`{"id":"m","message_id":"m"}`)), nil
}

// newAPIWithToken returns the API and a client that has already used its first token.
func newAPIWithToken(t *testing.T) (*apiWithToken, *conversation.Client) {
	t.Helper()
	api := &apiWithToken{platform: platform{token: hourly}}
	client, err := conversation.NewClient("project", conversation.WithOAuth2("key-id", "key-secret"),
		conversation.WithRegion(conversation.RegionUS), conversation.WithHTTPClient(&http.Client{Transport: api}))
	require.NoError(t, err)
	require.NoError(t, get(t.Context(), client))
	return api, client
}

func refreshedTokenIsUsed(t *testing.T) {
	t.Helper()
	api, client := newAPIWithToken(t)
	api.revoked.Store("Bearer token-1", true)
	require.NoError(t, get(t.Context(), client))
	assert.EqualValues(t, 2, api.tokens.Load())
	assert.EqualValues(t, 3, api.calls.Load(), "the call was sent again")
	_, resent := api.bodies.Load("Bearer token-2")
	assert.True(t, resent, "with the new token")
}

func expiredToken(_ *apiWithToken) { time.Sleep(time.Hour) } // in a bubble

func revokedToken(api *apiWithToken) { api.revoked.Store("Bearer token-1", true) }

func refreshesOnce(t *testing.T, spoil func(*apiWithToken)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		api, client := newAPIWithToken(t)
		api.takes = time.Second
		spoil(api)
		var group sync.WaitGroup
		var failures atomic.Int64
		for range 200 {
			group.Go(func() {
				if get(t.Context(), client) != nil {
					failures.Add(1)
				}
			})
		}
		group.Wait()
		assert.Zero(t, failures.Load())
		assert.EqualValues(t, 2, api.tokens.Load(), "one for the start, one for all of them")
	})
}

func tokenEndpointIsNotStormed(t *testing.T) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var at []time.Time // the endpoint sends 429, and no Retry-After
		p := &platform{token: func(n int, _ *http.Request) (int, string) {
			at = append(at, time.Now())
			if n < 5 {
				return 429, `{}`
			}
			return grant(n, 3600)
		}}
		client := p.client(t)
		var group sync.WaitGroup
		for range 500 {
			group.Go(func() { assert.NoError(t, get(t.Context(), client)) })
		}
		group.Wait()
		assert.Len(t, at, 5, "all calls wait for the same request")
		assert.Positive(t, at[len(at)-1].Sub(at[0]), "which is retried after waits")
	})
}

func renewsAfter401(t *testing.T, refusal http.Header) {
	t.Helper()
	api, client := newAPIWithToken(t)
	api.refusal = refusal
	api.revoked.Store("Bearer token-1", true)
	require.NoError(t, get(t.Context(), client))
	assert.EqualValues(t, 2, api.tokens.Load())
}

func bodyIsRepeatedAfter401(t *testing.T) {
	t.Helper()
	api, client := newAPIWithToken(t)
	api.revoked.Store("Bearer token-1", true)
	_, err := client.Messages.Send(t.Context(), textMessage())
	require.NoError(t, err)
	first, _ := api.bodies.Load("Bearer token-1")
	second, _ := api.bodies.Load("Bearer token-2")
	assert.NotEmpty(t, first)
	assert.Equal(t, first, second)
}

func emptyEntityIsAnError(t *testing.T) {
	t.Helper()
	for _, empty := range []http.HandlerFunc{
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
		func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "0") },
		answerWith(401, ""), answerWith(500, ""),
	} {
		client, _ := newTestClient(t, empty)
		for name, call := range everyCall() {
			var response conversation.Response
			err := call(t.Context(), client, conversation.WithResponse(&response))
			if err != nil {
				assert.ErrorAs(t, err, new(*conversation.Error), name)
			}
			assert.NotZero(t, response.StatusCode, name)
		}
	}
}

// closeWatch is a body that knows whether it was closed.
type closeWatch struct {
	io.Reader

	open *atomic.Int64
}

func (b closeWatch) Close() error {
	b.open.Add(-1)
	return nil
}

func everyReplyIsClosed(t *testing.T) {
	t.Helper()
	var open atomic.Int64
	answers := []struct {
		status int
		body   io.Reader
	}{
		{200, strings.NewReader(`{}`)},
		{200, strings.NewReader(`<html>`)},
		{200, io.MultiReader(strings.NewReader(`{`), failing{errReset})},
		{302, strings.NewReader(``)},
		{401, strings.NewReader(`{`)},
		{404, strings.NewReader(`{"error":{}}`)},
		{503, io.LimitReader(endless{}, 2<<20)},
	}
	for name, call := range everyCall() {
		for _, answer := range answers {
			client, err := conversation.NewClient("project", workingBasic(conversation.WithHTTPClient(&http.Client{
				Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
					open.Add(1)
					resp := response(req, answer.status, nil, nil)
					resp.Body = closeWatch{answer.body, &open}
					return resp, nil
				}),
			}))...)
			require.NoError(t, err)
			_ = call(t.Context(), client)
			assert.Zero(t, open.Load(), "%s, %d", name, answer.status)
		}
	}
}
