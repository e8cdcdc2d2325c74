package doctor_test

import (
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/doctor"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/webhook"
)

const (
	projectID     = "0a1b2c3d-1111-4222-8333-444455556666"
	keyID         = "9f8e7d6c-1111-4222-8333-444455556666"
	keySecret     = "hush-key-secret"
	webhookSecret = "hush-webhook-secret"
	otherSecret   = "hush-other-secret"
	appID         = "01EB37HMF1EXAMPLEAPP0000AB"
	phone         = "15551230000"
	target        = "https://shop.example/sinch"
)

// world is the platform with its three regions, an app in eu, and the receiver of a shop. Each test breaks it.
type world struct {
	t        *testing.T
	internet *internet
	regions  map[conversation.Region]*conversationtest.Server
	eu       *conversationtest.Server

	// of the client
	projectID string
	key       conversation.Option
	address   conversation.Option
	more      []conversation.Option

	opts doctor.Options
}

// newWorld returns a world in which all is well.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		t: t, internet: &internet{hosts: map[string]http.RoundTripper{}}, regions: map[conversation.Region]*conversationtest.Server{},
		projectID: projectID,
		key:       conversation.WithOAuth2(keyID, keySecret),
		address:   conversation.WithRegion(conversation.RegionEU),
	}
	w.opts = doctor.Options{
		AppID: appID, KeyID: keyID, KeySecret: keySecret, WebhookSecret: webhookSecret, CallbackURL: "https://shop.example/callback",
		HTTPClient: &http.Client{Transport: w.internet},
	}
	for _, region := range []conversation.Region{conversation.RegionUS, conversation.RegionEU, conversation.RegionBR} {
		srv := conversationtest.NewServer(conversationtest.Config{
			ProjectID: projectID, KeyID: keyID, KeySecret: keySecret, AppID: appID, InMemory: true,
		})
		t.Cleanup(srv.Close)
		w.regions[region] = srv
		w.internet.serve(string(region)+".conversation.api.sinch.com", regional{srv, region == conversation.RegionEU})
		if region != conversation.RegionEU {
			require.NoError(t, srv.NewClient(t).Apps.Delete(t.Context(), appID))
		}
	}
	w.eu = w.regions[conversation.RegionEU]
	w.internet.serve("auth.sinch.com", regional{w.eu, true})
	w.update(&conversation.UpdateAppRequest{
		ProcessingMode:     new(conversation.ProcessingModeConversation),
		ChannelCredentials: []conversation.ChannelCredential{bearer(conversation.ChannelSMS), bearer(conversation.ChannelRCS)},
	})
	w.eu.AddWebhook(target, webhookSecret, conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery)
	w.receiver(receiver(t, webhookSecret))
	return w
}

// receiver returns a receiver of callbacks.
func receiver(t *testing.T, secret string, opts ...webhook.ReceiverOption) http.Handler {
	t.Helper()
	silent := webhook.WithLogger(slog.New(slog.DiscardHandler))
	r, err := webhook.NewReceiver(append(opts, webhook.WithSecret(secret), silent)...)
	require.NoError(t, err)
	return r
}

func bearer(channel conversation.Channel) conversation.ChannelCredential {
	return conversation.ChannelCredential{Channel: channel, StaticBearer: &conversation.StaticBearer{ClaimedIdentity: "shop", Token: "made-up"}}
}

// receiver sets what answers at the host of the webhook and of the callback URL.
func (w *world) receiver(handler http.Handler) { w.internet.serve("shop.example", inProcess{handler}) }

// answer has the receiver answer everything with a status.
func (w *world) answer(status int) {
	w.receiver(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(status) }))
}

func (w *world) update(req *conversation.UpdateAppRequest) {
	w.t.Helper()
	_, err := w.eu.NewClient(w.t).Apps.Update(w.t.Context(), appID, req)
	require.NoError(w.t, err)
}

// webhook changes the webhook of the app.
func (w *world) webhook(req *conversation.UpdateWebhookRequest) {
	w.t.Helper()
	client := w.eu.NewClient(w.t)
	list, err := client.Webhooks.List(w.t.Context(), appID)
	require.NoError(w.t, err)
	_, err = client.Webhooks.Update(w.t.Context(), list.Webhooks[0].ID, req)
	require.NoError(w.t, err)
}

// noWebhooks deletes the webhook of the app.
func (w *world) noWebhooks() {
	w.t.Helper()
	client := w.eu.NewClient(w.t)
	list, err := client.Webhooks.List(w.t.Context(), appID)
	require.NoError(w.t, err)
	for _, hook := range list.Webhooks {
		require.NoError(w.t, client.Webhooks.Delete(w.t.Context(), hook.ID))
	}
}

// app adds an app to a region.
func (w *world) app(region conversation.Region, name string) string {
	w.t.Helper()
	app, err := w.regions[region].NewClient(w.t).Apps.Create(w.t.Context(), &conversation.CreateAppRequest{
		DisplayName: name, ChannelCredentials: []conversation.ChannelCredential{bearer(conversation.ChannelSMS)},
	})
	require.NoError(w.t, err)
	return app.ID
}

// run runs the doctor. It checks what holds for all findings, and that nothing was changed or sent.
func (w *world) run() []doctor.Finding {
	w.t.Helper()
	options := append([]conversation.Option{w.key, w.address, conversation.WithHTTPClient(&http.Client{Transport: w.internet})}, w.more...)
	client, err := conversation.NewClient(w.projectID, options...)
	require.NoError(w.t, err)
	before := map[*conversationtest.Server]int{}
	for _, srv := range w.regions {
		before[srv] = len(srv.Requests())
	}
	findings, err := doctor.Run(w.t.Context(), client, w.opts)
	require.NoError(w.t, err)
	for _, srv := range w.regions {
		assert.Empty(w.t, srv.Sent())
		for _, request := range srv.Requests()[before[srv]:] {
			assert.True(w.t, request.Method == http.MethodGet || request.Operation == "token", "%s %s", request.Method, request.Path)
		}
	}
	checkFindings(w.t, findings)
	return findings
}

// checkFindings checks what holds for all findings.
func checkFindings(t *testing.T, findings []doctor.Finding) {
	t.Helper()
	assert.NotEmpty(t, findings)
	for _, finding := range findings {
		for _, hidden := range []string{"hush", phone, "\n", "\x1b", "shop.example/sinch", "shop.example/callback"} {
			assert.NotContains(t, finding.String(), hidden)
		}
		assert.Equal(t, finding.Level == doctor.LevelOK, finding.Fix == "", finding)
		assert.NotEmpty(t, finding.Message, finding)
	}
}

// internet routes requests by their host.
type internet struct {
	mu    sync.Mutex
	hosts map[string]http.RoundTripper
}

func (n *internet) serve(host string, at http.RoundTripper) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.hosts[host] = at
}

// RoundTrip implements [http.RoundTripper].
func (n *internet) RoundTrip(req *http.Request) (*http.Response, error) {
	n.mu.Lock()
	at := n.hosts[req.URL.Hostname()]
	n.mu.Unlock()
	if at == nil {
		at = broken{&net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: req.URL.Hostname(), IsNotFound: true}}}
	}
	return at.RoundTrip(req)
}

// broken fails each request.
type broken struct{ err error }

// RoundTrip implements [http.RoundTripper].
func (b broken) RoundTrip(*http.Request) (*http.Response, error) { return nil, b.err }

// silent answers nothing until the client gives up.
type silent struct{}

// RoundTrip implements [http.RoundTripper].
func (silent) RoundTrip(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, req.Context().Err()
}

// inProcess answers with a handler.
type inProcess struct{ handler http.Handler }

// RoundTrip implements [http.RoundTripper].
func (p inProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	p.handler.ServeHTTP(recorder, req)
	return recorder.Result(), nil
}

// regional is the API in one region. Tokens are valid in all regions, but each fake knows only its own.
type regional struct {
	srv       *conversationtest.Server
	hasTokens bool
}

// RoundTrip implements [http.RoundTripper].
func (r regional) RoundTrip(req *http.Request) (*http.Response, error) {
	address, err := url.Parse(r.srv.BaseURL())
	if err != nil {
		return nil, err
	}
	routed := req.Clone(req.Context())
	routed.URL.Scheme, routed.URL.Host, routed.Host = address.Scheme, address.Host, ""
	if !r.hasTokens && strings.HasPrefix(req.Header.Get("Authorization"), "Bearer ") {
		routed.SetBasicAuth(r.srv.KeyID(), r.srv.KeySecret())
	}
	return r.srv.Transport().RoundTrip(routed)
}

// discarded is the log of a server whose clients are expected to fail.
func discarded() *log.Logger { return log.New(io.Discard, "", 0) }

// summary returns findings as lines.
func summary(findings []doctor.Finding) string {
	var lines []string
	for _, finding := range findings {
		lines = append(lines, finding.String())
	}
	return strings.Join(lines, "\n")
}
