package conversationtest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/conversationtest"
)

func TestAnObserverReceivesEveryRequest(t *testing.T) {
	t.Parallel()
	type call struct {
		request conversationtest.Request
		took    time.Duration
	}
	calls := make(chan call, 2)
	w := newWire(t, conversationtest.Config{OnRequest: func(request conversationtest.Request, took time.Duration) {
		calls <- call{request, took}
	}})

	w.call(http.MethodGet, "messages?page_size=3", "")
	w.call(http.MethodDelete, "messages/none", "")

	for _, want := range w.srv.Requests() {
		got := <-calls
		assert.Equal(t, want, got.request)
		assert.Positive(t, got.took)
	}
}
