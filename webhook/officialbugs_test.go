package webhook_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

// TestBugs puts this package into the situations in which the official SDKs of Sinch had, or have, a defect. A name is the
// SDK, the version that fixed it (or "today") and what was wrong.
func TestBugs(t *testing.T) {
	t.Parallel()
	for _, known := range []struct {
		name      string
		reproduce func(t *testing.T)
	}{
		{"node_java_dotnet_today_signatures_are_compared_in_varying_time", comparedInConstantTime},
		{"all_today_the_timestamp_is_not_checked", func(t *testing.T) {
			t.Helper()
			header := webhook.Sign(submitted, secret, nonce, signed)
			require.NoError(t, webhook.Verify(submitted, header, secret, at(0)))
			require.ErrorIs(t, webhook.Verify(submitted, header, secret, at(30*24*time.Hour)), webhook.ErrTooOld)
			require.ErrorIs(t, webhook.Verify(submitted, header, secret, at(-time.Hour)), webhook.ErrTooNew)
		}},
		{"all_today_the_nonce_is_not_checked", func(t *testing.T) {
			t.Helper()
			// The same signed bytes, split at another dot: the end of the body becomes a part of the nonce.
			body := []byte(`{"a":"x.y"}`)
			header := webhook.Sign(body, secret, nonce, signed)
			moved := header.Clone()
			moved.Set(prefix+"-Nonce", `y"}.`+nonce)
			require.ErrorIs(t, webhook.Verify([]byte(`{"a":"x`), moved, secret, at(0)), webhook.ErrMalformed)
			header.Del(prefix + "-Nonce")
			require.ErrorIs(t, webhook.Verify(body, header, secret, at(0)), webhook.ErrMalformed)
		}},
		{"node_python_dotnet_today_the_body_is_written_again_before_it_is_checked", rawBodyCounts},
		{"java_today_the_algorithm_is_taken_from_the_request", func(t *testing.T) {
			t.Helper()
			for _, name := range []string{"HmacSHA1", "hmacsha256", "HmacMD5", "none", "HmacSHA512"} {
				header := webhook.Sign(submitted, secret, nonce, signed)
				mac := hmac.New(sha1.New, []byte(secret))
				fmt.Fprintf(mac, "%s.%s.%d", submitted, nonce, signed.Unix())
				header.Set(prefix, base64.StdEncoding.EncodeToString(mac.Sum(nil)))
				header.Set(prefix+"-Algorithm", name)
				require.ErrorIs(t, webhook.Verify(submitted, header, secret, at(0)), webhook.ErrUnknownAlgorithm, name)
			}
		}},
		{"dotnet_today_the_right_signature_is_logged", func(t *testing.T) {
			t.Helper()
			header := webhook.Sign(submitted, secret, nonce, signed)
			right := header.Get(prefix)
			header.Set(prefix, base64.StdEncoding.EncodeToString(make([]byte, 32)))
			err := webhook.Verify(submitted, header, secret, at(0))
			require.ErrorIs(t, err, webhook.ErrBadSignature)
			for _, format := range []string{"%v", "%+v", "%#v", "%q"} {
				assert.NotContains(t, fmt.Sprintf(format, err), right)
				assert.NotContains(t, fmt.Sprintf(format, err), secret)
			}
		}},
		{"dotnet_today_a_missing_header_throws", func(t *testing.T) {
			t.Helper()
			for _, missing := range []string{prefix, prefix + "-Nonce", prefix + "-Timestamp"} {
				header := webhook.Sign(submitted, secret, nonce, signed)
				header.Del(missing)
				require.Error(t, webhook.Verify(submitted, header, secret, at(0)), missing)
				header[missing] = nil
				require.Error(t, webhook.Verify(submitted, header, secret, at(0)), missing)
			}
			require.ErrorIs(t, webhook.Verify(submitted, nil, secret, at(0)), webhook.ErrNotSigned)
		}},
		{"java_1.4.0_headers_are_found_in_one_case_only", func(t *testing.T) {
			t.Helper()
			for _, form := range []func(string) string{strings.ToLower, strings.ToUpper} {
				header := http.Header{}
				for name, values := range webhook.Sign(submitted, secret, nonce, signed) {
					header[form(name)] = values
				}
				require.NoError(t, webhook.Verify(submitted, header, secret, at(0)))
			}
		}},
		{"all_today_one_secret_only", func(t *testing.T) {
			t.Helper()
			// The webhook's, and that of the callback URLs of single messages, sign callbacks to the same address.
			secrets := []string{"of the webhook", "of callback URLs", "the next one"}
			for _, signer := range append(secrets, "of nobody") {
				header := webhook.Sign(submitted, signer, nonce, signed)
				accepted := false
				for _, candidate := range secrets {
					err := webhook.Verify(submitted, header, candidate, at(0))
					accepted = accepted || err == nil
					assert.True(t, err == nil || errors.Is(err, webhook.ErrBadSignature), "the next secret may be the right one: %v", err)
				}
				assert.Equal(t, signer != "of nobody", accepted)
			}
		}},
		{"dotnet_112_an_unknown_event_fails", func(t *testing.T) {
			t.Helper()
			body := []byte(`{"app_id":"A","voice_notification":{"call_id":"1"},"new":[1]}`)
			event, err := webhook.Parse(body)
			require.NoError(t, err)
			require.IsType(t, &webhook.Unknown{}, event)
			assert.JSONEq(t, string(body), string(event.Meta().Raw))
		}},
		{"dotnet_1.4.1_an_unknown_enum_value_fails_a_callback", func(t *testing.T) {
			t.Helper()
			event, err := webhook.Parse([]byte(`{"message_delivery_report":{"message_id":"M","status":"TELEPORTED","channel_identity":{"channel":"PIGEON"}}}`))
			require.NoError(t, err)
			delivery, ok := event.(*webhook.MessageDelivery)
			require.True(t, ok)
			assert.Equal(t, "M", delivery.MessageDeliveryReport.MessageID)
		}},
	} {
		t.Run(known.name, func(t *testing.T) {
			t.Parallel()
			known.reproduce(t)
		})
	}
}

// submitted is a body with everything that is lost when it is written again.
var submitted = []byte("{ \"b\": 1.0, \"a\": \"\\u00e9 <&>\",\n\"b2\": 12345678901234567890 }\n")

// rawBodyCounts requires the received bytes, not others that mean the same.
func rawBodyCounts(t *testing.T) {
	t.Helper()
	header := webhook.Sign(submitted, secret, nonce, signed)
	require.NoError(t, webhook.Verify(submitted, header, secret, at(0)))
	var parsed map[string]any
	require.NoError(t, json.Unmarshal(submitted, &parsed))
	again, err := json.Marshal(parsed)
	require.NoError(t, err)
	var compact bytes.Buffer
	require.NoError(t, json.Compact(&compact, submitted))
	for _, other := range [][]byte{again, compact.Bytes(), bytes.TrimSpace(submitted)} {
		require.ErrorIs(t, webhook.Verify(other, header, secret, at(0)), webhook.ErrBadSignature)
		require.ErrorIs(t, webhook.Verify(submitted, webhook.Sign(other, secret, nonce, signed), secret, at(0)), webhook.ErrBadSignature)
	}
}

// comparedInConstantTime reads the code, since a clock is not reliable. Every comparison of the received signature must be
// that of package subtle or hmac, except the check that there is one.
func comparedInConstantTime(t *testing.T) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "verify.go", nil, 0)
	require.NoError(t, err)
	constant, varying := 0, 0
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.SelectorExpr:
			if node.Sel.Name == "ConstantTimeCompare" || node.Sel.Name == "Equal" {
				constant++
			}
		case *ast.BinaryExpr:
			if node.Op != token.EQL && node.Op != token.NEQ {
				return true
			}
			for _, side := range []ast.Expr{node.X, node.Y} {
				if selector, ok := side.(*ast.SelectorExpr); ok && selector.Sel.Name == "signature" {
					varying++
				}
				if name, ok := side.(*ast.Ident); ok && name.Name == "right" {
					varying++
				}
			}
		}
		return true
	})
	assert.Equal(t, 1, constant)
	assert.Zero(t, varying)

	header := webhook.Sign(submitted, secret, nonce, signed)
	right := header.Get(prefix)
	for i := range right {
		header.Set(prefix, right[:i])
		require.Error(t, webhook.Verify(submitted, header, secret, at(0)), "a part of the signature is not enough")
	}
}
