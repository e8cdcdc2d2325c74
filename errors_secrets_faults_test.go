package conversation_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// echo is the response of a server that shows everything it received: the headers, the password as it decoded it, the URL and the
// body.
func echo(req *http.Request) string {
	body := ""
	if req.Body != nil {
		data, _ := io.ReadAll(req.Body)
		body = string(data)
	}
	_, pair, _ := strings.Cut(req.Header.Get("Authorization"), " ")
	decoded, _ := base64.StdEncoding.DecodeString(pair)
	path, _ := url.PathUnescape(req.URL.Path)
	return fmt.Sprintf("%v %s %s %s %s", req.Header, decoded, req.URL, path, body)
}

// canaryFault is a response that echoes what was sent.
type canaryFault struct {
	name        string
	repeatsText bool // in the server's own words, where only credentials and numbers are masked
	answer      func(said string) (status int, header http.Header, body io.Reader, err error)
}

// quoted is a JSON string.
func quoted(text string) string {
	encoded, _ := json.Marshal(text) //nolint:errchkjson // A text can always be written.
	return string(encoded)
}

// body returns an answer of a status and a body.
func body(status int, form string) func(string) (int, http.Header, io.Reader, error) {
	return func(said string) (int, http.Header, io.Reader, error) {
		text := strings.NewReplacer("SAID", said, `"QUOTED"`, quoted(said), "QUOTED", strings.Trim(quoted(said), `"`)).Replace(form)
		return status, http.Header{}, strings.NewReader(text), nil
	}
}

// headed returns an answer of a status with a header.
func headed(status int, name, before string) func(string) (int, http.Header, io.Reader, error) {
	return func(said string) (int, http.Header, io.Reader, error) {
		return status, http.Header{name: {before + strings.Join(strings.Fields(said), " ")}}, strings.NewReader(`{"error":{}}`), nil
	}
}

// broken returns a failure without an answer.
func broken(fault func(said error) error) func(string) (int, http.Header, io.Reader, error) {
	return func(said string) (int, http.Header, io.Reader, error) { return 0, nil, nil, fault(errors.New(said)) }
}

// canaryFaults are the kinds of failure of a call.
func canaryFaults() []canaryFault {
	faults := []canaryFault{
		{"details", false, body(400, `{"error":{"code":3,"status":"S","message":"M","details":["QUOTED",{"QUOTED":1}]}}`)},
		{"an unknown form", false, body(400, `{"QUOTED":"QUOTED"}`)},
		{"another type", false, body(400, `{"error":{"code":"QUOTED","status":["QUOTED"],"message":{"QUOTED":1}}}`)},
		{"a page", false, body(502, "<html>SAID</html>")},
		{"plain text", false, body(503, "SAID")},
		{"an error cut short", false, body(500, `{"error":{"message":"QUOTED`)},
		{"a status text", true, body(400, `{"error":{"status":"QUOTED"}}`)},
		{"a request id", true, headed(404, "X-Request-Id", "")},
		{"a correlation id", true, headed(429, "X-Correlation-Id", "")},
		{"a redirect", false, headed(307, "Location", "https://elsewhere.test/")},
		{"a time to wait", false, headed(503, "Retry-After", "")},
		{"a reply that is a list", false, body(200, `["QUOTED"]`)},
		{"a reply of other types", false, body(200, `{"id":{"QUOTED":1},"message_id":["QUOTED"],"accepted_time":{"QUOTED":1},"messages":"QUOTED",
			"contacts":"QUOTED","conversations":"QUOTED","apps":"QUOTED","webhooks":"QUOTED","app_id":["QUOTED"],"transcoded_message":{"QUOTED":["QUOTED"]}}`)},
		{"a reply cut short", false, body(200, `{"id":"QUOTED`)},
		{"a reply that is a page", false, body(200, `<p>SAID`)},
		{"a reply that breaks off", true, func(said string) (int, http.Header, io.Reader, error) {
			return 200, http.Header{}, io.MultiReader(strings.NewReader(`{"id":"`), failing{errors.New(said)}), nil
		}},
		{"a broken connection", true, broken(func(said error) error { return &net.OpError{Op: "read", Net: "tcp", Err: said} })},
		{"an unknown host", true, broken(func(said error) error { return &net.DNSError{Err: "no such host", Name: said.Error()} })},
		{"an error with a URL", true, broken(func(said error) error {
			return &url.Error{Op: "Post", URL: "https://" + said.Error(), Err: fmt.Errorf("proxy: %w", said)}
		})},
	}
	for _, status := range []int{400, 401, 403, 404, 408, 409, 429, 500, 501, 502, 503, 504} {
		faults = append(faults, canaryFault{
			"status " + strconv.Itoa(status), true, body(status, `{"error":{"code":1,"status":"S","message":"QUOTED"}}`),
		})
	}
	return faults
}

// callsWith are all operations, and the lists walked, with canaries in their arguments.
func callsWith(c canaries) map[string]callFunc {
	calls := everyCallWith(given{id: c.text + c.number, identity: c.number, text: c.text, secret: c.webhookSecret})
	token := c.text + c.number
	calls["Messages.All"] = func(ctx context.Context, client *conversation.Client, opts ...conversation.RequestOption) error {
		return lastError(client.Messages.All(ctx, &conversation.ListMessagesParams{PageToken: token, ContactID: c.number}, opts...))
	}
	calls["Contacts.All"] = func(ctx context.Context, client *conversation.Client, opts ...conversation.RequestOption) error {
		return lastError(client.Contacts.All(ctx, &conversation.ListContactsParams{PageToken: token}, opts...))
	}
	calls["Conversations.All"] = func(ctx context.Context, client *conversation.Client, opts ...conversation.RequestOption) error {
		return lastError(client.Conversations.All(ctx, &conversation.ListConversationsParams{PageToken: token, AppID: c.text}, opts...))
	}
	calls["Do"] = func(ctx context.Context, client *conversation.Client, opts ...conversation.RequestOption) error {
		return client.Do(ctx, http.MethodPut, "/v1/"+url.PathEscape(c.number)+"?q="+url.QueryEscape(c.text), map[string]string{"a": c.text, "b": c.number}, new(any), opts...)
	}
	return calls
}

// checkFaults sends every call into every fault. Canaries and credentials change with the fault, and with the round, so
// that enough rounds have them all.
func checkFaults(t *testing.T, checked *atomic.Int64, round int) {
	t.Helper()
	for i, fault := range canaryFaults() {
		c := newCanaries(round + i)
		w := &watcher{canaries: c, checked: checked, textToo: !fault.repeatsText}
		client := clientOf(t, c, c.credential(i+2*round), w.logger(), func(req *http.Request) (*http.Response, error) {
			if req.URL.Path == "/oauth2/token" {
				return response(req, 200, nil, strings.NewReader(`{"access_token":"`+c.token+`","expires_in":3600}`)), nil
			}
			status, header, body, err := fault.answer(echo(req))
			if err != nil {
				return nil, err
			}
			return response(req, status, header, body), nil
		})
		w.check(t, prints(client)...)
		for operation, call := range callsWith(c) {
			w.checkError(t, call(t.Context(), client))
			w.checkLogs(t)
			if t.Failed() {
				t.Errorf("the above: round %d, %s, %s", round, fault.name, operation)
				return
			}
		}
	}
}

// clientOf returns a client on a transport. It retries once, without a wait.
func clientOf(t *testing.T, c canaries, credential conversation.Option, logger *slog.Logger, transport roundTrip, more ...conversation.Option) *conversation.Client {
	t.Helper()
	opts := []conversation.Option{
		credential, conversation.WithRegion(conversation.RegionEU), conversation.WithHTTPClient(&http.Client{Transport: transport}),
		conversation.WithRetry(conversation.RetryPolicy{MaxAttempts: 2, BaseDelay: 1, Budget: 1 << 20}), conversation.WithLogger(logger),
	}
	client, err := conversation.NewClient(strings.Join(strings.Fields(c.number), ""), append(opts, more...)...)
	require.NoError(t, err)
	return client
}

func response(req *http.Request, status int, header http.Header, body io.Reader) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(body), Request: req, ContentLength: -1}
}
