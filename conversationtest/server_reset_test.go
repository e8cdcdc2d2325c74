package conversationtest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestAResetForgetsEverythingSinceTheStart(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	srv := w.srv
	before := srv.Projects()
	srv.AddWebhook(hookURL, "", conversation.TriggerMessageInbound)
	say(srv, "hi")
	sendText(t, srv, "hello")
	w.create("apps", `{"display_name": "Shop", "channel_credentials": [{"channel": "SMS", "static_bearer": {"claimed_identity": "shop", "token": "hush"}}]}`)
	srv.OptOut(sms())
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus})
	srv.DuplicateCallbacks(1)
	srv.Advance(24 * hour)
	bearer := "Bearer " + w.token()

	srv.Reset()

	w.listAs(bearer).fails(http.StatusUnauthorized, "UNAUTHENTICATED", "expired")
	require.Len(t, srv.Requests(), 1, "that was the first request")
	assert.Equal(t, http.StatusOK, w.listAs("Bearer "+w.token()).status)
	assert.Equal(t, before, srv.Projects())
	assert.Equal(t, []string{srv.AppID()}, w.idsOf("apps", "apps"))
	for list, query := range map[string]string{"contacts": "", "conversations": "?app_id=" + srv.AppID(), "messages": ""} {
		assert.Empty(t, w.idsOf(list+query, list))
	}
	assert.Empty(t, w.idsOf("apps/"+srv.AppID()+"/webhooks", "webhooks"))
	assert.Empty(t, w.get("apps/" + srv.AppID() + "/consents/OPT_OUT_ALL")["identities"])
	assert.Empty(t, srv.Sent())
	assert.Empty(t, srv.Callbacks())
	assert.Zero(t, srv.FaultHits())
	received := srv.Receive(sms(), conversationtest.InboundText("hi"))
	assert.WithinDuration(t, time.Now(), received.AcceptTime.Time, time.Minute, "the clock is not ahead")
}

func TestAHandlerStaysAfterAReset(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, cfg conversationtest.Config) {
		t.Helper()
		srv := start(t, cfg)
		h := newListener()
		srv.Handle(hookURL, h)
		for range 3 {
			srv.AddWebhook(hookURL, "secret", conversation.TriggerMessageInbound)
			say(srv, "hi")
			settle(t, srv)
			srv.Reset()
		}
		assert.Len(t, h.all(), 3)
	})
}

func TestNothingThatWaitsArrivesAfterAReset(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{
			Script: conversationtest.ScriptRead, ScriptDelay: time.Minute,
			Callbacks: conversationtest.CallbackConfig{Rate: 1},
		})
		h := hooked(srv, "secret", conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery)
		h.answer = func(int) int { return http.StatusInternalServerError }
		sendText(t, srv, "hello") // Its reports wait.
		say(srv, "1", "2", "3")   // The first waits for its retry, the others for their turn.
		synctest.Wait()
		require.Len(t, h.all(), 1)

		srv.Reset()
		srv.AddWebhook(hookURL, "secret", conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery)
		srv.Advance(24 * hour)
		time.Sleep(24 * hour)
		assert.Len(t, h.all(), 1)
		require.NoError(t, srv.WaitForCallbacks(t.Context()), "nothing is outstanding")
	})
}

func TestAResetCancelsTheAttemptsInProgressAndWaitsForTheirHandlers(t *testing.T) {
	t.Parallel()
	for name, parallel := range map[string]bool{"one at a time": false, "in parallel": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := inMemory(t, conversationtest.Config{Callbacks: conversationtest.CallbackConfig{Parallel: parallel}})
				var running, calls atomic.Int64
				srv.Handle(hookURL, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
					running.Add(1)
					defer running.Add(-1)
					calls.Add(1)
					<-r.Context().Done()
					time.Sleep(time.Second)
				}))
				srv.AddWebhook(hookURL, "", conversation.TriggerMessageInbound)
				say(srv, "1", "2", "3")
				waiting := make(chan error, 1)
				go func() { waiting <- srv.WaitForCallbacks(t.Context()) }()
				synctest.Wait()
				before := calls.Load()
				require.Equal(t, before, running.Load())
				require.Equal(t, parallel, before == 3)

				srv.Reset()
				assert.Zero(t, running.Load())
				require.ErrorContains(t, <-waiting, "the server was reset")
				srv.Advance(hour)
				settle(t, srv)
				assert.Equal(t, before, calls.Load())
			})
		})
	}
}

func TestARequestThatIsOpenDuringAResetChangesNothingAfterIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation, Script: conversationtest.ScriptRead})
		h := newListener()
		srv.Handle(hookURL, h)
		for name, fault := range map[string]conversationtest.Fault{
			"its answer is late": {Kind: conversationtest.FaultSlow, Delay: time.Minute},
			"its body is late":   {Kind: conversationtest.FaultStatus, Skip: 1},
		} {
			srv.Reset()
			srv.AddWebhook(hookURL, "", allTriggers...)
			srv.Fault(fault)
			w := wire{t: t, srv: srv}
			body := &lateBody{text: w.text("hi", "15551230000")}
			if fault.Delay == 0 {
				body.delay = time.Minute
			}
			r := w.request(http.MethodPost, srv.BaseURL()+"/v1/projects/"+srv.ProjectID()+"/messages:send", "")
			r.SetBasicAuth(srv.KeyID(), srv.KeySecret())
			r.Body, r.ContentLength, r.GetBody = io.NopCloser(body), int64(len(body.text)), nil
			status := make(chan int)
			go func() {
				resp, err := srv.Transport().RoundTrip(r)
				if assert.NoError(t, err) {
					assert.NoError(t, resp.Body.Close())
					status <- resp.StatusCode
				}
			}()
			time.Sleep(time.Second)
			srv.Reset()
			srv.AddWebhook(hookURL, "", allTriggers...)
			before := len(h.all())

			assert.Equal(t, http.StatusOK, <-status, name)
			time.Sleep(hour)
			assert.Empty(t, srv.Requests(), name)
			assert.Empty(t, srv.Sent(), name)
			assert.Empty(t, srv.Callbacks(), name)
			assert.Len(t, h.all(), before, name)
		}
	})
}

func TestATokenThatIsIssuedToARequestOfBeforeAResetHasExpired(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		w := wire{t: t, srv: srv}
		r := w.tokenRequest(srv.KeyID(), srv.KeySecret(), "")
		r.Body, r.ContentLength, r.GetBody = io.NopCloser(&lateBody{time.Minute, grant}), int64(len(grant)), nil
		time.AfterFunc(time.Second, srv.Reset)
		resp, err := srv.Transport().RoundTrip(r)
		require.NoError(t, err)
		defer func() { assert.NoError(t, resp.Body.Close()) }()
		var granted struct {
			AccessToken string `json:"access_token"`
		}
		require.NoError(t, json.NewDecoder(resp.Body).Decode(&granted))

		r = w.request(http.MethodGet, srv.BaseURL()+"/v1/projects/"+srv.ProjectID()+"/apps", "")
		r.Header.Set("Authorization", "Bearer "+granted.AccessToken)
		rejected, err := srv.Transport().RoundTrip(r)
		require.NoError(t, err)
		defer func() { assert.NoError(t, rejected.Body.Close()) }()
		assert.Equal(t, http.StatusUnauthorized, rejected.StatusCode)
		lists(t.Context(), t, srv.NewClient(t))
	})
}

// lateBody is a body whose bytes come after a delay.
type lateBody struct {
	delay time.Duration
	text  string
}

func (b *lateBody) Read(p []byte) (int, error) {
	time.Sleep(b.delay)
	n := copy(p, b.text)
	b.text = b.text[n:]
	if b.text == "" {
		return n, io.EOF
	}
	return n, nil
}

func TestResetsOfManyGoroutinesLeakNone(t *testing.T) { //nolint:paralleltest // It looks at all goroutines.
	before := goleak.IgnoreCurrent()
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
	}))
	srv := conversationtest.NewServer(conversationtest.Config{Script: conversationtest.ScriptRead, ScriptDelay: time.Minute})
	client, err := conversation.NewClient(srv.ProjectID(), srv.Options()...)
	require.NoError(t, err)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 10 {
				_, _ = client.Webhooks.Create(t.Context(), srv.AppID(), &conversation.CreateWebhookRequest{
					Target: target.URL, TargetType: conversation.TargetTypeHTTP, Triggers: allTriggers,
				})
				_, _ = client.Messages.Send(t.Context(), hello(srv.AppID())) // A reset may revoke its token.
				srv.Reset()
				srv.Advance(time.Second)
			}
		})
	}
	group.Wait()

	srv.Close()
	srv.Reset() // It does nothing any more.
	client.CloseIdleConnections()
	target.Close()
	goleak.VerifyNone(t, before)
}
