package webhook_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

const (
	secret = "webhook-secret"
	nonce  = "01FJA8B4A7BM43YGWSG9GBV067"
	prefix = "X-Sinch-Webhook-Signature"
)

var (
	body   = []byte(`{"app_id":"A","message":{"id":"M"}}`)
	signed = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

// at is the clock at a time after the signature.
func at(after time.Duration) webhook.VerifyOption {
	return webhook.WithClock(func() time.Time { return signed.Add(after) })
}

func TestASignatureOfSinchIsAccepted(t *testing.T) {
	t.Parallel()
	require.NoError(t, webhook.Verify(body, webhook.Sign(body, secret, nonce, signed), secret, at(time.Second)))
	require.NoError(t, webhook.Verify(nil, webhook.Sign(nil, secret, nonce, signed), secret, at(0)), "an empty body")

	lower := http.Header{}
	for name, values := range webhook.Sign(body, secret, nonce, signed) {
		lower[strings.ToLower(name)] = values
	}
	require.NoError(t, webhook.Verify(body, lower, secret, at(0)), "header names in any case")
}

func TestTheAgeOfACallbackIsBounded(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		after time.Duration
		opts  []webhook.VerifyOption
		want  error
	}{
		{"just signed", 0, nil, nil},
		{"five minutes in the future", -5 * time.Minute, nil, nil},
		{"more than five minutes in the future", -5*time.Minute - time.Second, nil, webhook.ErrTooNew},
		{"a day old", 24 * time.Hour, nil, nil},
		{"more than a day old", 24*time.Hour + time.Second, nil, webhook.ErrTooOld},
		{"as old as allowed", time.Minute, []webhook.VerifyOption{webhook.WithMaxAge(time.Minute)}, nil},
		{"older than allowed", time.Minute + time.Second, []webhook.VerifyOption{webhook.WithMaxAge(time.Minute)}, webhook.ErrTooOld},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			header := webhook.Sign(body, secret, nonce, signed)
			assert.ErrorIs(t, webhook.Verify(body, header, secret, append(tt.opts, at(tt.after))...), tt.want)
		})
	}
}

func TestABadSignatureIsReportedBeforeTheAge(t *testing.T) {
	t.Parallel()
	header := webhook.Sign(body, "another secret", nonce, signed)
	assert.ErrorIs(t, webhook.Verify(body, header, secret, at(1000*time.Hour)), webhook.ErrBadSignature)
}

func TestVerifyRejectsMalformedHeaders(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(http.Header)
		want   error
	}{
		{"no headers", func(h http.Header) { clear(h) }, webhook.ErrNotSigned},
		{"no signature", func(h http.Header) { h.Del(prefix) }, webhook.ErrNotSigned},
		{"an empty signature", func(h http.Header) { h.Set(prefix, "") }, webhook.ErrNotSigned},
		{"two signatures", func(h http.Header) { h.Add(prefix, "another") }, webhook.ErrMalformed},
		{"two signatures in two cases", func(h http.Header) { h["x-sinch-webhook-signature"] = []string{"another"} }, webhook.ErrMalformed},
		{"a signature header without a value", func(h http.Header) { h[prefix] = nil }, webhook.ErrNotSigned},
		{"no nonce", func(h http.Header) { h.Del(prefix + "-Nonce") }, webhook.ErrMalformed},
		{"a nonce with a dot", func(h http.Header) { h.Set(prefix+"-Nonce", "a.b") }, webhook.ErrMalformed},
		{"a long nonce", func(h http.Header) { h.Set(prefix+"-Nonce", strings.Repeat("n", 257)) }, webhook.ErrMalformed},
		{"two nonces", func(h http.Header) { h.Add(prefix+"-Nonce", "n") }, webhook.ErrMalformed},
		{"no timestamp", func(h http.Header) { h.Del(prefix + "-Timestamp") }, webhook.ErrMalformed},
		{"a word for a timestamp", func(h http.Header) { h.Set(prefix+"-Timestamp", "abc") }, webhook.ErrMalformed},
		{"an exponent", func(h http.Header) { h.Set(prefix+"-Timestamp", "1e9") }, webhook.ErrMalformed},
		{"a negative timestamp", func(h http.Header) { h.Set(prefix+"-Timestamp", "-1") }, webhook.ErrMalformed},
		{"a plus sign", func(h http.Header) { h.Set(prefix+"-Timestamp", "+1") }, webhook.ErrMalformed},
		{"a leading zero", func(h http.Header) { h.Set(prefix+"-Timestamp", "01") }, webhook.ErrMalformed},
		{"a timestamp beyond all time", func(h http.Header) { h.Set(prefix+"-Timestamp", strings.Repeat("9", 13)) }, webhook.ErrMalformed},
		{"digits of another script", func(h http.Header) { h.Set(prefix+"-Timestamp", "١٢") }, webhook.ErrMalformed},
		{"another algorithm", func(h http.Header) { h.Set(prefix+"-Algorithm", "HmacMD5") }, webhook.ErrUnknownAlgorithm},
		{"the algorithm in lower case", func(h http.Header) { h.Set(prefix+"-Algorithm", "hmacsha256") }, webhook.ErrUnknownAlgorithm},
		{"a signature without padding", func(h http.Header) { h.Set(prefix, strings.TrimRight(h.Get(prefix), "=")) }, webhook.ErrBadSignature},
		{"a signature with a line break", func(h http.Header) { h.Set(prefix, h.Get(prefix)+"\n") }, webhook.ErrBadSignature},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			header := webhook.Sign(body, secret, nonce, signed)
			right := header.Get(prefix)
			tt.change(header)
			err := webhook.Verify(body, header, secret, at(0))
			require.ErrorIs(t, err, tt.want)
			assert.NotContains(t, err.Error(), secret)
			assert.NotContains(t, err.Error(), right)
		})
	}
}

// TestTheSignedBytesHaveOneReading moves the borders between body, nonce and timestamp, which leaves the signed bytes as
// they are.
func TestTheSignedBytesHaveOneReading(t *testing.T) {
	t.Parallel()
	text := []byte("a.b.1772366400")
	header := webhook.Sign(text, secret, nonce, signed)
	header.Set(prefix+"-Nonce", "1772366400."+nonce)
	assert.ErrorIs(t, webhook.Verify([]byte("a.b"), header, secret, at(0)), webhook.ErrMalformed)

	header = webhook.Sign(text, secret, nonce, signed)
	header.Set(prefix+"-Nonce", nonce+"."+strconv.FormatInt(signed.Unix(), 10))
	assert.Error(t, webhook.Verify(text, header, secret, at(0)))
}

func TestVerifyRejectsAnEmptySecretAndInvalidOptions(t *testing.T) {
	t.Parallel()
	header := webhook.Sign(body, "", nonce, signed)
	require.ErrorIs(t, webhook.Verify(body, header, "", at(0)), webhook.ErrNoSecret)
	for _, opt := range []webhook.VerifyOption{webhook.WithClock(nil), webhook.WithMaxAge(0), webhook.WithMaxAge(-1)} {
		err := webhook.Verify(body, webhook.Sign(body, secret, nonce, signed), secret, opt)
		require.Error(t, err)
		assert.NotErrorIs(t, err, webhook.ErrBadSignature)
		assert.NotErrorIs(t, err, webhook.ErrTooOld)
	}
}
