package fakeprogram

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestTheScriptReportsTheStatusOfAMessage(t *testing.T) {
	t.Parallel()
	for script, status := range map[string]string{"deliver": "DELIVERED", "read": "READ", "fail": "FAILED", "fallback": "FAILED"} {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			reports := make(chan string, 10)
			receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				reports <- string(body)
			}))
			t.Cleanup(receiver.Close)
			here := runHere(t, "-script", script)
			client := clientOf(t, here.info)
			_, err := client.Webhooks.Create(t.Context(), here.info.AppID, &conversation.CreateWebhookRequest{
				Target: receiver.URL, TargetType: conversation.TargetTypeHTTP,
				Triggers: []conversation.WebhookTrigger{conversation.TriggerMessageDelivery},
			})
			require.NoError(t, err)

			send(t, client, here.info.AppID, "15551230000")

			awaitReport(t, reports, status)
			assert.Equal(t, 0, here.end())
		})
	}
}

func awaitReport(t *testing.T, reports <-chan string, status string) {
	t.Helper()
	timeout := time.After(10 * time.Second)
	for {
		select {
		case report := <-reports:
			if strings.Contains(report, `"`+status+`"`) {
				return
			}
		case <-timeout:
			require.FailNow(t, "no report", status)
		}
	}
}
