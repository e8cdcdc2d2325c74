package webhook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sinchgo/conversation/webhook"
)

// checkAppSecrets compares a receiver that looks up secrets with the oracle. The secret of an app contains its id.
func checkAppSecrets(t *testing.T, body []byte, header func(secret string) http.Header) {
	t.Helper()
	id, isJSON := oracleAppID(body)
	for _, signer := range []string{id, "another app"} {
		var asked, handled []string
		receiver := newAppReceiver(t, func(_ context.Context, appID string) ([]string, error) {
			asked = append(asked, appID)
			return []string{"the secret of " + appID}, nil
		})
		webhook.OnAny(receiver, func(_ context.Context, e webhook.Event) error {
			handled = append(handled, e.Meta().AppID)
			return nil
		})
		req := newCallback(t, body, "")
		req.Header = header("the secret of " + signer)
		answer := serve(receiver, req).Code
		if isJSON && len(asked) > 0 && asked[0] != id {
			t.Fatalf("looked up %q, the oracle has %q", asked, id)
		}
		if len(handled) > 0 && !slices.Equal(handled, asked) {
			t.Fatalf("handled for %q, looked up %q", handled, asked)
		}
		right, inside := oracleVerify(body, req.Header, "the secret of "+id)
		_, err := webhook.Parse(body)
		want := id != "" && isJSON && right && inside && err == nil
		if want != (answer == 200) || want != (len(handled) > 0) {
			t.Fatalf("answered %d, handled %q, the oracle: %q, %t, %t, %v", answer, handled, id, right, inside, err)
		}
	}
}

// oracleAppID returns the app id of a body, or "" unless it has exactly one, and whether the body is an object of JSON.
func oracleAppID(body []byte) (id string, isJSON bool) {
	body = bytes.TrimPrefix(body, []byte(byteOrderMark))
	if !json.Valid(body) {
		return "", false
	}
	tokens := json.NewDecoder(bytes.NewReader(body))
	if first, err := tokens.Token(); err != nil || first != json.Delim('{') {
		return "", false
	}
	found := 0
	for tokens.More() {
		name, _ := tokens.Token()
		var value json.RawMessage
		if err := tokens.Decode(&value); err != nil {
			return "", false
		}
		if text, ok := name.(string); ok && strings.EqualFold(text, "app_id") {
			found++
			id = oracleText(value)
		}
	}
	if found != 1 {
		return "", true
	}
	return id, true
}

// oracleText returns a string or the digits of a number. Longer ones than 256 bytes are not looked up.
func oracleText(value json.RawMessage) string {
	var text any
	decoder := json.NewDecoder(bytes.NewReader(value))
	decoder.UseNumber()
	if len(value) > 256 || decoder.Decode(&text) != nil {
		return ""
	}
	switch text := text.(type) {
	case string:
		return text
	case json.Number:
		return text.String()
	default:
		return ""
	}
}
