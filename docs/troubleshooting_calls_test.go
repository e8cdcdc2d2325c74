package docs_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// failedCalls returns the texts of the errors of calls that fail.
func failedCalls(t *testing.T) []string {
	t.Helper()
	return slices.Concat(rejectedSettings(t), rejectedArguments(t), rejectedKeys(t), refusedCalls(t), lostCalls(t), brokenConnections(t))
}

func rejectedSettings(t *testing.T) []string {
	t.Helper()
	key := conversation.WithOAuth2("KEY_ID", "KEY_SECRET")
	var texts []string
	for _, opts := range [][]conversation.Option{
		{key},
		{key, conversation.WithRegion("asia")},
		{conversation.WithOAuth2("KEY_ID", "KEY_SECRET\n"), conversation.WithRegion(conversation.RegionEU)},
		{key, conversation.WithBaseURL("http://fake:8787")},
	} {
		_, err := conversation.NewClient("PROJECT_ID", opts...)
		texts = append(texts, textOf(t, err))
	}
	_, err := conversation.NewClientFromEnv()
	return append(texts, textOf(t, err))
}

func rejectedArguments(t *testing.T) []string {
	t.Helper()
	fake := newFake(t)
	client := fake.NewClient(t)
	text := conversation.Text("Your table is ready.")
	sms := conversation.ToChannel(conversation.ChannelSMS, "15551230000")
	var texts []string
	for _, request := range []*conversation.SendMessageRequest{
		{Recipient: sms, Message: text},
		{AppID: fake.AppID(), Recipient: conversation.ToChannel(conversation.ChannelSMS, "+1 555 123 0000"), Message: text},
		{AppID: fake.AppID(), Recipient: sms, Message: conversation.Media("photos/table.jpg")},
		{AppID: fake.AppID(), Recipient: sms, Message: conversation.Template("TEMPLATE_ID", "", "en-US", nil)},
		{AppID: fake.AppID(), Message: text},
	} {
		_, err := client.Messages.Send(t.Context(), request)
		texts = append(texts, textOf(t, err))
	}
	_, err := client.Messages.List(t.Context(), &conversation.ListMessagesParams{ContactID: "CONTACT_ID"})
	texts = append(texts, textOf(t, err))
	proxied, err := conversation.NewClient("PROJECT_ID", conversation.WithOAuth2("KEY_ID", "KEY_SECRET"),
		conversation.WithBaseURL("https://proxy.example.com"))
	require.NoError(t, err)
	_, err = proxied.Batches.Get(t.Context(), "BATCH_ID")
	return append(texts, textOf(t, err))
}

func rejectedKeys(t *testing.T) []string {
	t.Helper()
	fake := newFake(t)
	client, err := conversation.NewClient(fake.ProjectID(), conversation.WithOAuth2(fake.KeyID(), "ANOTHER_SECRET"),
		conversation.WithBaseURL(fake.BaseURL()), conversation.WithTokenURL(fake.TokenURL()))
	require.NoError(t, err)
	_, first := client.Apps.List(t.Context())
	_, second := client.Apps.List(t.Context())
	texts := []string{textOf(t, first), textOf(t, second)}
	for _, fault := range []conversationtest.Fault{
		{Kind: conversationtest.FaultTokenEndpointDown},
		{Kind: conversationtest.FaultHTML, Operation: "token", Status: http.StatusOK},
		{Kind: conversationtest.FaultUnknownHost, Operation: "token"},
	} {
		fake := newFake(t)
		fake.Fault(fault)
		_, err := fake.NewClient(t, once).Apps.List(t.Context())
		texts = append(texts, textOf(t, err))
	}
	return texts
}

// refusedCalls returns the texts of answers of the API other than 2xx.
func refusedCalls(t *testing.T) []string {
	t.Helper()
	var texts []string
	for _, fault := range []conversationtest.Fault{
		saying(http.StatusForbidden, "PERMISSION_DENIED", "Not allowed"),
		saying(http.StatusForbidden, "PERMISSION_DENIED", "BILLING_CREDIT_LIMIT_BREACHED"),
		{Kind: conversationtest.FaultRateLimit, RetryAfter: "60"},
		{Kind: conversationtest.FaultHTML},
		{Kind: conversationtest.FaultHTML, Status: http.StatusOK},
		{Kind: conversationtest.FaultRedirect},
		saying(http.StatusServiceUnavailable, "UNAVAILABLE", "Try again later"),
	} {
		fake := newFake(t)
		fake.Fault(fault)
		_, err := fake.NewClient(t, once).Messages.Send(t.Context(), hello(fake))
		texts = append(texts, textOf(t, err))
	}
	fake := newFake(t)
	client, err := conversation.NewClient(fake.ProjectID(), conversation.WithRegion(conversation.RegionEU),
		conversation.WithOAuth2(fake.KeyID(), fake.KeySecret()), conversation.WithHTTPClient(&http.Client{Transport: toFake{fake}}), once)
	require.NoError(t, err)
	_, err = client.Apps.Get(t.Context(), "APP_OF_ANOTHER_REGION")
	texts = append(texts, textOf(t, err))
	other := newFake(t)
	other.Fault(saying(http.StatusUnauthorized, "UNAUTHENTICATED", "Invalid credentials"))
	_, err = other.NewClient(t, once).Apps.List(t.Context())
	return append(texts, textOf(t, err))
}

// lostCalls returns the texts of calls whose answer did not arrive as a whole.
func lostCalls(t *testing.T) []string {
	t.Helper()
	var texts []string
	for _, fault := range []conversationtest.FaultKind{
		conversationtest.FaultDropAfterAccept, conversationtest.FaultHang, conversationtest.FaultTruncatedBody, conversationtest.FaultEmptyBody,
	} {
		fake := newFake(t)
		fake.Fault(conversationtest.Fault{Kind: fault})
		client := fake.NewClient(t, once, conversation.WithTimeout(50*time.Millisecond))
		_, err := client.Messages.Send(t.Context(), hello(fake))
		texts = append(texts, textOf(t, err))
	}
	fake := newFake(t)
	_, err := fake.NewClient(t, conversation.WithMaxResponseBytes(10)).Apps.List(t.Context())
	texts = append(texts, textOf(t, err))

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	slow := newFake(t)
	slow.Fault(conversationtest.Fault{Kind: conversationtest.FaultHang})
	_, err = slow.NewClient(t).Messages.Send(ctx, hello(slow))
	texts = append(texts, textOf(t, err))

	paced := newFake(t).NewClient(t, conversation.WithRateLimit(0.1))
	_, err = paced.Apps.List(t.Context())
	require.NoError(t, err)
	soon, end := context.WithTimeout(t.Context(), time.Second)
	defer end()
	_, err = paced.Apps.List(soon)
	return append(texts, textOf(t, err))
}

// brokenConnections returns the texts of calls that did not reach the API.
func brokenConnections(t *testing.T) []string {
	t.Helper()
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = discarded()
	secure.StartTLS()
	t.Cleanup(secure.Close)
	closed := httptest.NewServer(nil)
	closed.Close()
	address := func(srv *httptest.Server) string { return srv.Listener.Addr().String() }
	refuse := func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "eu.conversation.api.sinch.com", IsNotFound: true}}
	}
	var texts []string
	for _, transport := range []*http.Transport{
		{DialContext: dial(address(plain))},
		{DialContext: dial(address(secure)), TLSClientConfig: &tls.Config{ServerName: "example.com"}},
		{DialContext: dial(address(closed))},
		{DialContext: refuse},
	} {
		t.Cleanup(transport.CloseIdleConnections)
		client, err := conversation.NewClient("PROJECT_ID", conversation.WithRegion(conversation.RegionEU),
			conversation.WithBasicAuth("KEY_ID", "KEY_SECRET"), conversation.WithHTTPClient(&http.Client{Transport: transport}), once)
		require.NoError(t, err)
		_, err = client.Apps.List(t.Context())
		texts = append(texts, textOf(t, err))
	}
	return texts
}

// saying returns a fault that answers every request.
func saying(code int, status, message string) conversationtest.Fault {
	return conversationtest.Fault{
		Kind: conversationtest.FaultStatus, Status: code,
		Body: fmt.Sprintf(`{"error":{"code":%d,"status":%q,"message":%q}}`, code, status, message),
	}
}

var once = conversation.WithRetry(conversation.NoRetry)

func newFake(t *testing.T) *conversationtest.Server {
	t.Helper()
	fake := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(fake.Close)
	return fake
}

func hello(fake *conversationtest.Server) *conversation.SendMessageRequest {
	return &conversation.SendMessageRequest{
		AppID: fake.AppID(), Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"), Message: conversation.Text("hello"),
	}
}

// toFake sends every request to the fake, whatever its host.
type toFake struct{ fake *conversationtest.Server }

func (f toFake) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, _ = strings.Cut(f.fake.BaseURL(), "://")
	return http.DefaultTransport.RoundTrip(r)
}

func dial(address string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	}
}

func discarded() *log.Logger { return log.New(io.Discard, "", 0) }

func textOf(t *testing.T, err error) string {
	t.Helper()
	require.Error(t, err)
	return err.Error()
}
