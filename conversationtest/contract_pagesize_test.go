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
		w := newWire(t, conversationtest.Config{Contract: contract})
		for _, path := range []string{"contacts?page_size=21", "conversations?page_size=21", "messages?page_size=1001"} {
			w.call(http.MethodGet, path, "").fails(http.StatusBadRequest, "INVALID_ARGUMENT", "page_size: ")
		}
	}
}
