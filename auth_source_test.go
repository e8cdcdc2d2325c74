package conversation_test

import (
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/sinchgo/conversation"
)

func TestBasicAuthSendsTheKeyItself(t *testing.T) {
	t.Parallel()
	client, wire := scriptedWith(t, conversation.WithBasicAuth("key-id", "key-secret"), []step{{status: 200, body: getCall.ok}})
	require.NoError(t, get(t.Context(), client))
	assert.Equal(t, "Basic a2V5LWlkOmtleS1zZWNyZXQ=", wire.requests()[0].header.Get("Authorization"))
}

// countingSource is a caller's own token source.
type countingSource struct {
	asked atomic.Int64
	token func(n int64) (*oauth2.Token, error)
}

func (s *countingSource) Token() (*oauth2.Token, error) { return s.token(s.asked.Add(1)) }

func TestACallersTokenSourceIsAskedBeforeEachCall(t *testing.T) {
	t.Parallel()
	source := &countingSource{token: func(n int64) (*oauth2.Token, error) {
		return &oauth2.Token{AccessToken: fmt.Sprintf("own-%d", n)}, nil
	}}
	var seen []string
	p := &platform{api: func(req *http.Request) int { seen = append(seen, req.Header.Get("Authorization")); return 200 }}
	client, err := conversation.NewClient("project", conversation.WithTokenSource(source),
		conversation.WithRegion(conversation.RegionBR), conversation.WithHTTPClient(&http.Client{Transport: p}))
	require.NoError(t, err)
	require.NoError(t, get(t.Context(), client))
	require.NoError(t, get(t.Context(), client))
	assert.Equal(t, []string{"Bearer own-1", "Bearer own-2"}, seen)
}

func TestA401IsRetriedOnlyIfTheSourceReturnsAnotherToken(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		token func(n int64) string
		want  int64
	}{
		{"the same token", func(int64) string { return "fixed" }, 1},
		{"another token", func(n int64) string { return fmt.Sprint("own-", n/2) }, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			source := &countingSource{token: func(n int64) (*oauth2.Token, error) { return &oauth2.Token{AccessToken: tt.token(n)}, nil }}
			p := &platform{}
			client, err := conversation.NewClient("project", conversation.WithTokenSource(source),
				conversation.WithRegion(conversation.RegionBR), conversation.WithHTTPClient(&http.Client{Transport: p}))
			require.NoError(t, err)
			_, _ = source.Token() // so that the first call finds what the second one of the source returns
			_ = get(t.Context(), client)
			p.calls.Store(0)
			p.api = func(*http.Request) int { return 401 }
			require.ErrorIs(t, get(t.Context(), client), conversation.ErrUnauthorized)
			assert.Equal(t, tt.want, p.calls.Load())
		})
	}
}

func TestASourceThatFailsOrPanicsIsAnAuthError(t *testing.T) {
	t.Parallel()
	for name, token := range map[string]func(int64) (*oauth2.Token, error){
		"fails":   func(int64) (*oauth2.Token, error) { return nil, errors.New("vault is sealed") },
		"panics":  func(int64) (*oauth2.Token, error) { panic("key-secret") },
		"nothing": func(int64) (*oauth2.Token, error) { return nil, nil },
		"prints the reply": func(int64) (*oauth2.Token, error) {
			return nil, &oauth2.RetrieveError{Response: &http.Response{StatusCode: http.StatusUnauthorized}, Body: []byte("key-secret")}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := conversation.NewClient("project", conversation.WithTokenSource(&countingSource{token: token}),
				conversation.WithRegion(conversation.RegionBR), conversation.WithHTTPClient(&http.Client{Transport: &platform{}}))
			require.NoError(t, err)
			err = get(t.Context(), client)
			_, ok := errors.AsType[*conversation.AuthError](err)
			require.True(t, ok, "%v", err)
			assertQuiet(t, err, "key-secret")
		})
	}
}
