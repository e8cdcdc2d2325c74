package webhook_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/sinchgo/conversation/webhook"
)

func ExampleVerify() {
	handler := func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil {
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
			return
		}
		if err := webhook.Verify(body, r.Header, "WEBHOOK_SECRET"); err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusOK)
	}

	const callback = `{"app_id":"APP_ID","message":{"id":"01HX"}}`
	for _, secret := range []string{"WEBHOOK_SECRET", "another secret"} {
		request := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/sinch", strings.NewReader(callback))
		request.Header = webhook.Sign([]byte(callback), secret, "01FJA8B4A7BM43YGWSG9GBV067", time.Now())
		answer := httptest.NewRecorder()
		handler(answer, request)
		fmt.Println(answer.Code)
	}
	// Output:
	// 200
	// 401
}
