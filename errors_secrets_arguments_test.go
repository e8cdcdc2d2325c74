package conversation_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/sinchgo/conversation"
)

// lastError walks a list to its end.
func lastError[T any](items iter.Seq2[*T, error]) error {
	for _, err := range items {
		if err != nil {
			return err
		}
	}
	return nil
}

// checkAuthFaults lets the token endpoint and the caller's token source echo what they received.
func checkAuthFaults(t *testing.T, checked *atomic.Int64, c canaries) {
	t.Helper()
	answers := map[string]func(string) (int, http.Header, io.Reader, error){
		"no JSON":               body(200, "SAID"),
		"an empty token":        body(200, `{"access_token":"","token_type":"QUOTED"}`),
		"a token with a break":  body(200, `{"access_token":"`+c.token+`\n"}`),
		"a reply cut short":     body(200, `{"access_token":"`+c.token),
		"a long error":          body(400, `{"error":"QUOTED","error_description":"QUOTED","error_uri":"QUOTED"}`),
		"another type":          body(403, `{"error":["QUOTED"]}`),
		"a description":         body(401, `{"error":"invalid_client","error_description":"QUOTED"}`),
		"a page":                body(503, "<p>SAID"),
		"too many":              body(429, "SAID"),
		"a redirect":            headed(302, "Location", "https://elsewhere.test/"),
		"a broken connection":   broken(func(said error) error { return said }),
		"a connection with URL": broken(func(said error) error { return fmt.Errorf("Post %q: %w", "https://auth.test", said) }),
	}
	w := &watcher{canaries: c, checked: checked, textToo: true}
	for name, answer := range answers {
		policy := conversation.RetryPolicy{MaxAttempts: 2, BaseDelay: 1, Budget: 1 << 20}
		if name == "too many" {
			policy = conversation.NoRetry // It would be waited out.
		}
		client := clientOf(t, c, conversation.WithOAuth2("key-id", c.keySecret), w.logger(), func(req *http.Request) (*http.Response, error) {
			status, header, body, err := answer(echo(req) + c.number)
			if err != nil {
				return nil, err
			}
			return response(req, status, header, body), nil
		}, conversation.WithRetry(policy))
		for operation, call := range callsWith(c) {
			w.checkError(t, call(t.Context(), client))
			w.checkLogs(t)
			if t.Failed() {
				t.Errorf("the above: %s, %s", name, operation)
				return
			}
		}
	}
	for _, failed := range []error{
		&oauth2.RetrieveError{ErrorCode: c.token, ErrorDescription: c.keySecret, Body: []byte(c.token), Response: &http.Response{StatusCode: http.StatusBadRequest}},
		fmt.Errorf("the number %s: %w", c.number, io.EOF),
	} {
		client := clientOf(t, c, conversation.WithTokenSource(sourceOf(func() (*oauth2.Token, error) { return nil, failed })), w.logger(), nil)
		for _, call := range callsWith(c) {
			w.checkError(t, call(t.Context(), client))
		}
		w.checkLogs(t)
	}
}

type sourceOf func() (*oauth2.Token, error)

func (f sourceOf) Token() (*oauth2.Token, error) { return f() }

type unwritable struct{ err error }

func (u unwritable) MarshalJSON() ([]byte, error) { return nil, u.err }

// checkArguments passes canaries to everything that rejects arguments, and prints options.
func checkArguments(t *testing.T, checked *atomic.Int64, c canaries) {
	t.Helper()
	w := &watcher{canaries: c, checked: checked, textToo: true}
	everything := c.text + " " + c.number + " " + c.keySecret + " " + c.token + " " + c.webhookSecret
	options := []conversation.Option{
		conversation.WithOAuth2(everything, everything), conversation.WithBasicAuth(everything+":", everything),
		conversation.WithRegion(conversation.Region(everything)), conversation.WithBaseURL("https://user:" + c.keySecret + "@api.test"),
		conversation.WithTokenURL("http://" + everything), conversation.WithBaseURL("::" + everything),
		conversation.WithUserAgent(everything + "\n"), conversation.WithTokenSource(nil),
	}
	w.check(t, prints(options)...)
	for _, option := range options {
		w.check(t, prints(option)...)
		_, err := conversation.NewClient(" ", option)
		require.Error(t, err)
		w.checkError(t, err)
	}
	_, err := conversation.NewClient(everything, options...)
	w.checkError(t, err)

	for _, holder := range []any{
		conversation.Webhook{Secret: c.webhookSecret, ClientCredentials: &conversation.ClientCredentials{ClientSecret: c.keySecret}},
		&conversation.CreateWebhookRequest{Secret: c.webhookSecret}, &conversation.UpdateWebhookRequest{Secret: new(c.webhookSecret)},
		conversation.App{
			ChannelCredentials: []conversation.ChannelCredential{{CallbackSecret: c.webhookSecret, StaticBearer: &conversation.StaticBearer{Token: c.token}}},
			CallbackSettings:   &conversation.CallbackSettings{SecretForOverriddenCallbackURLs: c.webhookSecret},
		},
	} {
		w.check(t, printed(holder), logged(holder))
	}

	requestOptions := []conversation.RequestOption{
		conversation.WithHeader("Authorization", everything), conversation.WithHeader(everything, "x"),
		conversation.WithHeader("X-Trace", everything+"\n"), conversation.WithHeader("Idempotency-Key", everything),
	}
	w.check(t, prints(requestOptions)...)
	client := clientOf(t, c, c.credential(1), w.logger(), nil)
	platform, err := conversation.NewClient("project", workingBasic(conversation.WithDialect(conversation.DialectPlatform))...)
	require.NoError(t, err)
	for _, option := range requestOptions {
		w.check(t, prints(option)...)
		for _, call := range callsWith(c) {
			err := call(t.Context(), client, option)
			require.ErrorAs(t, err, new(*conversation.ArgumentError))
			w.checkError(t, err)
		}
	}
	send := textMessage()
	send.ConversationMetadata = everything
	both := textMessage()
	both.Recipient.ContactID = everything
	update := conversation.UpdateContactRequest{UpdateMask: []string{everything}}
	for i, err := range []error{
		fails(platform.Messages.Send(t.Context(), send)),
		fails(platform.Messages.Send(t.Context(), both)),
		fails(platform.Contacts.Update(t.Context(), everything, &update)),
		fails(client.Webhooks.Create(t.Context(), everything, &conversation.CreateWebhookRequest{AppID: "other" + everything, Target: "https://x.test", Triggers: []conversation.WebhookTrigger{"T"}})),
		client.Do(t.Context(), everything, "/x", nil, nil),
		client.Do(t.Context(), "GET", everything, nil, nil),
		client.Do(t.Context(), "GET", "/x?"+everything+"#"+everything, nil, nil),
		client.Do(t.Context(), "PUT", "/x", unwritable{errors.New("the number " + c.number)}, nil),
		client.Do(t.Context(), "PUT", "/x", map[string]any{everything: func() {}}, nil),
	} {
		require.ErrorAs(t, err, new(*conversation.ArgumentError), "%d", i)
		w.checkError(t, err)
	}
	w.checkLogs(t)
}

// TestAPanicShowsNothingSecret checks what the runtime prints, in a separate process.
func TestAPanicShowsNothingSecret(t *testing.T) {
	t.Parallel()
	const variable = "CONVERSATION_TEST_PANIC"
	c := newCanaries(1)
	fault := canaryFaults()[len(canaryFaults())-1]
	client := clientOf(t, c, c.credential(1), (&watcher{}).logger(), func(req *http.Request) (*http.Response, error) {
		status, header, body, err := fault.answer(echo(req))
		return response(req, status, header, body), err
	})
	err := callsWith(c)["Webhooks.Create"](t.Context(), client)
	values := map[string]any{"error": err, "wrapped": fmt.Errorf("shop: %w", err), "joined": errors.Join(err, err), "client": client, "options": c.credential(1)}
	if name := os.Getenv(variable); name != "" {
		panic(values[name])
	}
	for name := range values {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
		child.Env = append(os.Environ(), variable+"="+name)
		var printed bytes.Buffer
		child.Stdout, child.Stderr = &printed, &printed
		require.Error(t, child.Run())
		require.Contains(t, printed.String(), "panic: ")
		assert.Empty(t, c.in(printed.String(), !fault.repeatsText), "%s:\n%s", name, strings.TrimSpace(printed.String()))
	}
}
