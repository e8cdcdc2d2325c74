package conversationtest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// storing returns a server with messages in a mode, and the id of the last one.
func storing(tb testing.TB, count int, mode conversation.ProcessingMode) (srv *Server, id string) {
	tb.Helper()
	srv = NewServer(Config{InMemory: true, Mode: mode})
	tb.Cleanup(srv.Close)
	p := srv.projectOf(srv.AppID())
	request := conversation.SendMessageRequest{
		AppID: srv.AppID(), Message: conversation.Text("hi"), Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
	}
	for range count {
		stored, err := p.accept(&request, json.RawMessage(`{"text_message": {"text": "hi"}}`), nil, p.now())
		require.NoError(tb, err)
		id = stored.message.ID
	}
	return srv, id
}

func TestReadingAMessageByItsIDDoesNotWalkTheOthers(t *testing.T) { //nolint:paralleltest // It counts allocations.
	for _, mode := range []conversation.ProcessingMode{conversation.ProcessingModeConversation, conversation.ProcessingModeDispatch} {
		var allocations []float64
		for _, count := range []int{10, 5_000} {
			srv, id := storing(t, count, mode)
			control := srv.Control()
			request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/_fake/messages?ids="+id, nil)
			allocations = append(allocations, testing.AllocsPerRun(100, func() {
				answer := httptest.NewRecorder()
				control.ServeHTTP(answer, request)
				require.Equal(t, 1, strings.Count(answer.Body.String(), `"shown"`))
			}))
		}
		assert.InDelta(t, allocations[0], allocations[1], 20, mode)
	}
}

// BenchmarkState measures the state of 10,000 messages, which must stay far below a second.
func BenchmarkState(b *testing.B) {
	srv, _ := storing(b, 10_000, conversation.ProcessingModeDispatch)
	control := srv.Control()
	for b.Loop() {
		answer := httptest.NewRecorder()
		control.ServeHTTP(answer, httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/_fake/state", nil))
		if answer.Code != http.StatusOK {
			b.Fatal(answer.Body)
		}
	}
}
