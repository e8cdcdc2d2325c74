package conversation_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// errorMessage is an error body of the API with a message.
func errorMessage(t *testing.T, message string) string {
	t.Helper()
	encoded, err := json.Marshal(map[string]any{"error": map[string]any{"code": 3, "status": "INVALID_ARGUMENT", "message": message}})
	require.NoError(t, err)
	return string(encoded)
}

func TestNumbersInTheServersWordsAreMaskedHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	for _, number := range []string{
		"+4670\u200e1234567", "+46\u200b70\u206012345\ufeff67", "+46_70_123_45_67", "+46,701,234,567", "%2B46%C2%A070%C2%A01234567",
		"\uff0b\uff14\uff16\uff17\uff10\uff11\uff12\uff13\uff14", "+\u0664\u0666 \u0667\u0660 \u0661\u0662\u0663\u0664",
		"\u0967\u0968\u0969\u096a\u096b\u096c\u096d", "+46|70*123~45·67", "+ (46) 70 : 123 ; 4567", "%252B46%252070%25201234567", "+46\u00ad701234567",
	} {
		client, _ := newTestClient(t, answerWith(400, errorMessage(t, "no contact has "+number+" here")))
		_, err := client.Messages.Get(t.Context(), "M")
		for _, printed := range prints(err) {
			assert.Regexp(t, `no contact has (\+|\x{ff0b}|%2B|%252B)?\*{7} here`, printed, number)
		}
	}
	client, _ := newTestClient(t, answerWith(400, errorMessage(t, "at most 1,000,000 a day, 123456 now, since 12:30:15+02:00")))
	_, err := client.Messages.Get(t.Context(), "M")
	assert.ErrorContains(t, err, ": at most 1,000,000 a day, 123456 now, since 12:30:15+02:00")
}

func TestWhatTheSDKOrItsCallerWroteIsNotMasked(t *testing.T) {
	t.Parallel()
	platform, err := conversation.NewClient("P", workingBasic(conversation.WithDialect(conversation.DialectPlatform))...)
	require.NoError(t, err)
	message := textMessage()
	message.TTL = 2
	_, err = platform.Messages.Send(t.Context(), message)
	require.ErrorContains(t, err, "ttl is 2: the platform accepts 3 to 315576000000")

	own := &conversation.ArgumentError{Operation: "Shop", Field: "order", Reason: "is 1234567890 and  1\n2: use 7654321"}
	assert.Equal(t, `conversation: Shop: order is 1234567890 and  1\n2: use 7654321`, own.Error())
}

func TestTheHostThatWasCalledIsNotMasked(t *testing.T) {
	t.Parallel()
	const host, tokenHost = "fake-12345678.example", "auth-87654321.example"
	failing := func(name string, credential conversation.Option) error {
		client, err := conversation.NewClient("P", credential,
			conversation.WithBaseURL("https://"+host), conversation.WithTokenURL("https://"+tokenHost+"/token"), conversation.WithRetry(conversation.NoRetry),
			conversation.WithHTTPClient(&http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
				return nil, &net.DNSError{Err: "no such host, asked for +46 70 123 45 67", Name: name, Server: "resolver-11112222:53"}
			})}))
		require.NoError(t, err)
		assert.Contains(t, client.String(), "host: "+host)
		_, err = client.Messages.Get(t.Context(), "M")
		return err
	}
	for _, printed := range append(
		prints(failing(host, conversation.WithBasicAuth("key-id", "key-secret"))),
		prints(failing(tokenHost, conversation.WithOAuth2("key-id", "key-secret")))...,
	) {
		assert.Regexp(t, `lookup (`+host+`|`+tokenHost+`) on resolver-\*{7}:53: no such host, asked for \+\*{7}`, printed)
	}
	assert.NotContains(t, failing("other-44445555", conversation.WithBasicAuth("key-id", "key-secret")).Error(), "44445555")
}

func TestTheHostIsNotMaskedAfterAWaitThatWasInterrupted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, err := conversation.NewClient("P", conversation.WithBasicAuth("key-id", "key-secret"), conversation.WithBaseURL("https://fake-12345678.example"),
			conversation.WithHTTPClient(&http.Client{Transport: &script{steps: []step{{err: errors.New("fake-12345678.example said 99998888"), neverHad: true}}}}),
			conversation.WithRetry(conversation.RetryPolicy{BaseDelay: time.Hour, MaxDelay: time.Hour}))
		require.NoError(t, err)
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(errors.New("closing")) })
		_, err = client.Messages.Get(ctx, "M")
		require.ErrorContains(t, err, "closing")
		require.ErrorContains(t, err, "(while waiting to retry after: Messages.Get: no response: fake-12345678.example said *******")
	})
}

func TestTheServersWordsControlNoTerminal(t *testing.T) {
	t.Parallel()
	const said = "\x1b[2J\x1b]0;pwned\a \u009b31m \u202egnp.exe\u2066 \u200eb\u2028c\r\nd\x00 Grüße 🙂"
	const shown = `\x1b[2J\x1b]0;pwned\a \u009b31m \u202egnp.exe\u2066 \u200eb c d\x00 Grüße 🙂`
	var logs bytes.Buffer
	logger := slog.New(slog.NewMultiHandler(
		slog.NewTextHandler(&logs, &slog.HandlerOptions{Level: slog.LevelDebug}), slog.NewJSONHandler(&logs, &slog.HandlerOptions{Level: slog.LevelDebug}),
	))
	client, _ := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", "R\u202e\u009b1")
		answerWith(503, errorMessage(t, said))(w, r)
	}, conversation.WithLogger(logger), conversation.WithRetry(conversation.RetryPolicy{MaxAttempts: 2, BaseDelay: 1}))
	_, err := client.Messages.Get(t.Context(), "M")
	require.ErrorContains(t, err, shown)
	require.ErrorContains(t, err, `request id R\u202e\u009b1`)

	broken := &conversation.TransportError{Operation: "Messages.Send", Err: errors.New(said), Last: errors.New(said)}
	require.ErrorContains(t, broken, shown)
	denied := &conversation.AuthError{Operation: "Messages.Send", Code: said, Reason: said, Err: errors.New(said)}
	require.ErrorContains(t, denied, shown)
	argument := &conversation.ArgumentError{Operation: "Messages.Send", Field: "name." + said, Reason: "is " + said}
	require.ErrorContains(t, argument, `is \x1b[2J`)
	page := &conversation.PageError{Err: err}

	const controls = `[\x00-\x09\x0b-\x1f\x7f-\x{9f}\x{200e}\x{202a}-\x{202e}\x{2028}\x{2029}\x{2066}-\x{2069}]`
	for _, value := range []error{err, broken, denied, argument, page} {
		for _, printed := range prints(value) {
			assert.NotRegexp(t, controls, printed)
		}
	}
	assert.NotRegexp(t, controls, logs.String())
	assert.Contains(t, logs.String(), `pwned`)
}
