package webhook_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/webhook"
)

const phone = "+46 70 123 45 67"

func TestTheLogHasTheOutcomeOfACallbackAndNothingPersonal(t *testing.T) {
	t.Parallel()
	callback := []byte(`{"app_id":"A","message":{"id":"hello 46701234567"}}`)
	for _, tt := range []struct {
		name     string
		opts     []webhook.ReceiverOption
		change   func(*http.Request)
		function func(int) error
		want     []string
	}{
		{name: "handled", want: []string{"DEBUG", `"status_code":200,"duration":`, `"trigger":"MESSAGE_INBOUND"`, `"app_id":"A"`}},
		{name: "a duplicate", opts: []webhook.ReceiverOption{webhook.WithDeduper(&deduper{state: webhook.StateCommitted})}, want: []string{"DEBUG", "a duplicate was handled before"}},
		{name: "in flight", opts: []webhook.ReceiverOption{webhook.WithDeduper(&deduper{state: webhook.StateInFlight})}, want: []string{"INFO", `"status_code":503`, "a duplicate is being handled"}},
		{name: "failed", function: func(int) error { return errors.New("no room for " + phone) }, want: []string{"ERROR", `"status_code":500`, `"trigger":"MESSAGE_INBOUND"`, `"app_id":"A"`, "no room for +*******"}},
		{name: "panicked", function: func(int) error { panic("no room for " + phone) }, want: []string{"ERROR", "the function panicked: no room for +*******", `"stack":"goroutine`}},
		{name: "an error that panics", function: func(int) error { return (*brokenError)(nil) }, want: []string{"ERROR", "the function failed"}},
		{name: "not signed", change: func(r *http.Request) { r.Header = http.Header{} }, want: []string{"INFO", `"status_code":401`, "not signed"}},
		{name: "badly signed", change: func(r *http.Request) { r.Header.Set(prefix, "x") }, want: []string{"INFO", `"status_code":401`, "bad signature"}},
		{name: "malformed", change: func(r *http.Request) { r.Header.Add(prefix, "x") }, want: []string{"INFO", `"status_code":400`, "duplicated"}},
		{name: "too large", opts: []webhook.ReceiverOption{webhook.WithMaxBody(1)}, want: []string{"INFO", `"status_code":413`}},
		{name: "another method", change: func(r *http.Request) { r.Method = http.MethodGet }, want: []string{"INFO", `"status_code":405`}},
		{name: "Begin fails", opts: []webhook.ReceiverOption{webhook.WithDeduper(&deduper{beginErr: errors.New("down " + phone)})}, want: []string{"ERROR", `"status_code":503`, "Deduper.Begin: down +*******"}},
		{name: "Done fails", opts: []webhook.ReceiverOption{webhook.WithDeduper(&deduper{state: webhook.StateNew, doneErr: errors.New("down " + phone)})}, want: []string{"ERROR", "Deduper.Done failed", `"committed":true`, "down +*******", "DEBUG", `"status_code":200`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			receiver := newReceiver(t, append(tt.opts, webhook.WithLogger(logger))...)
			countCalls(receiver, tt.function)
			req := newCallback(t, callback, nonce)
			right := req.Header.Get(prefix)
			if tt.change != nil {
				tt.change(req)
			}
			answer := serve(receiver, req)
			for _, part := range tt.want {
				assert.Contains(t, log.String(), part)
			}
			shown := log.String() + answer.Body.String()
			for _, hidden := range []string{secret, right, nonce, phone, "45 67", "46701234567", "hello"} {
				assert.NotContains(t, shown, hidden)
			}
		})
	}
}

type brokenError struct{ text string }

func (e *brokenError) Error() string { return e.text }

func TestNothingIsLoggedBelowTheLevelOfTheLogger(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	receiver := newReceiver(t, webhook.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	assert.Equal(t, 200, serve(receiver, newCallback(t, body, nonce)).Code)
	assert.Empty(t, log.String())
}

// TestAFieldOfAnotherTypeIsLoggedByItsPath has a field of another JSON type in each kind of place.
func TestAFieldOfAnotherTypeIsLoggedByItsPath(t *testing.T) {
	t.Parallel()
	for text, fields := range map[string]string{
		`{"app_id":5,"message":{"id":"M","contact_message":{"text_message":"hush"}}}`:                                   `["app_id","message.contact_message.text_message"]`,
		`{"accepted_time":{"hush":1},"message":{"id":"M","direction":["hush"]}}`:                                        `["accepted_time","message.direction"]`,
		`{"message_delivery_report":{"reason":"hush","message_id":"M"}}`:                                                `["message_delivery_report.reason"]`,
		`{"record_notification":{"entityId":{"hush":1}}}`:                                                               `["record_notification.entityId"]`,
		`{"duplicated_identities":[{"channel":"SMS","contact_ids":"hush"}]}`:                                            `["duplicated_identities[0].contact_ids"]`,
		`{"channel_event_notification":{"channel_event":{"additional_data":"hush","event_type":"T"}}}`:                  `["channel_event_notification.channel_event.additional_data"]`,
		`{"message":{"id":"M","contact_message":{"choice_response_message":{"message_id":{},"postback_data":["ok"]}}}}`: `["message.contact_message.choice_response_message.message_id"]`,
		`{"message":{"id":"M"}}`: ``,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			var log strings.Builder
			receiver := newReceiver(t, webhook.WithLogger(slog.New(slog.NewJSONHandler(&log, nil))))
			assert.Equal(t, 200, serve(receiver, newCallback(t, []byte(text), nonce)).Code)
			assert.NotContains(t, log.String(), "hush")
			if fields == "" {
				assert.Empty(t, log.String())
				return
			}
			assert.Contains(t, log.String(), `"level":"WARN"`)
			assert.Contains(t, log.String(), `"fields":`+fields)
		})
	}
}
