package command

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestSecretsAreMaskedUnlessTheyAreAskedFor(t *testing.T) {
	t.Parallel()
	s := newStored(t, conversation.ProcessingModeConversation)
	for _, tt := range []struct{ args, stdin, secret string }{
		{"webhooks list --json", "", storedSecret},
		{"webhooks get WEBHOOK", "", storedSecret},
		{"webhooks update WEBHOOK --file -", `{"triggers":["OPT_IN"]}`, storedSecret},
		{"webhooks create --file -", webhookFile, "another-secret"},
		{"apps list --json", "", storedToken},
		{"apps get APP", "", storedToken},
		{"apps update APP --file -", `{"display_name":"Renamed"}`, storedToken},
	} {
		args := strings.Fields(s.ids(tt.args, ""))
		if strings.HasPrefix(tt.args, "webhooks create") {
			require.NoError(t, s.client.Webhooks.Delete(t.Context(), s.webhook))
		}

		hidden := s.run(t, tt.stdin, args...)

		assert.Zero(t, hidden.code, hidden.stderr)
		assert.NotContains(t, hidden.stdout, tt.secret, tt.args)
		assert.Contains(t, hidden.stdout, `"***"`, tt.args)
		if strings.Contains(tt.args, " create ") {
			continue
		}
		shown := s.run(t, tt.stdin, append(args, "--show-secrets")...)
		assert.Contains(t, shown.stdout, tt.secret, tt.args)
		assert.NotContains(t, shown.stdout, "***", tt.args)
	}
	assert.NotContains(t, s.run(t, "", "webhooks", "list").stdout, storedSecret)
}

func TestAMaskedSecretInAFileIsRejected(t *testing.T) {
	t.Parallel()
	s := newStored(t, conversation.ProcessingModeConversation)
	before := len(s.Requests())
	for _, tt := range []struct{ args, file, field string }{
		{"webhooks create", `{"target":"https://example.com","triggers":["OPT_IN"],"secret":"***"}`, "secret"},
		{"webhooks update WEBHOOK", `{"secret":"***"}`, "secret"},
		{"webhooks update WEBHOOK", `{"client_credentials":{"client_id":"a","client_secret":"***","endpoint":"https://example.com"}}`, "client_credentials.client_secret"},
		{"apps update APP", `{"channel_credentials":[{"channel":"SMS","static_bearer":{"claimed_identity":"a","token":"***"}}]}`, "channel_credentials.static_bearer.token"},
		{"apps create", `{"display_name":"a","callback_settings":{"secret_for_overridden_callback_urls":"***"}}`, "callback_settings.secret_for_overridden_callback_urls"},
	} {
		got := s.run(t, tt.file, append(strings.Fields(s.ids(tt.args, "")), "--file", "-")...)
		assert.Equal(t, exitUsage, got.code, got.stderr)
		assert.Contains(t, got.stderr, "--file: "+tt.field+" is ***", tt.args)
	}
	assert.Len(t, s.Requests(), before)
}

// The SDK prints *** for each secret, so that a field that it learns is found here.
func TestTheSecretsAreThoseOfTheSDK(t *testing.T) {
	t.Parallel()
	for _, object := range []any{new(conversation.App), new(conversation.Webhook)} {
		fill(reflect.ValueOf(object).Elem())
		value, err := withoutSecrets(object)
		require.NoError(t, err)
		encoded, err := json.Marshal(value)
		require.NoError(t, err)
		want := strings.Count(fmt.Sprint(object), masked)
		assert.Positive(t, want)
		assert.Equal(t, want, strings.Count(string(encoded), masked), string(encoded))
	}
}

// fill sets every string of a value, in new structs and slices of one item.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("set")
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Struct:
		for _, field := range v.Fields() {
			if field.CanSet() {
				fill(field)
			}
		}
	}
}
