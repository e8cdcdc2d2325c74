package webhook_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/sinchgo/conversation/webhook"
)

const greeting = `{"app_id":"A","message":{"id":"01HX","contact_message":{"text_message":{"text":"Hi!"}}}}`

// deliver does what Sinch does: it signs a callback with WEBHOOK_SECRET, passes it to the handler and returns the status of the response.
func deliver(handler http.Handler, body string) int {
	return deliverAt(handler, body, time.Now())
}

func deliverAt(handler http.Handler, body string, at time.Time) int {
	request := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/sinch", strings.NewReader(body))
	request.Header = webhook.Sign([]byte(body), "WEBHOOK_SECRET", "nonce", at)
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	return answer.Code
}
