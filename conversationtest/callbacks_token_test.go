package conversationtest_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

const tokenURL = "https://shop.example/token"

// tokens is a token endpoint that numbers its tokens.
type tokens struct {
	mu       sync.Mutex
	lifetime int
	status   int
	requests []http.Header
	forms    []url.Values
}

func (e *tokens) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.requests, e.forms = append(e.requests, r.Header), append(e.forms, r.PostForm)
	if e.status != 0 {
		w.WriteHeader(e.status)
		return
	}
	_, _ = fmt.Fprintf(w, `{"access_token": "token-%d", "expires_in": %d}`, len(e.requests), e.lifetime)
}

// works ends the failures of the endpoint.
func (e *tokens) works() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.status, e.lifetime = 0, 60
}

// withTokens starts a server in memory whose app has a webhook with client credentials.
func withTokens(t *testing.T, endpoint *tokens, credentials conversation.ClientCredentials) (*conversationtest.Server, *listener) {
	t.Helper()
	srv := inMemory(t, conversationtest.Config{})
	h := newListener()
	srv.Handle(hookURL, h)
	srv.Handle(tokenURL, endpoint)
	credentials.ClientID, credentials.ClientSecret, credentials.Endpoint = "id", "hush", tokenURL
	_, err := srv.NewClient(t).Webhooks.Create(t.Context(), srv.AppID(), &conversation.CreateWebhookRequest{
		Target: hookURL, Secret: "secret", Triggers: allTriggers, ClientCredentials: &credentials,
	})
	require.NoError(t, err)
	return srv, h
}

func TestAWebhookWithClientCredentialsGetsATokenUntilItExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		endpoint := &tokens{lifetime: 60}
		srv, h := withTokens(t, endpoint, conversation.ClientCredentials{Scope: "callbacks", ResponseType: "token"})
		for range 2 {
			say(srv, "hi")
			time.Sleep(31 * time.Second) // In the time of the bubble.
			say(srv, "hi")
			time.Sleep(31 * time.Second)
		}
		require.NoError(t, srv.WaitForCallbacks(t.Context()))

		var sent []string
		for _, one := range h.all() {
			sent = append(sent, one.header.Get("Authorization"))
			assert.NotEmpty(t, one.header.Get("X-Sinch-Webhook-Signature"))
		}
		assert.Equal(t, []string{"Bearer token-1", "Bearer token-1", "Bearer token-2", "Bearer token-2"}, sent)
		assert.Equal(t, "Basic "+base64.StdEncoding.EncodeToString([]byte("id:hush")), endpoint.requests[0].Get("Authorization"))
		assert.Equal(t, url.Values{"grant_type": {"client_credentials"}, "scope": {"callbacks"}, "response_type": {"token"}}, endpoint.forms[0])
		assert.Empty(t, srv.Callbacks()[0].Header.Get("Authorization"), "the token is not shown")
	})
}

func TestClientCredentialsAreSentInTheFormOnlyIfThatIsAskedFor(t *testing.T) {
	t.Parallel()
	for kind, inForm := range map[conversation.TokenRequestType]bool{
		"": false, "NEWER": false, conversation.TokenRequestBasic: false, conversation.TokenRequestForm: true,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				endpoint := &tokens{lifetime: 3600}
				srv, _ := withTokens(t, endpoint, conversation.ClientCredentials{TokenRequestType: kind})
				say(srv, "hi")
				require.NoError(t, srv.WaitForCallbacks(t.Context()))

				assert.Equal(t, inForm, endpoint.requests[0].Get("Authorization") == "")
				assert.Equal(t, inForm, endpoint.forms[0].Get("client_secret") == "hush")
			})
		})
	}
}

func TestACallbackWithoutATokenIsRetried(t *testing.T) {
	t.Parallel()
	for failure, endpoint := range map[string]*tokens{
		"it was answered with 503":                          {status: 503},
		"expires_in is 29: it must be 30 to 3600 seconds":   {lifetime: 29},
		"expires_in is 3601: it must be 30 to 3600 seconds": {lifetime: 3601},
	} {
		t.Run(failure, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv, h := withTokens(t, endpoint, conversation.ClientCredentials{})
				say(srv, "hi")
				time.Sleep(time.Second)
				assert.Equal(t, "no token from client_credentials.endpoint: "+failure, srv.Callbacks()[0].Failure)
				assert.Empty(t, h.all())

				endpoint.works()
				require.NoError(t, srv.WaitForCallbacks(t.Context()))
				assert.True(t, srv.Callbacks()[0].Delivered)
				assert.Len(t, h.all(), 1)
			})
		})
	}
}

func TestATokenThatIsRejectedIsFetchedAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		endpoint := &tokens{lifetime: 3600}
		srv, h := withTokens(t, endpoint, conversation.ClientCredentials{})
		h.answer = func(number int) int { return map[bool]int{true: 401, false: 200}[number == 1] }
		say(srv, "hi")
		require.NoError(t, srv.WaitForCallbacks(t.Context()))

		require.Len(t, h.all(), 2)
		assert.Equal(t, "Bearer token-2", h.all()[1].header.Get("Authorization"))
	})
}

func TestTheEndpointOfClientCredentialsMustBeAbsolute(t *testing.T) {
	t.Parallel()
	srv := inMemory(t, conversationtest.Config{})
	_, err := srv.NewClient(t).Webhooks.Create(t.Context(), srv.AppID(), &conversation.CreateWebhookRequest{
		Target: hookURL, Triggers: allTriggers,
		ClientCredentials: &conversation.ClientCredentials{ClientID: "id", ClientSecret: "hush", Endpoint: "token"},
	})
	require.ErrorContains(t, err, "client_credentials.endpoint")
}
