package docs_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

const (
	webhookSecret = "the secret of the webhook"
	report        = `{"app_id":"APP_ID","message_delivery_report":{"message_id":"MESSAGE_ID","status":"DELIVERED"}}`
)

// rejectedCallbacks returns the log records of callbacks that are not handled.
func rejectedCallbacks(t *testing.T) []string {
	t.Helper()
	database := errors.New("the database is down")
	failing := newReceiver(t, func() error { return database })
	signedAt := func(age time.Duration) func(*http.Request) {
		return func(r *http.Request) {
			r.Header = webhook.Sign([]byte(report), webhookSecret, "nonce", time.Now().Add(-age))
		}
	}
	records := []string{
		rejection(t, func(r *http.Request) { r.Header = http.Header{} }, failing),
		rejection(t, func(r *http.Request) { r.Header.Del(webhook.HeaderNonce) }, failing),
		rejection(t, func(r *http.Request) { r.Header.Set(webhook.HeaderAlgorithm, "HmacSHA1") }, failing),
		rejection(t, func(r *http.Request) { r.Header = webhook.Sign([]byte(report), "another secret", "nonce", time.Now()) }, failing),
		rejection(t, signedAt(48*time.Hour), failing),
		rejection(t, signedAt(-time.Hour), failing),
		rejection(t, func(r *http.Request) { r.Method = http.MethodGet }, failing),
		rejection(t, func(r *http.Request) { r.ContentLength = 2 << 20 }, failing),
		rejection(t, func(r *http.Request) { r.Body = io.NopCloser(iotest.ErrReader(io.ErrUnexpectedEOF)) }, failing),
		rejection(t, func(r *http.Request) { r.Body = http.NoBody }, failing),
		rejection(t, func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(report + "\n")) }, failing),
		rejection(t, func(r *http.Request) { sign(r, `["not", "an", "object"]`) }, failing),
		rejection(t, unchanged, failing),
		rejection(t, unchanged, newReceiver(t, func() error { panic("assignment to entry in nil map") })),
		rejection(t, unchanged, newReceiver(t, nil, withDeduper(0, database)...)),
		rejection(t, unchanged, newReceiver(t, nil, withDeduper(webhook.StateInFlight, nil)...)),
		rejection(t, unchanged, newReceiver(t, nil, withDeduper(webhook.StateCommitted, nil)...)),
		rejection(t, unchanged, newReceiver(t, nil, bySecretOf(nil, errors.New("the vault is sealed"))...)),
		rejection(t, unchanged, newReceiver(t, nil, bySecretOf(nil, nil)...)),
		rejection(t, func(r *http.Request) {
			sign(r, `{"app_id":"APP_ID","APP_ID":"ANOTHER","message_delivery_report":{"message_id":"MESSAGE_ID"}}`)
		}, newReceiver(t, nil, bySecretOf([]string{webhookSecret}, nil)...)),
		busy(t), slow(t),
	}
	for _, opts := range [][]webhook.ReceiverOption{nil, {webhook.WithSecret(webhookSecret + "\n")}} {
		_, err := webhook.NewReceiver(opts...)
		require.Error(t, err)
		records = append(records, err.Error())
	}
	return records
}

func unchanged(*http.Request) {}
