package pgconversation

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

func TestTheRateOfAnAppIsWhatItPublishes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rate   float64 // of WithRates
		status int     // of the answer; 0 for the app
		want   float64
		asks   int
	}{
		"published":     {0, 0, 25, 1},
		"not found":     {0, http.StatusNotFound, defaultAppRate, 1},
		"Sinch is away": {0, http.StatusServiceUnavailable, defaultAppRate, 1},
		"set":           {7, 0, 7, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := conversationtest.NewServer(conversationtest.Config{InMemory: true})
			t.Cleanup(srv.Close)
			if c.status != 0 {
				srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Operation: "Apps.Get", Status: c.status})
			}
			p := newPacer(nil, srv.NewClient(t), c.rate, 0)
			for range 3 {
				got, err := p.rates.of(t.Context(), srv.AppID())
				require.NoError(t, err)
				assert.InDelta(t, c.want, got, 0)
			}
			asks := 0
			for _, request := range srv.Requests() {
				if strings.HasSuffix(request.Path, "/apps/"+srv.AppID()) {
					asks++
				}
			}
			assert.Equal(t, c.asks, asks, "it is read once in a while")
		})
	}
}

func TestAnAppWhoseRateCannotBeReadInTimeDoesNotBlockAJobThatIsToStop(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true})
	t.Cleanup(srv.Close)
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultHang, Operation: "Apps.Get"})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := newPacer(nil, srv.NewClient(t), 0, 0).take(ctx, srv.AppID(), 1)
	snooze, ok := errors.AsType[*snoozeError](err)
	require.True(t, ok)
	assert.ErrorIs(t, snooze.err, context.Canceled)
}
