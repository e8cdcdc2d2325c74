package webhook

import (
	"context"
	"log/slog"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// idle is an observer that does nothing.
type idle struct{}

func (idle) CallbackStarted(ctx context.Context, _ CallbackInfo) context.Context { return ctx }

func (idle) CallbackParsed(ctx context.Context, _ CallbackInfo, _ Event) context.Context { return ctx }
func (idle) CallbackEnded(context.Context, CallbackInfo, CallbackResult)                 {}

//nolint:paralleltest // It counts allocations.
func TestWithoutAnObserverNothingIsAllocatedForOne(t *testing.T) {
	for name, tt := range map[string]struct {
		opts []ReceiverOption
		want float64
	}{
		"no observer":                     {nil, 0},
		"observers that allocate nothing": {[]ReceiverOption{WithObserver(idle{}), WithObserver(&idle{})}, 2}, // their contexts
	} {
		receiver, err := NewReceiver(append(tt.opts, WithoutVerification(), WithLogger(slog.New(slog.DiscardHandler)))...)
		require.NoError(t, err)
		var event Event = &MessageInbound{}
		c := callback{header: http.Header{}}
		assert.LessOrEqual(t, testing.AllocsPerRun(100, func() {
			receiver.observe(t.Context(), CallbackInfo{Operation: operationServe}, &c, func(ctx context.Context) answer {
				receiver.parsed(ctx, operationServe, event)
				return answer{status: http.StatusOK, event: event}
			})
		}), tt.want, name)
	}
}
