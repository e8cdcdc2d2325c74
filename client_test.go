package conversation_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/sinchgo/conversation"
)

// unasked is a token source that fails the test when it is asked.
type unasked struct{ t *testing.T }

func (u unasked) Token() (*oauth2.Token, error) {
	u.t.Error("the token source was asked")
	return nil, http.ErrAbortHandler
}

func TestNewClientSendsNothing(t *testing.T) {
	t.Parallel()
	for name, credential := range map[string]conversation.Option{
		"OAuth2":       conversation.WithOAuth2("i", "s"),
		"basic":        conversation.WithBasicAuth("i", "s"),
		"token source": conversation.WithTokenSource(unasked{t}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := conversation.NewClient("PROJECT", credential,
				conversation.WithRegion(conversation.RegionEU), conversation.WithHTTPClient(refuseRequests(t)))
			assert.NoError(t, err)
		})
	}
}

func TestTheCallersHTTPClientIsCopied(t *testing.T) {
	t.Parallel()
	server := newWireServer(t, answerWith(200, anyReply))
	follow := func(*http.Request, []*http.Request) error { return nil }
	transport := server.Client().Transport
	own := &http.Client{Transport: transport, CheckRedirect: follow, Timeout: time.Minute}
	client, err := conversation.NewClient("PROJECT", conversation.WithBasicAuth("i", "s"), conversation.WithBaseURL(server.URL),
		conversation.WithHTTPClient(own), conversation.WithMiddleware(sameTransport), conversation.WithTimeout(time.Second))
	require.NoError(t, err)
	_, err = client.Messages.Get(t.Context(), "M")
	require.NoError(t, err)
	assert.Same(t, transport, own.Transport)
	assert.Equal(t, time.Minute, own.Timeout)
	assert.NoError(t, own.CheckRedirect(nil, nil))

	own.Transport = refuseRequests(t).Transport // too late to matter
	_, err = client.Messages.Get(t.Context(), "M")
	assert.NoError(t, err)
}

func TestEveryRequestNamesItsSenderAndWhatItAccepts(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(200, anyReply), conversation.WithUserAgent("shop/1.4 (test)"))
	_, err := client.Messages.Send(t.Context(), textMessage())
	require.NoError(t, err)
	_, err = client.Messages.Get(t.Context(), "M")
	require.NoError(t, err)
	require.NoError(t, client.Messages.Delete(t.Context(), "M"))
	require.NoError(t, client.Do(t.Context(), http.MethodPost, "/v1/nothing", nil, nil))

	sent := server.requests()
	require.Len(t, sent, 4)
	agent := fmt.Sprintf("sinchgo-conversation/%s (%s; %s/%s) shop/1.4 (test)", conversation.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, request := range sent {
		assert.Equal(t, []string{agent}, request.header["User-Agent"])
		assert.Equal(t, []string{"application/json"}, request.header["Accept"])
		assert.Equal(t, []string{"Bearer token"}, request.header["Authorization"])
		if request.body == "" {
			assert.NotContains(t, request.header, "Content-Type", "%s has no body", request.method)
		}
	}
	assert.Equal(t, []string{"application/json"}, sent[0].header["Content-Type"])
	assert.Regexp(t, `^sinchgo-conversation/\d+\.\d+\.\d+\S* \(go1\.\S+; \w+/\w+\) shop`, agent)
}

func TestTheUserAgentEndsWithThePlatformWithoutAProduct(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(200, anyReply))
	_, err := client.Messages.Get(t.Context(), "M")
	require.NoError(t, err)
	assert.True(t, strings.HasSuffix(server.only(t).header.Get("User-Agent"), runtime.GOARCH+")"))
}

func TestANilContextIsRejected(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(200, anyReply))
	var none context.Context
	_, err := client.Messages.Get(none, "M")
	requireRefused(t, err, "Messages.Get", "ctx")
	assert.Empty(t, server.requests())
}

// idleCounter is a transport that counts how often its idle connections are closed.
type idleCounter struct {
	http.RoundTripper

	closed int
}

func (c *idleCounter) CloseIdleConnections() { c.closed++ }

func TestCloseIdleConnectionsReachesTheCallersTransport(t *testing.T) {
	t.Parallel()
	transport := &idleCounter{}
	hide := func(next http.RoundTripper) http.RoundTripper { return roundTrip(next.RoundTrip) }
	client, err := conversation.NewClient("PROJECT", workingOptions(
		conversation.WithHTTPClient(&http.Client{Transport: transport}), conversation.WithMiddleware(hide))...)
	require.NoError(t, err)
	client.CloseIdleConnections()
	assert.Equal(t, 1, transport.closed)

	client, err = conversation.NewClient("PROJECT", workingOptions(conversation.WithHTTPClient(refuseRequests(t)))...)
	require.NoError(t, err)
	assert.NotPanics(t, client.CloseIdleConnections)
}

func TestAPrintedClientShowsNoSecret(t *testing.T) {
	t.Parallel()
	server := newWireServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" {
			answerWith(200, `{"access_token":"hush-token","expires_in":3600}`)(w, r)
			return
		}
		answerWith(200, anyReply)(w, r)
	})
	source := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "hush-token"})
	for name, opts := range map[string][]conversation.Option{
		"OAuth2": {conversation.WithOAuth2("hush-id", "hush-secret"), conversation.WithTokenURL(server.URL + "/token")},
		"basic":  {conversation.WithBasicAuth("hush-id", "hush-secret")},
		"source": {conversation.WithTokenSource(source)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := conversation.NewClient("PROJECT-15551234567", append(opts, conversation.WithBaseURL(server.URL), conversation.WithUserAgent("shop/1"))...)
			require.NoError(t, err)
			t.Cleanup(client.CloseIdleConnections)
			_, err = client.Messages.Get(t.Context(), "M") // so that a token is kept
			require.NoError(t, err)

			type holder struct{ client *conversation.Client }
			encoded, err := json.Marshal(map[string]any{"client": client, "messages": client.Messages})
			require.NoError(t, err)
			var printed strings.Builder
			printed.Write(encoded)
			for _, value := range []any{
				client, &client,
				holder{client},
				&holder{client}, client.Messages, *client.Messages,
				[]any{client},
				map[string]any{"c": client},
			} {
				printed.WriteString(everyPrint(t, value))
				for _, format := range []string{"%w", "%t", "%08.3f", "%+q", "%# x"} {
					fmt.Fprintf(&printed, format, value)
				}
			}
			hides(t, printed.String(), "hush", "aHVzaC1pZDpodXNoLXNlY3JldA==",
				fmt.Sprintf("%x", "hush-id"), fmt.Sprintf("%x", "hush-secret"), fmt.Sprintf("%x", "hush-token"),
				fmt.Sprintf("%X", "hush-id"), fmt.Sprintf("%X", "hush-secret"), fmt.Sprintf("%X", "hush-token"))
			host := strings.TrimPrefix(server.URL, "http://")
			assert.Equal(t, "conversation.Client{project: PROJECT-*******, host: "+host+", dialect: openapi}", client.String())
			hides(t, everyPrint(t, client), "15551234567")
		})
	}
}

func TestOneClientServesManyGoroutines(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"id":"`+r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]+`"}`)
	})
	var group sync.WaitGroup
	for i := range 50 {
		group.Go(func() {
			id := fmt.Sprint("m", i)
			message, err := client.Messages.Get(t.Context(), id)
			if assert.NoError(t, err) {
				assert.Equal(t, id, message.ID)
			}
			_ = fmt.Sprintf("%+v", client)
		})
	}
	group.Wait()
	assert.Len(t, server.requests(), 50)
}

func TestACopyOfAClientPrintsSafelyWhileTheClientIsUsed(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(200, `{"id":"M"}`))
	oauth, err := conversation.NewClient("PROJECT", conversation.WithOAuth2("hush-id", "hush-secret"), conversation.WithBaseURL(server.URL),
		conversation.WithHTTPClient(&http.Client{Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
			return answerTo(req, http.StatusOK, `{"id":"M","access_token":"hush-token","expires_in":1}`), nil
		})}))
	require.NoError(t, err)
	stop := make(chan struct{})
	var traffic sync.WaitGroup
	for _, used := range []*conversation.Client{client, oauth} {
		traffic.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					_, err := used.Messages.Get(t.Context(), "M")
					assert.NoError(t, err)
				}
			}
		})
	}
	for range 20 {
		for _, printed := range []*conversation.Client{client, oauth} {
			held := struct{ client conversation.Client }{*printed} // fmt calls no methods on it
			for _, value := range []any{*printed, []conversation.Client{*printed}, map[string]conversation.Client{"a": *printed}, held, &held, *printed.Messages} {
				hides(t, everyPrint(t, value), "hush", "key-secret", fmt.Sprintf("%x", "hush"), fmt.Sprintf("%X", "hush"))
			}
			want := printed.String()
			for _, format := range []string{"%s", "%v", "%+v", "%#v", "%d"} {
				assert.Equal(t, want, fmt.Sprintf(format, *printed), format)
			}
			copied := *printed
			assert.Equal(t, want, copied.GoString())
			assert.Equal(t, want, copied.LogValue().String())
		}
	}
	close(stop)
	traffic.Wait()
	assert.Equal(t, "conversation.Client{} <nil>", fmt.Sprint(conversation.Client{}, (*conversation.Client)(nil)))
}
