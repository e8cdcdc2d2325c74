package conversation_test

import (
	"context"
	"math"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// allocationsOfASend returns how many allocations a Send makes, its transport included.
func allocationsOfASend(t *testing.T, opts ...conversation.Option) float64 {
	t.Helper()
	header := http.Header{"X-Request-Id": {"01HX-request"}}
	client, err := conversation.NewClient("project", workingBasic(append(opts, conversation.WithHTTPClient(&http.Client{
		Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
			resp := answerTo(req, http.StatusOK, anyReply)
			resp.Header = header
			return resp, nil
		}),
	}))...)...)
	require.NoError(t, err)
	message := textMessage()
	least := math.Inf(1) // What other goroutines allocate is counted too.
	for range 3 {
		least = min(least, testing.AllocsPerRun(300, func() {
			if _, err := client.Messages.Send(t.Context(), message); err != nil {
				t.Fatal(err)
			}
		}))
	}
	return least
}

// idle is an observer that does nothing.
type idle struct{}

func (idle) CallStarted(ctx context.Context, _ conversation.CallInfo) context.Context { return ctx }

func (idle) CallEnded(context.Context, conversation.CallInfo, conversation.CallResult) {}

// TestObserversCostNextToNoAllocations holds the numbers from before there were observers: 37 with Go 1.26, 32 with Go 1.27, and 3
// more with the race detector.
func TestObserversCostNextToNoAllocations(t *testing.T) { //nolint:paralleltest // The allocations of the whole process are counted.
	none := allocationsOfASend(t)
	assert.LessOrEqual(t, none, 40.0)
	one := conversation.WithObserver(idle{})
	assert.LessOrEqual(t, allocationsOfASend(t, one), none+2)
	assert.LessOrEqual(t, allocationsOfASend(t, one, one, one), none+2)
}
