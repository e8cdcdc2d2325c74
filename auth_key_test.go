package conversation_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// keyServer is a token endpoint that accepts one spelling of a key, or both.
type keyServer struct {
	id, secret   string
	raw, escaped bool // the spellings that it accepts

	mu   sync.Mutex
	seen []string // "raw" or "escaped", by request
}

func (s *keyServer) token(n int, req *http.Request) (int, string) {
	id, secret, _ := req.BasicAuth()
	s.mu.Lock()
	defer s.mu.Unlock()
	isRaw := id == s.id && secret == s.secret
	isEscaped := id == url.QueryEscape(s.id) && secret == url.QueryEscape(s.secret)
	spelling := "raw"
	if !isRaw {
		spelling = "escaped"
	}
	s.seen = append(s.seen, spelling)
	if isRaw && s.raw || isEscaped && s.escaped {
		return grant(n, 60)
	}
	return 401, `{"error":"invalid_client","error_description":"` + id + " " + secret + " " + req.Header.Get("Authorization") + `"}`
}

// client returns a client with a key on the server.
func (s *keyServer) client(t *testing.T, id, secret string) *conversation.Client {
	t.Helper()
	client, err := conversation.NewClient("PROJECT", conversation.WithOAuth2(id, secret), conversation.WithRegion(conversation.RegionEU),
		conversation.WithHTTPClient(&http.Client{Transport: &platform{token: s.token}}))
	require.NoError(t, err)
	return client
}

func TestAKeyIsSentAsItIsAndThenEscaped(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"a+b/c=d!", "100%", "a%2Bb", "pässwörd", "a&b=c", "q?#[]@:"} {
		for name, tt := range map[string]struct {
			raw, escaped bool
			want         []string // for the first token and a renewed one
		}{
			"a server that reads keys as they are": {true, false, []string{"raw", "raw"}},
			"a server that unescapes keys":         {false, true, []string{"raw", "escaped", "escaped"}},
			"a server that accepts both":           {true, true, []string{"raw", "raw"}},
		} {
			t.Run(name+" "+secret, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					server := &keyServer{id: "key-id", secret: secret, raw: tt.raw, escaped: tt.escaped}
					client := server.client(t, "key-id", secret)
					for range 2 {
						require.NoError(t, get(t.Context(), client))
						time.Sleep(time.Minute)
					}
					assert.Equal(t, tt.want, server.seen)
				})
			})
		}
	}
}

func TestAKeyWithOneSpellingIsSentOnce(t *testing.T) {
	t.Parallel()
	server := &keyServer{id: "key-id", secret: "a-plain_secret.1~", raw: false}
	err := get(t.Context(), server.client(t, "key-id", "a-plain_secret.1~"))
	failed, ok := errors.AsType[*conversation.AuthError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, 1, failed.Attempts)
	assert.Len(t, server.seen, 1)
}

func TestAKeyIDWithAColonIsSentEscapedOnly(t *testing.T) {
	t.Parallel()
	server := &keyServer{id: "key:id", secret: "a+b", escaped: true}
	require.NoError(t, get(t.Context(), server.client(t, "key:id", "a+b")))
	assert.Equal(t, []string{"escaped"}, server.seen)
}

func TestAKeyThatIsRefusedInBothSpellingsIsNotShown(t *testing.T) {
	t.Parallel()
	const secret = "hush+hush/hush"
	server := &keyServer{id: "other", secret: "other"}
	err := get(t.Context(), server.client(t, "key-id", secret))
	failed, ok := errors.AsType[*conversation.AuthError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, 2, failed.Attempts)
	assert.Len(t, server.seen, 2)
	assertQuiet(t, err, secret, url.QueryEscape(secret))
}

func TestAnEchoOfAKeyIsHiddenInBothSpellings(t *testing.T) {
	t.Parallel()
	const secret = "hush+hush/hush"
	for _, echo := range []string{
		secret, url.QueryEscape(secret), base64.StdEncoding.EncodeToString([]byte("key-id:" + secret)),
		base64.StdEncoding.EncodeToString([]byte("key-id:" + url.QueryEscape(secret))),
	} {
		broken := &failingTransport{errors.New("dial: " + echo)}
		client, err := conversation.NewClient("PROJECT", conversation.WithOAuth2("key-id", secret), conversation.WithRegion(conversation.RegionEU),
			conversation.WithHTTPClient(&http.Client{Transport: broken}), conversation.WithRetry(conversation.NoRetry))
		require.NoError(t, err)
		err = get(t.Context(), client)
		require.ErrorAs(t, err, new(*conversation.AuthError))
		assert.NotContains(t, err.Error(), echo)
		assert.Contains(t, err.Error(), "[redacted]")
	}
}

type failingTransport struct{ err error }

func (f *failingTransport) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }
