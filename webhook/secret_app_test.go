package webhook_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// appSecrets are the secrets of apps, which can change while a receiver serves. It records the ids that were looked up.
type appSecrets struct {
	byApp map[string][]string
	asked []string
}

func (s *appSecrets) of(_ context.Context, appID string) ([]string, error) {
	s.asked = append(s.asked, appID)
	return s.byApp[appID], nil
}

// newAppReceiver returns a receiver with the function.
func newAppReceiver(t *testing.T, f func(context.Context, string) ([]string, error), opts ...webhook.ReceiverOption) *webhook.Receiver {
	t.Helper()
	quiet := webhook.WithLogger(slog.New(slog.DiscardHandler))
	receiver, err := webhook.NewReceiver(append([]webhook.ReceiverOption{webhook.WithAppSecrets(f), at(0), quiet}, opts...)...)
	require.NoError(t, err)
	return receiver
}

// signedBy returns the request of a callback that is signed with a secret.
func signedBy(t *testing.T, body, secret string) *http.Request {
	t.Helper()
	req := newCallback(t, []byte(body), nonce)
	req.Header = webhook.Sign([]byte(body), secret, rand.Text(), signed)
	return req
}

func TestTheSecretsOfAnAppCountForItsCallbacksOnly(t *testing.T) {
	t.Parallel()
	store := &appSecrets{byApp: map[string][]string{
		"A": {"of A"}, "B": {"of B", "of receipts of B"}, "none": nil, "empty": {""}, "blank": {" ", "\n", "\ufeff"}, "mixed": {"", "of mixed"},
	}}
	receiver := newAppReceiver(t, store.of)
	calls := countCalls(receiver, nil)
	for _, tt := range []struct {
		app, secret string
		want        int
	}{
		{"A", "of A", 200},
		{"B", "of B", 200},
		{"B", "of receipts of B", 200},
		{"mixed", "of mixed", 200},
		{"A", "of B", 401},
		{"B", "of A", 401},
		{"A", "", 401},
		{"unknown", "of A", 401},
		{"unknown", "", 401},
		{"a", "of A", 401},
		{"none", "", 401},
		{"empty", "", 401},
		{"blank", " ", 401},
		{"blank", "\n", 401},
		{"blank", "\ufeff", 401},
		{"mixed", "", 401},
	} {
		before := calls.count()
		text := fmt.Sprintf(`{"app_id":%q,"message":{"id":"%s"}}`, tt.app, strings.ReplaceAll(tt.secret, "\n", "n"))
		assert.Equal(t, tt.want, serve(receiver, signedBy(t, text, tt.secret)).Code, "%s, %q", tt.app, tt.secret)
		assert.Equal(t, tt.want == 200, calls.count() == before+1)
		assert.Equal(t, tt.app, store.asked[len(store.asked)-1])
	}
}

func TestTheSecretsOfAnAppCanChange(t *testing.T) {
	t.Parallel()
	store := &appSecrets{byApp: map[string][]string{}}
	receiver := newAppReceiver(t, store.of)
	assert.Equal(t, 401, serve(receiver, signedBy(t, `{"app_id":"A","n":1}`, "first")).Code)
	store.byApp["A"] = []string{"first"}
	assert.Equal(t, 200, serve(receiver, signedBy(t, `{"app_id":"A","n":1}`, "first")).Code)
	store.byApp["A"] = []string{"second"}
	assert.Equal(t, 401, serve(receiver, signedBy(t, `{"app_id":"A","n":2}`, "first")).Code)
	assert.Equal(t, 200, serve(receiver, signedBy(t, `{"app_id":"A","n":2}`, "second")).Code)
}

func TestSecretsThatCannotBeLookedUpAreAnsweredWith503(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		f    func(context.Context, string) ([]string, error)
		want string
	}{
		"an error":                 {func(context.Context, string) ([]string, error) { return nil, errors.New("no route to " + phone) }, "WithAppSecrets: the function failed: no route to +*******"},
		"an error with secrets":    {func(context.Context, string) ([]string, error) { return []string{secret}, errors.New("stale") }, "WithAppSecrets: the function failed: stale"},
		"an error of this package": {func(context.Context, string) ([]string, error) { return nil, webhook.ErrBadSignature }, "WithAppSecrets: the function failed"},
		"a panic":                  {func(context.Context, string) ([]string, error) { panic("no map") }, "WithAppSecrets: the function panicked: no map"},
		"a secret with a newline":  {func(context.Context, string) ([]string, error) { return []string{"hush\n"}, nil }, "WithAppSecrets: a secret of the app ends with white space (U+000A, a line break)"},
		"a secret in quotes":       {func(context.Context, string) ([]string, error) { return []string{"x", "“hush”"}, nil }, "a secret of the app is in quotes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			receiver := newAppReceiver(t, tt.f, webhook.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
			calls, kept := countCalls(receiver, nil), &keeper{}
			for _, handler := range []http.Handler{receiver, receiver.Forward(kept.keep)} {
				log.Reset()
				answer := serve(handler, newCallback(t, body, nonce))
				assert.Equal(t, 503, answer.Code)
				assert.NotEmpty(t, answer.Header().Get("Retry-After"))
				assert.Contains(t, log.String(), tt.want)
				assert.Contains(t, log.String(), "level=ERROR")
				assert.Contains(t, log.String(), "app_id=A")
				assert.NotContains(t, log.String(), "hush")
			}
			assert.Zero(t, calls.count())
			assert.Empty(t, kept.bodies)
		})
	}
}

func TestABodyWithoutOneAppIDIsNotLookedUp(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		`{}`: 401, `{"message":{"app_id":"A"}}`: 401, `{"x":["app_id","A"]}`: 401, `{"app_id":""}`: 401, `{"app_id":null}`: 401,
		`{"app_id":["A"]}`: 401, `{"app_id":{"id":"A"}}`: 401, `{"app_id":true}`: 401, `{"x":"app_id"}`: 401, `{"app_id":"` + strings.Repeat("A", 255) + `"}`: 401,
		`{"app_id":"A`: 401, `{"app_id"`: 401, `{"app_id":`: 401, `{"app_id":"A\`: 401, `{"a":{"app_id":"A"}`: 401,
		`not JSON`: 400, `"app_id"`: 400, `[{"app_id":"A"}]`: 400, ` `: 400, `null`: 400,
		`{"app_id":"A","app_id":"B"}`: 400, `{"app_id":"A","message":{},"app_id":"A"}`: 400, `{"app_id":"A","APP_ID":"B"}`: 400,
		`{"App_Id":"B","app_id":"A"}`: 400, `{"app_id":"A","\u0061pp_id":"B"}`: 400, `{"app_id":null,"app_id":"A"}`: 400,
	} {
		store := &appSecrets{}
		receiver := newAppReceiver(t, func(ctx context.Context, appID string) ([]string, error) {
			_, err := store.of(ctx, appID)
			return []string{secret}, err
		})
		calls, kept := countCalls(receiver, nil), &keeper{}
		assert.Equal(t, want, serve(receiver, newCallback(t, []byte(text), nonce)).Code, text)
		assert.Equal(t, want, serve(receiver.Forward(kept.keep), newCallback(t, []byte(text), nonce)).Code, text)
		assert.Empty(t, store.asked, text)
		assert.Empty(t, kept.bodies, text)
		assert.Zero(t, calls.count(), text)
	}
}

// TestTheAppIDOfAnEventIsTheOneThatWasLookedUp has the ways in which JSON can write an app id.
func TestTheAppIDOfAnEventIsTheOneThatWasLookedUp(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"app_id":"A","message":{"app_id":"B","channel_identity":{"app_id":"C"}}}`: "A",
		`{"message":{"id":"}{\"app_id\":\"B\""},"app_id":"A"}`:                      "A",
		`{"APP_ID":"A","message":{}}`:                                               "A",
		`{"\u0061pp\u005fid":"A"}`:                                                  "A",
		` { "app_id" : "\u0041\n" , "event":{} } `:                                  "A\n",
		`{"app_id":7}`:      "7",
		`{"app_id":-1.5e3}`: "-1.5e3",
		`{"app_id":123456789012345678901234567890}`:     "123456789012345678901234567890",
		"{\"app_id\":\"A\xff\"}":                        "A\ufffd",
		`{"app_id":"\ud83d"}`:                           "\ufffd",
		`{"app_id":"` + strings.Repeat("A", 254) + `"}`: strings.Repeat("A", 254),
		`{"app_id":"A","ap_id":"B","app_id ":"C"}`:      "A",
	} {
		store := &appSecrets{byApp: map[string][]string{want: {"of the app"}}}
		receiver := newAppReceiver(t, store.of)
		var got []string
		webhook.OnAny(receiver, func(_ context.Context, e webhook.Event) error {
			got = append(got, e.Meta().AppID)
			return nil
		})
		assert.Equal(t, 200, serve(receiver, signedBy(t, text, "of the app")).Code, text)
		assert.Equal(t, []string{want}, got, text)
		assert.Equal(t, []string{want}, store.asked, text)
	}
}

func TestAnAppIsNotLookedUpForWhatIsNotSigned(t *testing.T) {
	t.Parallel()
	for name, tt := range unread {
		store := &appSecrets{}
		req := newCallback(t, body, nonce)
		tt.change(req)
		assert.Equal(t, tt.want, serve(newAppReceiver(t, store.of), req).Code, name)
		assert.Empty(t, store.asked, name)
	}
}

func TestTheLookUpHasTheContextOfTheRequest(t *testing.T) {
	t.Parallel()
	type key struct{}
	receiver := newAppReceiver(t, func(ctx context.Context, _ string) ([]string, error) {
		assert.Equal(t, "mine", ctx.Value(key{}))
		return []string{secret}, nil
	})
	req := newCallback(t, body, nonce)
	assert.Equal(t, 200, serve(receiver, req.WithContext(context.WithValue(req.Context(), key{}, "mine"))).Code)
}

func TestThereIsOneSourceOfSecrets(t *testing.T) {
	t.Parallel()
	store := &appSecrets{}
	own := webhook.WithAppSecrets(store.of)
	for problem, opts := range map[string][]webhook.ReceiverOption{
		"WithAppSecrets cannot be combined with WithSecret":            {own, webhook.WithSecret(secret)},
		"WithoutVerification cannot be combined with WithAppSecrets":   {own, webhook.WithoutVerification()},
		"WithAppSecrets is duplicated: look up all apps in one":        {own, own},
		"WithAppSecrets is nil: pass the function that returns":        {webhook.WithAppSecrets(nil)},
		"no secret: pass the secret of the webhook with WithSecret or": {},
	} {
		_, err := webhook.NewReceiver(opts...)
		require.ErrorContains(t, err, problem)
		if len(opts) > 0 {
			assert.ErrorAs(t, err, new(*conversation.ArgumentError))
		}
		assert.NotContains(t, err.Error(), secret)
	}
	assert.Equal(t, "webhook.Receiver{secrets: by app, max body: 1048576, max concurrent: 256}", fmt.Sprint(newAppReceiver(t, store.of)))
}

func TestAByteOrderMarkIsNotPartOfTheAppID(t *testing.T) {
	t.Parallel()
	marked := byteOrderMark + `{"app_id":"A","message":{}}`
	store := &appSecrets{byApp: map[string][]string{"A": {"of A"}}}
	receiver, kept := newAppReceiver(t, store.of), &keeper{}
	assert.Equal(t, 200, serve(receiver, signedBy(t, marked, "of A")).Code)
	assert.Equal(t, 200, serve(receiver.Forward(kept.keep), signedBy(t, marked, "of A")).Code)
	assert.Equal(t, marked, string(kept.bodies[0]), "as it came")
}
