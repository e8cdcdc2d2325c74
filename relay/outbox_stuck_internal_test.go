package relay

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAnEntryThatTheEngineDoesNotDeliverAgainBecomesUnknown acknowledges the message of an entry without recording
// anything, as the engine does after a power cut that cost it the record and the removal.
func TestAnEntryThatTheEngineDoesNotDeliverAgainBecomesUnknown(t *testing.T) {
	t.Parallel()
	for state, want := range map[State]State{
		"": StateUnknown, StateQueued: StateUnknown, StateAttempting: StateUnknown, StateAccepted: StateAccepted,
	} {
		t.Run("was "+string(state), func(t *testing.T) {
			t.Parallel()
			r, srv := abandoned(t, time.Minute)
			ref := ref{id: "a", app: srv.AppID()}
			require.NoError(t, r.outboxStream.Purge(t.Context(), jetstream.WithPurgeSubject(r.names.entry(kindState, ref.app, ref.id))))
			if state != "" {
				_, err := r.outbox.put(t.Context(), ref, record{State: state, Attempts: 1}, 0)
				require.NoError(t, err)
			}
			require.NoError(t, r.js.DeleteConsumer(t.Context(), r.names.outbox, consumerOf(ref.app)))
			consumer, err := r.js.CreateOrUpdateConsumer(t.Context(), r.names.outbox, jetstream.ConsumerConfig{
				Durable: consumerOf(ref.app), FilterSubject: r.names.entriesOf(ref.app), AckPolicy: jetstream.AckExplicitPolicy,
			})
			require.NoError(t, err)
			msg, err := consumer.Next()
			require.NoError(t, err)
			require.NoError(t, msg.DoubleAck(t.Context()))

			ctx, stop := context.WithCancel(t.Context())
			var group sync.WaitGroup
			group.Go(func() { assert.NoError(t, r.Outbox().Run(ctx, srv.NewClient(t), WithSendLease(time.Second))) })
			defer group.Wait()
			defer stop()
			require.Eventually(t, func() bool {
				status, err := r.Outbox().Get(t.Context(), "a")
				_, gone := r.outboxStream.GetMsg(t.Context(), 1)
				return err == nil && status.State == want && gone != nil
			}, 20*time.Second, 10*time.Millisecond)
			assert.Empty(t, srv.Sent())
		})
	}
}
