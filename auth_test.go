package conversation_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

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

func TestATokenIsAskedForByClientCredentialsInTheHeader(t *testing.T) {
	t.Parallel()
	var form url.Values
	var id, secret, address string
	p := &platform{token: func(n int, req *http.Request) (int, string) {
		address = req.Method + " " + req.URL.String()
		id, secret, _ = req.BasicAuth()
		body, _ := io.ReadAll(req.Body)
		form, _ = url.ParseQuery(string(body))
		return grant(n, 3600)
	}}
	var sent string
	p.api = func(req *http.Request) int { sent = req.Header.Get("Authorization"); return 200 }
	require.NoError(t, get(t.Context(), p.client(t)))
	assert.Equal(t, "POST https://auth.sinch.com/oauth2/token", address)
	assert.Equal(t, url.Values{"grant_type": {"client_credentials"}}, form)
	assert.Equal(t, []string{"key-id", "key-secret"}, []string{id, secret})
	assert.Equal(t, "Bearer token-1", sent)
}

func TestBasicAuthSendsTheKeyItself(t *testing.T) {
	t.Parallel()
	client, wire := scripted(t, []step{{status: 200, body: getCall.ok}})
	require.NoError(t, get(t.Context(), client))
	assert.Equal(t, "Basic a2V5LWlkOmtleS1zZWNyZXQ=", wire.requests()[0].header.Get("Authorization"))
}

func TestAThousandGoroutinesOnAColdClientCauseOneTokenCall(t *testing.T) {
	t.Parallel()
	var tokens atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/oauth2/token" {
			_, body := grant(int(tokens.Add(1)), 3600)
			_, _ = io.WriteString(w, body)
			return
		}
		assert.Equal(t, "Bearer token-1", r.Header.Get("Authorization"))
		_, _ = io.WriteString(w, `{"id":"m"}`)
	}))
	defer server.Close()
	client, err := conversation.NewClient("project", conversation.WithOAuth2("id", "secret"),
		conversation.WithBaseURL(server.URL), conversation.WithTokenURL(server.URL+"/oauth2/token"))
	require.NoError(t, err)
	defer client.CloseIdleConnections()

	var group sync.WaitGroup
	for range 1000 {
		group.Go(func() { assert.NoError(t, get(t.Context(), client)) })
	}
	group.Wait()
	assert.EqualValues(t, 1, tokens.Load())
}

func TestATokenIsRenewedEarlyAndOnceAnExpiry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: hourly, takes: time.Second}
		client := p.client(t)
		burst := func() {
			var group sync.WaitGroup
			for range 100 {
				group.Go(func() { assert.NoError(t, get(t.Context(), client)) })
			}
			group.Wait()
		}
		burst()
		assert.EqualValues(t, 1, p.tokens.Load())
		time.Sleep(54 * time.Minute)
		burst()
		assert.EqualValues(t, 1, p.tokens.Load(), "still good")

		time.Sleep(2 * time.Minute)
		started := time.Now()
		burst()
		assert.Zero(t, time.Since(started), "the old token is given out while the new one is fetched")
		time.Sleep(2 * time.Second)
		assert.EqualValues(t, 2, p.tokens.Load())

		time.Sleep(2 * time.Hour)
		started = time.Now()
		burst()
		assert.Equal(t, time.Second, time.Since(started), "an expired token is waited for")
		assert.EqualValues(t, 3, p.tokens.Load())
	})
}

func TestAnEarlyRenewalThatFailsHarmsNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: func(n int, _ *http.Request) (int, string) {
			if n == 1 {
				return grant(n, 3600)
			}
			return 400, `{}`
		}}
		client := p.client(t)
		require.NoError(t, get(t.Context(), client))
		time.Sleep(56 * time.Minute)
		for range 30 {
			require.NoError(t, get(t.Context(), client))
			time.Sleep(time.Second)
		}
		assert.LessOrEqual(t, p.tokens.Load(), int64(4), "a failed renewal is not tried again at once")
	})
}

func TestAWaiterLeavesWhenItsContextEndsAndHarmsNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: hourly, takes: 5 * time.Second}
		client := p.client(t)
		leader, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()

		var group sync.WaitGroup
		group.Go(func() {
			started := time.Now()
			err := get(leader, client)
			assert.Equal(t, time.Second, time.Since(started))
			assert.ErrorIs(t, err, context.DeadlineExceeded)
			_, isAuth := errors.AsType[*conversation.AuthError](err)
			assert.True(t, isAuth)
			assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
		})
		synctest.Wait()
		for range 10 {
			group.Go(func() { assert.NoError(t, get(t.Context(), client)) })
		}
		group.Wait()
		assert.EqualValues(t, 1, p.tokens.Load())
	})
}

func TestA401ToAKeptTokenRenewsItAndRepeatsOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		revoked := "Bearer token-1"
		p := &platform{token: hourly}
		p.api = func(req *http.Request) int {
			if req.Header.Get("Authorization") == revoked {
				return 401
			}
			return 200
		}
		client := p.client(t, conversation.WithRetry(conversation.NoRetry))
		revoked = ""
		require.NoError(t, get(t.Context(), client))
		revoked = "Bearer token-1"
		p.calls.Store(0)

		_, err := client.Messages.Send(t.Context(), textMessage())
		require.NoError(t, err, "a send too: the API turned it away unread")
		assert.EqualValues(t, 2, p.calls.Load())
		assert.EqualValues(t, 2, p.tokens.Load())
	})
}

func TestA401ToAFreshTokenIsFinal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: hourly, api: func(*http.Request) int { return 401 }}
		client := p.client(t)
		err := get(t.Context(), client)
		require.ErrorIs(t, err, conversation.ErrUnauthorized)
		assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
		assert.EqualValues(t, 1, p.tokens.Load())
		assert.EqualValues(t, 1, p.calls.Load())
	})
}

func TestAStormOf401sRenewsOnceInTenSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var refusing atomic.Bool
		p := &platform{token: hourly, takes: time.Second, apiTakes: time.Second}
		p.api = func(*http.Request) int {
			if refusing.Load() {
				return 401
			}
			return 200
		}
		client := p.client(t)
		require.NoError(t, get(t.Context(), client))
		refusing.Store(true)
		storm := func() {
			var group sync.WaitGroup
			for range 1000 {
				group.Go(func() { assert.ErrorIs(t, get(t.Context(), client), conversation.ErrUnauthorized) })
			}
			group.Wait()
		}
		storm()
		storm()
		assert.EqualValues(t, 2, p.tokens.Load())
		time.Sleep(10 * time.Second)
		storm()
		assert.EqualValues(t, 3, p.tokens.Load())
		refusing.Store(false)
		require.NoError(t, get(t.Context(), client))
	})
}

func TestAllCallsSurviveARevokedToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: hourly, takes: time.Second, apiTakes: time.Second}
		var revoked atomic.Bool
		p.api = func(req *http.Request) int {
			if revoked.Load() && req.Header.Get("Authorization") == "Bearer token-1" {
				return 401
			}
			return 200
		}
		client := p.client(t)
		require.NoError(t, get(t.Context(), client))
		revoked.Store(true)
		var group sync.WaitGroup
		for range 1000 {
			group.Go(func() { assert.NoError(t, get(t.Context(), client)) })
		}
		group.Wait()
		assert.EqualValues(t, 2, p.tokens.Load())
	})
}

func TestTheLimitOfTheTokenEndpointIsWaitedOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		p := &platform{token: func(n int, _ *http.Request) (int, string) {
			if time.Since(started) < 20*time.Second {
				return 429, ``
			}
			return grant(n, 3600)
		}}
		client := p.client(t)
		require.NoError(t, get(t.Context(), client))
		assert.Less(t, p.tokens.Load(), int64(60))
	})
}

func TestNoRetryHoldsForTokenCallsToo(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 503} {
		p := &platform{token: func(int, *http.Request) (int, string) { return status, `` }}
		err := get(t.Context(), p.client(t, conversation.WithRetry(conversation.NoRetry)))
		require.Error(t, err)
		assert.EqualValues(t, 1, p.tokens.Load())
	}
}

func TestATokenThatCannotBeRenewedLeavesAnUnknownCallUnknown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: func(n int, _ *http.Request) (int, string) {
			if n == 1 {
				return grant(n, 1)
			}
			return 400, `{}`
		}}
		p.apiTakes, p.api = 2*time.Second, func(*http.Request) int { return 503 }
		_, err := p.client(t).Messages.Send(t.Context(), textMessage(),
			conversation.WithRequestRetry(conversation.RetryPolicy{AcceptDuplicates: true}))
		_, isAuth := errors.AsType[*conversation.AuthError](err)
		require.True(t, isAuth, "%v", err)
		assert.Equal(t, conversation.OutcomeUnknown, conversation.OutcomeOf(err))
	})
}

func TestATokenCallFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	var elsewhere atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	server := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer server.Close()
	client, err := conversation.NewClient("project", conversation.WithOAuth2("id", "secret"),
		conversation.WithBaseURL(server.URL), conversation.WithTokenURL(server.URL+"/oauth2/token"))
	require.NoError(t, err)
	defer client.CloseIdleConnections()
	failed, ok := errors.AsType[*conversation.AuthError](get(t.Context(), client))
	require.True(t, ok)
	assert.Equal(t, http.StatusTemporaryRedirect, failed.StatusCode)
	assert.Zero(t, elsewhere.Load())
}

func TestATokenCallIsRepeatedAfterTemporaryFailuresOnly(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ status, want int }{{500, 3}, {503, 3}, {400, 1}, {401, 1}, {403, 1}, {307, 1}} {
		t.Run(strconv.Itoa(tt.status), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := &platform{token: func(int, *http.Request) (int, string) {
					return tt.status, `{"error":"invalid_client","error_description":"key-secret is wrong"}`
				}}
				err := get(t.Context(), p.client(t))
				failed, ok := errors.AsType[*conversation.AuthError](err)
				require.True(t, ok, "%v", err)
				assert.Equal(t, tt.status, failed.StatusCode)
				assert.Equal(t, "Messages.Get", failed.Operation)
				assert.Equal(t, tt.want, failed.Attempts)
				assert.EqualValues(t, tt.want, p.tokens.Load())
				assert.Zero(t, p.calls.Load())
				assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
				assertQuiet(t, err, "key-secret", "is wrong")
			})
		})
	}
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

func TestATokenReplyThatMakesNoSenseIsAnAuthError(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"HTML": "<html>key-secret</html>", "no token": `{"expires_in":3600}`, "empty": "",
		"a line break in the token": `{"access_token":"a\nb","token_type":"bearer"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := &platform{token: func(int, *http.Request) (int, string) { return 200, body }}
				err := get(t.Context(), p.client(t))
				_, ok := errors.AsType[*conversation.AuthError](err)
				require.True(t, ok, "%v", err)
				assertQuiet(t, err, "key-secret")
			})
		})
	}
}

func TestARefusedTokenSaysWhyInOneWordAndWhatToDo(t *testing.T) {
	t.Parallel()
	const longest = "abcdefghijklmnopqrstuvwxyz_abcdefghijklm"
	for _, tt := range []struct {
		status      int
		given, kept string
		hint        bool
	}{
		{401, "invalid_client", "invalid_client", true},
		{400, "invalid_scope", "invalid_scope", false},
		{400, longest, longest, false},
		{400, longest + "n", "", false},
		{400, "no word", "", false},
		{400, "Key-Secret", "", false},
		{400, "", "", false},
	} {
		t.Run(tt.given, func(t *testing.T) {
			t.Parallel()
			p := &platform{token: func(int, *http.Request) (int, string) {
				return tt.status, fmt.Sprintf(`{"error":%q,"error_description":"key-secret"}`, tt.given)
			}}
			err := get(t.Context(), p.client(t))
			failed, ok := errors.AsType[*conversation.AuthError](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, tt.status, failed.StatusCode)
			assert.Equal(t, tt.kept, failed.Code)
			assert.Equal(t, tt.hint, strings.Contains(err.Error(), "check the key id and secret"), "%v", err)
			assertQuiet(t, err, "key-secret")
		})
	}
}

func TestAHungTokenEndpointEndsInAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: hourly, takes: 24 * time.Hour}
		started := time.Now()
		err := get(t.Context(), p.client(t))
		_, ok := errors.AsType[*conversation.AuthError](err)
		require.True(t, ok)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.LessOrEqual(t, time.Since(started), time.Minute)
	})
}

func TestATokenReplyThatStallsIsATimeout(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"access_`)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	defer server.Close()
	client, err := conversation.NewClient("project", conversation.WithOAuth2("id", "secret"),
		conversation.WithBaseURL(server.URL), conversation.WithTokenURL(server.URL+"/oauth2/token"),
		conversation.WithTimeout(20*time.Millisecond), conversation.WithRetry(conversation.NoRetry))
	require.NoError(t, err)
	defer client.CloseIdleConnections()
	err = get(t.Context(), client)
	_, isAuth := errors.AsType[*conversation.AuthError](err)
	require.True(t, isAuth, "%v", err)
	assert.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestATokenIsKeptForAsLongAsTheEndpointSays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: func(n int, _ *http.Request) (int, string) { return grant(n, 60) }}
		client := p.client(t)
		for range 10 {
			require.NoError(t, get(t.Context(), client))
			time.Sleep(30 * time.Second)
		}
		assert.EqualValues(t, 5, p.tokens.Load())
	})
}

func TestAShortTokenIsGivenOutUntilASixtiethOfItsLifeIsLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: func(n int, _ *http.Request) (int, string) {
			if n == 1 {
				return grant(n, 60)
			}
			return 400, `{}`
		}}
		client := p.client(t)
		require.NoError(t, get(t.Context(), client))
		time.Sleep(58*time.Second + 500*time.Millisecond)
		require.NoError(t, get(t.Context(), client), "its renewal fails, and it is still good")
		time.Sleep(time.Second)
		_, ok := errors.AsType[*conversation.AuthError](get(t.Context(), client))
		assert.True(t, ok, "half a second before its end it is not risked")
	})
}

// lyingGrant is a token reply with an expires_in of any kind; without one if it is empty.
func lyingGrant(n int, expiresIn string) (int, string) {
	if expiresIn != "" {
		expiresIn = `,"expires_in":` + expiresIn
	}
	return 200, fmt.Sprintf(`{"access_token":"token-%d","token_type":"bearer"%s}`, n, expiresIn)
}

func TestALifetimeThatMakesNoSenseIsAnHour(t *testing.T) {
	t.Parallel()
	for _, expiresIn := range []string{
		"", "null", "0", "-1", "-3600", "0.5", `""`, `"soon"`, `"NaN"`, "1e300", "99999999999999999999", "true", "[3600]", "{}",
	} {
		t.Run(expiresIn, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := &platform{token: func(n int, _ *http.Request) (int, string) { return lyingGrant(n, expiresIn) }}
				client := p.client(t)
				for range 53 {
					require.NoError(t, get(t.Context(), client))
					time.Sleep(time.Minute)
				}
				assert.EqualValues(t, 1, p.tokens.Load())
				time.Sleep(7 * time.Minute)
				require.NoError(t, get(t.Context(), client))
				assert.EqualValues(t, 2, p.tokens.Load())
			})
		})
	}
}

func TestALifetimeIsReadHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	for _, expiresIn := range []string{"600", `"600"`, "600.9", "6e2", `"600.9"`} {
		t.Run(expiresIn, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := &platform{token: func(n int, _ *http.Request) (int, string) { return lyingGrant(n, expiresIn) }}
				client := p.client(t)
				for _, want := range []int64{1, 1, 2} {
					require.NoError(t, get(t.Context(), client))
					assert.Equal(t, want, p.tokens.Load())
					time.Sleep(299 * time.Second)
				}
			})
		})
	}
}

func TestATokenWithALifetimeBeyondAllNumbersIsKept(t *testing.T) {
	t.Parallel()
	for _, expiresIn := range []string{"2147483647", "9999999999", "999999999999999999"} {
		t.Run(expiresIn, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := &platform{token: func(n int, _ *http.Request) (int, string) { return lyingGrant(n, expiresIn) }}
				client := p.client(t)
				for range 10 {
					require.NoError(t, get(t.Context(), client))
					time.Sleep(365 * 24 * time.Hour)
				}
				assert.EqualValues(t, 1, p.tokens.Load())
			})
		})
	}
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

func TestA401IsRepeatedOnlyIfTheSourceGivesAnotherToken(t *testing.T) {
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
			_, _ = source.Token() // so that the first call finds what the second one of the source gives
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

type traceKey struct{}

func TestTheCallersContextReachesTheTransportOfTokenCalls(t *testing.T) {
	t.Parallel()
	var seen any
	p := &platform{token: func(n int, req *http.Request) (int, string) {
		seen = req.Context().Value(traceKey{})
		return grant(n, 3600)
	}}
	require.NoError(t, get(context.WithValue(t.Context(), traceKey{}, "span"), p.client(t)))
	assert.Equal(t, "span", seen)
}

func TestACallThatWasCancelledBeforeItBeganAsksForNoToken(t *testing.T) {
	t.Parallel()
	p := &platform{token: hourly}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := get(ctx, p.client(t))
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
	assert.Zero(t, p.tokens.Load())
}

func TestATokenReplyThatIsNoTokenIsNotAskedForAgain(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"<html>", `{}`, `{"access_token":"a\nb"}`} {
		synctest.Test(t, func(t *testing.T) {
			p := &platform{token: func(int, *http.Request) (int, string) { return 200, body }}
			require.Error(t, get(t.Context(), p.client(t)))
			assert.EqualValues(t, 1, p.tokens.Load(), body)
		})
	}
}
