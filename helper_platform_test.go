package conversation_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// platform is a transport that plays the token endpoint and the API. Both are functions that a test sets.
type platform struct {
	token func(n int, req *http.Request) (int, string) // the nth token request
	api   func(req *http.Request) int                  // status of an API request

	tokens, calls atomic.Int64
	takes         time.Duration // virtual time of a token request
	apiTakes      time.Duration // virtual time of an API request
}

func (p *platform) RoundTrip(req *http.Request) (*http.Response, error) {
	status, body := 200, `{"id":"m","message_id":"m"}`
	var takes time.Duration
	if req.URL.Path == "/oauth2/token" {
		status, body = p.token(int(p.tokens.Add(1)), req)
		takes = p.takes
	} else {
		p.calls.Add(1)
		takes = p.apiTakes
		if p.api != nil {
			status = p.api(req)
		}
	}
	select {
	case <-time.After(takes):
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), Request: req,
	}, nil
}

// grant is a token reply with the number of the token in it.
func grant(n, expiresIn int) (int, string) {
	return 200, fmt.Sprintf(`{"access_token":"token-%d","token_type":"bearer","expires_in":%d}`, n, expiresIn)
}

func hourly(n int, _ *http.Request) (int, string) { return grant(n, 3600) }

func (p *platform) client(t *testing.T, opts ...conversation.Option) *conversation.Client {
	t.Helper()
	client, err := conversation.NewClient("project", append([]conversation.Option{
		conversation.WithOAuth2("key-id", "key-secret"),
		conversation.WithRegion(conversation.RegionUS),
		conversation.WithHTTPClient(&http.Client{Transport: p}),
	}, opts...)...)
	require.NoError(t, err)
	return client
}

func get(ctx context.Context, client *conversation.Client) error {
	_, err := client.Messages.Get(ctx, "m")
	return err
}

// assertQuiet fails if any way of printing err shows one of the texts.
func assertQuiet(t *testing.T, err error, texts ...string) {
	t.Helper()
	encoded, jsonErr := json.Marshal(err)
	require.NoError(t, jsonErr)
	printed := []string{fmt.Sprintf("%v %+v %#v %s %q %d %x %s", err, err, err, err, err, err, err, encoded)}
	for chain := err; chain != nil; chain = errors.Unwrap(chain) {
		printed = append(printed, chain.Error())
	}
	for _, text := range texts {
		assert.NotContains(t, strings.Join(printed, "\n"), text)
	}
}

// lyingGrant is a token reply with an expires_in of any kind; without one if it is empty.
func lyingGrant(n int, expiresIn string) (int, string) {
	if expiresIn != "" {
		expiresIn = `,"expires_in":` + expiresIn
	}
	return 200, fmt.Sprintf(`{"access_token":"token-%d","token_type":"bearer"%s}`, n, expiresIn)
}
