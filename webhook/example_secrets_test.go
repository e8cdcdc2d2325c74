package webhook_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/sinchgo/conversation/webhook"
)

// Each app has secrets, which can change at run time. A callback is accepted if it is signed with one of its app.
func ExampleWithAppSecrets() {
	secrets := map[string][]string{
		"SHOP": {"shop-secret"},
		"BANK": {"bank-secret", "next-bank-secret"}, // while it is replaced
	}
	receiver, err := webhook.NewReceiver(
		webhook.WithAppSecrets(func(_ context.Context, appID string) ([]string, error) { return secrets[appID], nil }),
		webhook.WithLogger(slog.New(slog.DiscardHandler)), // without it, the 401 below is logged to slog.Default
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	webhook.On(receiver, func(_ context.Context, e *webhook.MessageInbound) error {
		fmt.Println("a message to", e.AppID)
		return nil
	})

	// What Sinch does, and what the owner of another app might try:
	for i, callback := range []struct{ body, secret string }{
		{`{"app_id":"SHOP","message":{"id":"01HX"}}`, "shop-secret"},
		{`{"app_id":"BANK","message":{"id":"01HY"}}`, "next-bank-secret"},
		{`{"app_id":"BANK","message":{"id":"01HZ"}}`, "shop-secret"},
	} {
		request := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/sinch", strings.NewReader(callback.body))
		request.Header = webhook.Sign([]byte(callback.body), callback.secret, fmt.Sprint("nonce", i), time.Now())
		answer := httptest.NewRecorder()
		receiver.ServeHTTP(answer, request)
		fmt.Println(answer.Code)
	}
	// Output:
	// a message to SHOP
	// 200
	// a message to BANK
	// 200
	// 401
}
