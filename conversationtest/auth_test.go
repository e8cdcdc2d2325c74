package conversationtest_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

const grant = "grant_type=client_credentials"

func (w wire) tokenRequest(keyID, secret, form string) *http.Request {
	w.t.Helper()
	r := w.request(http.MethodPost, w.srv.TokenURL(), form)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(keyID, secret)
	return r
}

func (w wire) token() string {
	w.t.Helper()
	var granted struct {
		AccessToken string `json:"access_token"`
	}
	w.do(w.tokenRequest(w.srv.KeyID(), w.srv.KeySecret(), grant)).decode(&granted)
	return granted.AccessToken
}

// listAs lists messages with the given Authorization header, if any.
func (w wire) listAs(authorization string) answer {
	w.t.Helper()
	r := w.request(http.MethodGet, w.srv.BaseURL()+"/v1/projects/"+w.srv.ProjectID()+"/messages", "")
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	return w.do(r)
}

func TestTheTokenEndpointGrantsATokenForTheAccessKey(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{TokenLifetime: 90 * time.Second})

	granted := w.do(w.tokenRequest(w.srv.KeyID(), w.srv.KeySecret(), grant))

	var body map[string]any
	granted.decode(&body)
	assert.NotEmpty(t, body["access_token"])
	assert.InDelta(t, 90, body["expires_in"], 0)
	assert.Empty(t, body["scope"])
	assert.Equal(t, "bearer", body["token_type"])
	assert.NotEmpty(t, granted.header.Get("X-Request-Id"))
	assert.Equal(t, http.StatusOK, w.listAs("Bearer "+w.token()).status)
	first, second := w.token(), w.token()
	assert.NotEqual(t, first, second)
}

func TestTheTokenEndpointRejectsWhatTheStandardRejects(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{KeyID: "key", KeySecret: "secret"})
	for name, tc := range map[string]struct {
		change func(r *http.Request)
		form   string
		status int
		code   string
	}{
		"wrong secret":      {func(r *http.Request) { r.SetBasicAuth("key", "wrong") }, grant, 401, "invalid_client"},
		"wrong key id":      {func(r *http.Request) { r.SetBasicAuth("other", "secret") }, grant, 401, "invalid_client"},
		"no credentials":    {func(r *http.Request) { r.Header.Del("Authorization") }, grant, 401, "invalid_client"},
		"wrong grant":       {func(*http.Request) {}, "grant_type=password", 400, "unsupported_grant_type"},
		"no grant":          {func(*http.Request) {}, "", 400, "unsupported_grant_type"},
		"not a form":        {func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }, "{}", 400, "invalid_request"},
		"not a POST":        {func(r *http.Request) { r.Method = http.MethodGet }, grant, 405, "invalid_request"},
		"form not readable": {func(*http.Request) {}, "grant_type=%zz", 400, "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := wire{t: t, srv: w.srv}
			r := w.tokenRequest("key", "secret", tc.form)
			tc.change(r)

			rejected := w.do(r)

			assert.Equal(t, tc.status, rejected.status)
			assert.Contains(t, rejected.body, `"error":"`+tc.code+`"`)
			assert.Equal(t, tc.status == 401, rejected.header.Get("WWW-Authenticate") != "")
		})
	}
}

func TestTheTokenEndpointReadsTheKeyAsItIs(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{KeyID: "key", KeySecret: "a+b/c~d=e"})

	assert.Equal(t, http.StatusOK, w.do(w.tokenRequest("key", "a+b/c~d=e", grant)).status)
	assert.Equal(t, http.StatusUnauthorized, w.do(w.tokenRequest("key", "a%2Bb%2Fc~d%3De", grant)).status)

	_, err := w.srv.NewClient(t).Messages.Send(t.Context(), hello(w.srv.AppID()))
	require.NoError(t, err)
}

func TestAnExpiredTokenIsRejectedWithTheWordExpired(t *testing.T) {
	t.Parallel()
	var passed atomic.Int64
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	w := newWire(t, conversationtest.Config{
		TokenLifetime: time.Minute,
		Clock:         func() time.Time { return start.Add(time.Duration(passed.Load())) },
	})
	bearer := "Bearer " + w.token()

	passed.Store(int64(time.Minute - 1))
	assert.Equal(t, http.StatusOK, w.listAs(bearer).status)

	passed.Store(int64(time.Minute))
	rejected := w.listAs(bearer)
	rejected.fails(http.StatusUnauthorized, "UNAUTHENTICATED", "expired")
	assert.Equal(t, `Bearer error="invalid_token", error_description="Jwt expired at 2026-03-01T12:01:00Z"`,
		rejected.header.Get("WWW-Authenticate"))
	assert.Equal(t, http.StatusOK, w.listAs("Bearer "+w.token()).status)
}

func TestCallsWithoutTheRightCredentialsAreUnauthenticated(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	wrongKey := w.request(http.MethodGet, w.srv.BaseURL(), "")
	wrongKey.SetBasicAuth(w.srv.KeyID(), "wrong")
	for name, authorization := range map[string]string{
		"none":          "",
		"unknown token": "Bearer made-up",
		"no token":      "Bearer ",
		"other scheme":  "Digest abc",
		"wrong key":     wrongKey.Header.Get("Authorization"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			rejected := wire{t: t, srv: w.srv}.listAs(authorization)

			rejected.fails(http.StatusUnauthorized, "UNAUTHENTICATED", "")
			challenge := rejected.header.Get("WWW-Authenticate")
			assert.NotEmpty(t, challenge)
			assert.NotContains(t, strings.ToLower(challenge), "expired")
		})
	}
}

func TestCredentialsAreCheckedBeforeAnythingElse(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})

	rejected := w.do(w.request(http.MethodGet, w.srv.BaseURL()+"/v1/projects/unknown/nothing", ""))

	require.Equal(t, http.StatusUnauthorized, rejected.status)
}
