package otelconversation_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/otelconversation"
	"github.com/sinchgo/conversation/outbox"
)

func TestTheCallOfAnEntryIsItsChild(t *testing.T) {
	t.Parallel()
	seen, srv := record(t), fake(t)
	entry := outbox.EntryInfo{Operation: "Outbox.Run", ID: "the id", Attempt: 2}
	ctx := seen.EntryStarted(t.Context(), entry)
	_, err := srv.NewClient(t, conversation.WithObserver(seen)).Messages.Send(ctx, &conversation.SendMessageRequest{})
	seen.EntryEnded(ctx, entry, outbox.EntryResult{State: "rejected", Attempts: 2, Err: err, Duration: time.Second})

	span := seen.only(t, "Outbox.Run")
	assert.Equal(t, span.SpanContext().SpanID(), seen.only(t, "Messages.Send").Parent().SpanID())
	assert.Equal(t, "2", of(span)["sinch.conversation.attempt"])
	assert.Equal(t, "rejected", of(span)["sinch.conversation.state"])
	assert.Equal(t, map[string]float64{"rejected invalid_argument": 1},
		seen.values(t, "sinch.conversation.entry.duration", "sinch.conversation.state", "error.type"))
}

func TestAnOutboxIsShownAsGauges(t *testing.T) {
	t.Parallel()
	seen := record(t)
	stop, err := seen.ObserveOutbox(func(context.Context) (outbox.Overview, error) {
		return outbox.Overview{
			States: map[string]int{"queued": 5, "accepted": 7}, Due: 3, Oldest: time.Minute, Waiting: 2, OldestCall: time.Second, Dead: 1,
		}, nil
	})
	require.NoError(t, err)
	assert.Equal(t, map[string]float64{"queued": 5, "accepted": 7}, seen.values(t, "sinch.conversation.outbox.entries", "sinch.conversation.state"))
	for name, want := range map[string]float64{"outbox.depth": 3, "outbox.oldest": 60, "inbox.depth": 2, "inbox.oldest": 1, "dead_letters": 1} {
		assert.Equal(t, map[string]float64{"": want}, seen.values(t, "sinch.conversation."+name), name)
	}
	require.NoError(t, stop())
	assert.Empty(t, seen.values(t, "sinch.conversation.outbox.depth"))
}

func TestGaugesHaveNoValuesWhileTheOutboxIsAway(t *testing.T) {
	t.Parallel()
	seen := record(t)
	_, err := seen.ObserveOutbox(func(context.Context) (outbox.Overview, error) { return outbox.Overview{}, errors.New("away") })
	require.NoError(t, err)
	var all metricdata.ResourceMetrics
	require.ErrorContains(t, seen.reader.Collect(t.Context(), &all), "away")
	assert.Empty(t, all.ScopeMetrics)
}

func TestWrongOptionsAreReportedTogether(t *testing.T) {
	t.Parallel()
	_, err := otelconversation.NewObserver(nil, otelconversation.WithTracerProvider(nil), otelconversation.WithMeterProvider(nil))
	require.Error(t, err)
	for _, part := range []string{"NewObserver: opts[0] is nil", "WithTracerProvider is nil: leave", "WithMeterProvider is nil: leave"} {
		assert.ErrorContains(t, err, part)
	}
	_, isArgument := errors.AsType[*conversation.ArgumentError](err)
	assert.True(t, isArgument)
	_, err = record(t).ObserveOutbox(nil)
	require.ErrorContains(t, err, "ObserveOutbox: read is nil")
	observer, err := otelconversation.NewObserver()
	require.NoError(t, err)
	assert.NotNil(t, observer)
}
