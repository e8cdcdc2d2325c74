package relay_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
)

func TestAnOverviewOfAnEmptyRelay(t *testing.T) {
	t.Parallel()
	view, err := open(t).Overview(t.Context())
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now(), view.At, time.Minute)
	view.At = time.Time{}
	assert.Equal(t, &relay.Overview{States: map[relay.State]int{}, Apps: []relay.AppOverview{}, Groups: []relay.GroupOverview{}, Pauses: []relay.Pause{}}, view)
}

func TestAnOverviewCountsTheEntriesOfEachApp(t *testing.T) {
	t.Parallel()
	nc := connection(t)
	r, err := relay.Open(t.Context(), relay.Conn(nc), relay.WithWeakDurability())
	require.NoError(t, err)
	began := time.Now()
	for id, entry := range map[string]relay.Entry{
		"one": {App: "B"}, "two": {App: "B"}, "sent": {App: "B"}, "doubt": {App: "B"},
		"later": {App: "A", After: began.Add(time.Hour)}, "trying": {App: "A"},
	} {
		entry.ID = id
		require.NoError(t, r.Outbox().Enqueue(t.Context(), textOf(""), entry))
	}
	note(t, nc, "B", "sent", relay.StateAccepted)
	note(t, nc, "B", "doubt", relay.StateUnknown)
	note(t, nc, "A", "trying", relay.StateAttempting)

	view, err := r.Overview(t.Context())

	require.NoError(t, err)
	require.Len(t, view.Apps, 2)
	assert.Equal(t, map[relay.State]int{
		relay.StateQueued: 3, relay.StateAccepted: 1, relay.StateUnknown: 1, relay.StateAttempting: 1,
	}, view.States)
	assert.Equal(t, relay.AppOverview{
		App: "A", States: map[relay.State]int{relay.StateQueued: 1, relay.StateAttempting: 1}, Later: 1,
	}, view.Apps[0])
	assert.Equal(t, "B", view.Apps[1].App)
	assert.Equal(t, map[relay.State]int{relay.StateQueued: 2, relay.StateAccepted: 1, relay.StateUnknown: 1}, view.Apps[1].States)
	assert.Zero(t, view.Apps[1].Later)
	assert.WithinRange(t, view.Apps[1].Oldest, began.Add(-time.Second), time.Now().Add(time.Second))
}

func TestAnOverviewReportsTheRateOfEachApp(t *testing.T) {
	t.Parallel()
	nc := connection(t)
	r, err := relay.Open(t.Context(), relay.Conn(nc), relay.WithWeakDurability())
	require.NoError(t, err)
	now := time.Now().UTC().Round(time.Second)
	for _, app := range []string{"idle", "none", "paused", "slow"} {
		require.NoError(t, r.Outbox().Enqueue(t.Context(), textOf(app), relay.Entry{ID: app}))
	}
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	_, err = js.Publish(t.Context(), "$KV.sinch_pace.pace", fmt.Appendf(nil, `{"apps":{
		"idle":{"next":%[1]q,"limit":20},
		"paused":{"next":%[2]q,"until":%[3]q,"limit":20,"rate":10},
		"slow":{"next":%[2]q,"limit":40}}}`,
		now.Add(-time.Hour).Format(time.RFC3339), now.Format(time.RFC3339), now.Add(time.Hour).Format(time.RFC3339)))
	require.NoError(t, err)

	view, err := r.Overview(t.Context())

	require.NoError(t, err)
	require.Len(t, view.Apps, 4)
	for i, want := range []relay.AppOverview{
		{App: "idle"}, {App: "none"}, {App: "paused", Rate: 10, PausedUntil: now.Add(time.Hour)}, {App: "slow", Rate: 40},
	} {
		got := view.Apps[i]
		assert.Equal(t, want, relay.AppOverview{App: got.App, Rate: got.Rate, PausedUntil: got.PausedUntil})
	}
}

func TestAnOverviewCountsTheInboxAndTheDeadLetters(t *testing.T) {
	t.Parallel()
	nc := connection(t)
	r, err := relay.Open(t.Context(), relay.Conn(nc), relay.WithWeakDurability())
	require.NoError(t, err)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	var came []time.Time
	for _, subject := range []string{"sinch.inbox.1", "sinch.inbox.2", "sinch.inbox.1", "sinch.dead.inbox.x"} {
		ack, err := js.Publish(t.Context(), subject, nil)
		require.NoError(t, err)
		if ack.Stream == "SINCH_INBOX" {
			came = append(came, timeOf(t, js, ack.Sequence))
		}
	}

	view, err := r.Overview(t.Context())
	require.NoError(t, err)
	assert.Equal(t, relay.InboxOverview{Waiting: 3, Oldest: came[0], Kept: 3}, view.Inbox, "before anything was handled")
	assert.Equal(t, 1, view.Dead)

	consumer, err := js.CreateConsumer(t.Context(), "SINCH_INBOX", jetstream.ConsumerConfig{Durable: "inbox", AckPolicy: jetstream.AckExplicitPolicy})
	require.NoError(t, err)
	for range 2 {
		msg, err := consumer.Next()
		require.NoError(t, err)
		require.NoError(t, msg.DoubleAck(t.Context()))
	}
	view, err = r.Overview(t.Context())
	require.NoError(t, err)
	assert.Equal(t, relay.InboxOverview{Waiting: 1, Oldest: came[2], Kept: 3}, view.Inbox, "with one left")

	for lane := range 2 { // the lane sinch.inbox.2, which has messages too, has no consumer yet
		_, err := js.CreateConsumer(t.Context(), "SINCH_INBOX", jetstream.ConsumerConfig{
			Durable: fmt.Sprint("inbox-", lane), AckPolicy: jetstream.AckExplicitPolicy, FilterSubject: fmt.Sprint("sinch.inbox.", lane),
		})
		require.NoError(t, err)
	}
	view, err = r.Overview(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 1, view.Inbox.Waiting, "those in order began anew")
	ordered, err := js.Consumer(t.Context(), "SINCH_INBOX", "inbox-1")
	require.NoError(t, err)
	require.NoError(t, js.DeleteConsumer(t.Context(), "SINCH_INBOX", "inbox"))
	msg, err := ordered.Next()
	require.NoError(t, err)
	require.NoError(t, msg.DoubleAck(t.Context()))
	view, err = r.Overview(t.Context())
	require.NoError(t, err)
	assert.Equal(t, relay.InboxOverview{Waiting: 2, Oldest: came[1], Kept: 3}, view.Inbox, "one in a lane, one in a lane without a consumer")
}

func timeOf(t *testing.T, js jetstream.JetStream, sequence uint64) time.Time {
	t.Helper()
	stream, err := js.Stream(t.Context(), "SINCH_INBOX")
	require.NoError(t, err)
	msg, err := stream.GetMsg(t.Context(), sequence)
	require.NoError(t, err)
	return msg.Time
}

func TestAnOverviewLeavesNothingOnTheEngine(t *testing.T) {
	t.Parallel()
	nc := connection(t)
	r, err := relay.Open(t.Context(), relay.Conn(nc), relay.WithWeakDurability())
	require.NoError(t, err)
	for range 2 {
		_, err = r.Overview(t.Context())
		require.NoError(t, err)
		require.NoError(t, r.Outbox().Enqueue(t.Context(), textOf("A"), relay.Entry{ID: "one"}))
	}
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	stream, err := js.Stream(t.Context(), "SINCH_OUTBOX")
	require.NoError(t, err)
	assert.Zero(t, stream.CachedInfo().State.Consumers)
}

func TestAnOverviewReportsWhatFailed(t *testing.T) {
	t.Parallel()
	r := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := r.Overview(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, "relay: Overview: ")
}
