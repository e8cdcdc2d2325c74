package conversationtest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/conversationtest"
)

func TestACapabilityQueryIsEchoed(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{AppID: "APP"})
	contact := w.contact("15551230002")
	for _, recipient := range []string{byNumber, `{"contact_id": "` + contact + `"}`} {
		query := w.call(http.MethodPost, "capability:query", `{"app_id": "APP", "request_id": "R", "recipient": `+recipient+`}`)

		assert.Equal(t, http.StatusOK, query.status)
		assert.JSONEq(t, `{"app_id": "APP", "request_id": "R", "recipient": `+recipient+`}`, query.body)
	}
	assert.Equal(t, []string{contact}, w.idsOf("contacts", "contacts"), "a query creates no contact")
}

func TestACapabilityQueryGetsARequestID(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{AppID: "APP"})
	var taken struct {
		RequestID string `json:"request_id"`
	}

	w.call(http.MethodPost, "capability:query", `{"app_id": "APP", "recipient": `+byNumber+`}`).decode(&taken)

	assert.Len(t, taken.RequestID, 26)
}

func TestABadCapabilityQueryIsRejected(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{AppID: "APP"})
	for _, tc := range []struct {
		body     string
		status   int
		mentions string
	}{
		{`[]`, 400, "the request: "},
		{`{}`, 400, "app_id: it is required; recipient: it is required"},
		{`{"app_id": "APP", "recipient": "1"}`, 400, "recipient: "},
		{`{"app_id": "APP", "request_id": 1}`, 400, "recipient: it is required"},
		{`{"app_id": "OTHER", "recipient": ` + byNumber + `}`, 404, "OTHER"},
		{`{"app_id": "APP", "recipient": {"contact_id": "OTHER"}}`, 404, "OTHER"},
	} {
		name := map[int]string{400: "INVALID_ARGUMENT", 404: "NOT_FOUND"}[tc.status]
		w.call(http.MethodPost, "capability:query", tc.body).fails(tc.status, name, tc.mentions)
	}
}
