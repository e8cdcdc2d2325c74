package webhook_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"github.com/sinchgo/conversation/webhook"
)

// FuzzParse requires an event that can be marshaled, or a ParseError, for any body.
func FuzzParse(f *testing.F) {
	for _, body := range samples(f) {
		f.Add(body)
	}
	for _, body := range []string{
		``, `null`, `[]`, `{}`, `{"message": null}`, `{"message": {}, "event": {}}`, `{"message": 1}`, `{"event": "ice"}`, `{"m\u0065ssage": {}}`,
		`{"a": "\"}{", "message": {"id": "\\"}}`, "{\"message\": {\"id\": \"\xff\"}}", `{"message": {"id": "M"}} x`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		event, err := webhook.Parse(body)
		if refused, ok := errors.AsType[*webhook.ParseError](err); err != nil && (!ok || refused.Offset < 0 || refused.Offset > int64(len(body))) {
			t.Fatalf("no ParseError in the body: %v", err)
		}
		var top map[string]json.RawMessage
		isObject := json.Unmarshal(body, &top) == nil && top != nil
		if err != nil {
			return
		}
		if !isObject {
			t.Fatal("a body that is not a JSON object was accepted")
		}
		if _, err := json.Marshal(event); err != nil {
			t.Fatalf("the event cannot be marshaled: %v", err)
		}
		if _, ok := event.(*webhook.Unknown); ok && bytes.HasPrefix(top["message"], []byte("{")) {
			t.Fatal("a message was not seen")
		}
	})
}
