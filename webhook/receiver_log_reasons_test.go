package webhook_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

// record is the log record of a callback.
type record struct {
	Level         string        `json:"level"`
	StatusCode    int           `json:"status_code"`
	Reason        string        `json:"reason"`
	Age           time.Duration `json:"age"`
	BodySize      *int          `json:"body_size"`
	ContentLength *int64        `json:"content_length"`
	Matched       *bool         `json:"content_length_matched"`
	Present       []string      `json:"signature_headers"`
	Missing       []string      `json:"missing_headers"`
	ContentCoding string        `json:"content_encoding"`
}

// logged returns the record of a request, which must have no value of a header, and whose reason an observer gets too.
func logged(t *testing.T, req *http.Request, opts ...webhook.ReceiverOption) record {
	t.Helper()
	var log bytes.Buffer
	observer := &observer{}
	receiver := newReceiver(t, append(opts, webhook.WithObserver(observer), webhook.WithLogger(slog.New(slog.NewJSONHandler(&log, nil))))...)
	countCalls(receiver, func(int) error { return errors.New("broken") })
	serve(receiver, req)
	for _, name := range signatureHeaders {
		if value := req.Header.Get(name); len(value) > 3 && value != "HmacSHA256" {
			assert.NotContains(t, log.String(), value)
		}
	}
	assert.NotContains(t, log.String(), req.RemoteAddr)
	assert.NotContains(t, log.String(), secret)
	var got record
	require.NoError(t, json.Unmarshal(log.Bytes(), &got), log.String())
	result := observer.only(t).result
	assert.NotEmpty(t, result.Reason)
	assert.True(t, strings.HasPrefix(got.Reason, "webhook: "+string(result.Reason)), "%s, and %s", got.Reason, result.Reason)
	assert.Equal(t, got.StatusCode, result.StatusCode)
	assert.Equal(t, got.Age, result.Age)
	return got
}

func TestTheLogOfARejectedCallbackHasWhatAnOperatorNeeds(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*http.Request)
		want   int
	}{
		"signed with another secret": {func(r *http.Request) { r.Header = webhook.Sign(body, "another", nonce, signed) }, 401},
		"a body that was changed":    {func(r *http.Request) { r.Header = webhook.Sign([]byte("{}"), secret, nonce, signed) }, 401},
		"too old": {func(r *http.Request) {
			r.Header = webhook.Sign(body, secret, nonce, signed.Add(-48*time.Hour))
		}, 503},
		"from the future":     {func(r *http.Request) { r.Header = webhook.Sign(body, secret, nonce, signed.Add(time.Hour)) }, 503},
		"a function's error":  {func(*http.Request) {}, 500},
		"a body read in part": {func(r *http.Request) { r.ContentLength++ }, 500},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := newCallback(t, body, nonce)
			tt.change(req)
			req.Header.Set("Content-Encoding", "gzip")
			got := logged(t, req)
			assert.Equal(t, tt.want, got.StatusCode)
			assert.Equal(t, map[bool]string{true: "ERROR", false: "INFO"}[tt.want == 500], got.Level)
			assert.Equal(t, len(body), *got.BodySize)
			assert.Equal(t, req.ContentLength, *got.ContentLength)
			assert.Equal(t, req.ContentLength == int64(len(body)), *got.Matched)
			assert.Equal(t, signatureHeaders, got.Present)
			assert.Empty(t, got.Missing)
			assert.Equal(t, "gzip", got.ContentCoding)
			want := map[string]time.Duration{"too old": 48*time.Hour + time.Second, "from the future": -time.Hour + time.Second}[name]
			if want == 0 {
				want = time.Second
			}
			assert.Equal(t, want, got.Age)
		})
	}
}

func TestTheLogShowsWhichSignatureHeadersWereThere(t *testing.T) {
	t.Parallel()
	for present := range 1 << len(signatureHeaders) {
		req := newCallback(t, body, nonce)
		var there, missing []string
		for i, name := range signatureHeaders {
			if present&(1<<i) != 0 {
				there = append(there, name)
				continue
			}
			missing = append(missing, name)
			delete(req.Header, name)
		}
		req.Header.Add(prefix+"-Other", "x")
		got := logged(t, req)
		assert.ElementsMatch(t, there, got.Present)
		assert.ElementsMatch(t, missing, got.Missing)
		assert.Equal(t, present&4 != 0, got.Age != 0, "the age is that of the timestamp")
		if got.StatusCode != http.StatusInternalServerError {
			assert.Nil(t, got.BodySize, "it was not read")
			assert.Nil(t, got.Matched)
		}
	}
}

// TestEachCauseHasItsOwnReason has a cause for each reason to reject a callback.
func TestEachCauseHasItsOwnReason(t *testing.T) {
	t.Parallel()
	causes := map[string]func(*http.Request){
		"no signature header is there":                   func(r *http.Request) { r.Header = http.Header{} },
		"Signature is missing, though another":           func(r *http.Request) { r.Header.Del(prefix) },
		"Signature is not the base64 of 32 bytes":        func(r *http.Request) { r.Header.Set(prefix, "abc") },
		"Signature is duplicated, with different values": func(r *http.Request) { r.Header.Add(prefix, "abc") },
		"Nonce is missing":                               func(r *http.Request) { r.Header.Del(prefix + "-Nonce") },
		"Nonce has a dot":                                func(r *http.Request) { r.Header.Set(prefix+"-Nonce", "a.b") },
		"Nonce is too long":                              func(r *http.Request) { r.Header.Set(prefix+"-Nonce", strings.Repeat("n", 257)) },
		"Nonce is duplicated, with different values":     func(r *http.Request) { r.Header.Set(prefix+"-Nonce", "a, b") },
		"Timestamp is missing":                           func(r *http.Request) { r.Header.Del(prefix + "-Timestamp") },
		"Timestamp is not a number of seconds":           func(r *http.Request) { r.Header.Set(prefix+"-Timestamp", "noon") },
		"unknown algorithm: only HmacSHA256":             func(r *http.Request) { r.Header.Set(prefix+"-Algorithm", "HmacMD5") },
		"it matches none of the 1 secrets":               func(r *http.Request) { r.Header = webhook.Sign(nil, secret, nonce, signed) },
		"too old: it was signed 48h0m1s ago":             func(r *http.Request) { r.Header = webhook.Sign(body, secret, nonce, signed.Add(-48*time.Hour)) },
		"from the future: it is dated 59m59s ahead":      func(r *http.Request) { r.Header = webhook.Sign(body, secret, nonce, signed.Add(time.Hour)) },
		"35 of 36 bytes are left":                        func(r *http.Request) { r.ContentLength++ },
		"34 bytes were announced, and it has 35": func(r *http.Request) {
			r.ContentLength--
			r.Header = webhook.Sign(body, "another", nonce, signed)
		},
		"a signed callback is not empty": func(r *http.Request) { r.Body = nil; r.ContentLength = -1 },
		"the function failed: broken":    func(*http.Request) {},
		"the method is not POST":         func(r *http.Request) { r.Method = http.MethodGet },
		"the body broke off":             func(r *http.Request) { r.Body = http.MaxBytesReader(nil, errorReadCloser{}, 10) },
		"request body too large":         func(r *http.Request) { r.ContentLength = 1 << 30 },
	}
	var seen []string
	for reason, change := range causes {
		req := newCallback(t, body, nonce)
		change(req)
		got := logged(t, req)
		assert.Contains(t, got.Reason, reason)
		assert.NotContains(t, seen, got.Reason)
		seen = append(seen, got.Reason)
	}
}

type errorReadCloser struct{}

func (errorReadCloser) Read([]byte) (int, error) { return 0, errors.New("broken") }
func (errorReadCloser) Close() error             { return nil }
