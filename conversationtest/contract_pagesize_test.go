package conversationtest_test

import (
	"net/http"
	"testing"

	"github.com/sinchgo/conversation/conversationtest"
)

func TestAPageThatIsTooLargeIsRefusedByName(t *testing.T) {
	t.Parallel()
	for _, contract := range []conversationtest.Contract{
		conversationtest.EitherContract, conversationtest.OpenAPIContract, conversationtest.PlatformContract,
	} {
		w := newWire(t, conversationtest.Config{Contract: contract, AppID: "APP"})
		for _, path := range []string{
			"contacts?page_size=21", "conversations?page_size=21", "messages?page_size=1001",
			"contacts:identityConflicts?page_size=21", "conversations:recent?app_id=APP&page_size=51", "events?page_size=21",
			"apps/APP/consents/OPT_OUT_ALL?page_size=51",
		} {
			w.call(http.MethodGet, path, "").fails(http.StatusBadRequest, "INVALID_ARGUMENT", "page_size: ")
		}
		w.call(http.MethodPost, "messages:fetch-last-message", `{"page_size": 1001}`).
			fails(http.StatusBadRequest, "INVALID_ARGUMENT", "page_size: ")
	}
}
