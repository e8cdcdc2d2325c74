package webhook

import (
	"context"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// idle is an observer that does nothing.
type idle struct{}

func (idle) CallbackStarted(ctx context.Context, _ CallbackInfo) context.Context { return ctx }

func (idle) CallbackParsed(ctx context.Context, _ CallbackInfo, _ Event) context.Context { return ctx }
func (idle) CallbackEnded(context.Context, CallbackInfo, CallbackResult)                 {}

//nolint:paralleltest // It counts allocations.
func TestAllThatObserversNeedAllocatesNothing(t *testing.T) {
	for name, opts := range map[string][]ReceiverOption{
		"no observer":                     nil,
		"observers that allocate nothing": {WithObserver(idle{}), WithObserver(&idle{})},
	} {
		receiver, err := NewReceiver(append(opts, WithoutVerification(), WithLogger(slog.New(slog.DiscardHandler)))...)
		require.NoError(t, err)
		var event Event = &MessageInbound{}
		c := callback{header: http.Header{}}
		assert.Zero(t, testing.AllocsPerRun(100, func() {
			ctx := receiver.started(t.Context(), CallbackInfo{Operation: operationServe})
			ctx = receiver.parsed(ctx, operationServe, event)
			receiver.finish(ctx, operationServe, answer{status: http.StatusOK, event: event}, &c, time.Second)
		}), name)
	}
}
