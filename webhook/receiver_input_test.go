package webhook_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

func TestMalformedSignatureHeadersAreRejected(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(http.Header)
		want   int
	}{
		{"no headers", func(h http.Header) { clear(h) }, 401},
		{"no signature", func(h http.Header) { h.Del(prefix) }, 401},
		{"two signatures", func(h http.Header) { h.Add(prefix, webhook.Sign(body, "another", nonce, signed).Get(prefix)) }, 400},
		{"a signature cut short", func(h http.Header) { h.Set(prefix, h.Get(prefix)[1:]) }, 401},
		{"no nonce", func(h http.Header) { h.Del(prefix + "-Nonce") }, 400},
		{"a nonce with a dot", func(h http.Header) { h.Set(prefix+"-Nonce", "a.b") }, 400},
		{"another nonce", func(h http.Header) { h.Set(prefix+"-Nonce", "another") }, 401},
		{"another algorithm", func(h http.Header) { h.Set(prefix+"-Algorithm", "HmacSHA1") }, 401},
		{"no timestamp", func(h http.Header) { h.Del(prefix + "-Timestamp") }, 400},
		{"a word for a timestamp", func(h http.Header) { h.Set(prefix+"-Timestamp", "abc") }, 400},
		{"an exponent", func(h http.Header) { h.Set(prefix+"-Timestamp", "1e9") }, 400},
		{"a negative timestamp", func(h http.Header) { h.Set(prefix+"-Timestamp", "-1772366400") }, 400},
		{"another timestamp", func(h http.Header) { h.Set(prefix+"-Timestamp", "999999999999") }, 401},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			receiver := newReceiver(t)
			calls := countCalls(receiver, nil)
			req := newCallback(t, body, nonce)
			tt.change(req.Header)
			assert.Equal(t, tt.want, serve(receiver, req).Code)
			assert.Zero(t, calls.count())
		})
	}
}

func TestSignedBodiesThatAreNotCallbacksAreRejected(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		body string
		want int
	}{
		{"an unknown kind", `{"app_id":"A","new_notification":{}}`, 200},
		{"white space", ` `, 400},
		{"not JSON", `app_id=A`, 400},
		{"cut short", `{"app_id":"A"`, 400},
		{"null", `null`, 400},
		{"a list", `[]`, 400},
		{"two bodies", `{"app_id":"A"}{"app_id":"A"}`, 400},
		{"two payloads", `{"message":{},"message_delivery_report":{}}`, 400},
		{"a duplicated field", `{"app_id":"A","app_id":"B","message":{}}`, 400},
		{"invalid UTF-8", "{\"app_id\":\"A\xff\",\"message\":{}}", 200},
		{"lists in 100,000 lists", `{"message":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`, 400},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			receiver := newReceiver(t)
			calls := countCalls(receiver, nil)
			assert.Equal(t, tt.want, serve(receiver, newCallback(t, []byte(tt.body), nonce)).Code)
			assert.Equal(t, tt.want == 200, calls.count() == 1)
		})
	}
}

func TestACompressedBodyIsVerifiedAsItCameAndNotUnpacked(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, _ = writer.Write(body)
	require.NoError(t, writer.Close())
	receiver := newReceiver(t)
	calls := countCalls(receiver, nil)

	req := newCallback(t, packed.Bytes(), nonce)
	req.Header.Set("Content-Encoding", "gzip")
	assert.Equal(t, 400, serve(receiver, req).Code)

	req = newCallback(t, packed.Bytes(), nonce)
	req.Header = webhook.Sign(body, secret, nonce, signed)
	req.Header.Set("Content-Encoding", "gzip")
	assert.Equal(t, 401, serve(receiver, req).Code, "signed over what it unpacks to")
	assert.Zero(t, calls.count())
}

// endless is a body that goes on for ever, and counts what is read of it.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	e.read += int64(len(p))
	return len(p), nil
}

func TestNoMoreIsReadOfABodyThanAllowed(t *testing.T) {
	t.Parallel()
	const limit = 1 << 16
	for name, tt := range map[string]struct {
		declared int64
		atMost   int64
	}{
		"an unknown length":             {-1, limit + 1},
		"a length of 1 GiB":             {1 << 30, 0},
		"a length one beyond the limit": {limit + 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := &endless{}
			req := newCallback(t, nil, nonce)
			req.Body, req.ContentLength = io.NopCloser(source), tt.declared
			assert.Equal(t, 413, serve(newReceiver(t, webhook.WithMaxBody(limit)), req).Code)
			assert.LessOrEqual(t, source.read, tt.atMost)
		})
	}
}
