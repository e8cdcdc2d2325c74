package relay_test

import (
	"context"
	"iter"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
)

// offered is a message for EnqueueAll, and the result that is expected.
type offered struct {
	request *conversation.SendMessageRequest
	entry   relay.Entry
	field   string // of an *ArgumentError
	err     error
}

func offer(all []offered) iter.Seq2[*conversation.SendMessageRequest, relay.Entry] {
	return func(yield func(*conversation.SendMessageRequest, relay.Entry) bool) {
		for _, o := range all {
			if !yield(o.request, o.entry) {
				return
			}
		}
	}
}

// numbered returns n messages of an app with the IDs prefix-0, prefix-1 and so on.
func numbered(app, prefix string, n int) []offered {
	all := make([]offered, n)
	for i := range all {
		all[i] = offered{request: message(app), entry: relay.Entry{ID: prefix + "-" + strconv.Itoa(i)}}
	}
	return all
}

// requireResults enqueues messages, and requires the results that they expect, in their order.
func requireResults(t *testing.T, r *relay.Relay, all []offered) {
	t.Helper()
	i := 0
	for e, err := range r.Outbox().EnqueueAll(t.Context(), offer(all)) {
		require.Less(t, i, len(all))
		want := all[i]
		require.Equal(t, want.entry, e)
		if want.field == "" {
			require.ErrorIs(t, err, want.err, e.ID)
		} else {
			argument := argumentOf(err, want.field)
			require.NotNil(t, argument, "%s: %v", e.ID, err)
			require.Equal(t, "relay.Outbox.EnqueueAll", argument.Operation)
		}
		i++
	}
	require.Len(t, all, i)
}

// withoutBatches returns a relay whose stream does not allow batches, as that of an earlier version.
func withoutBatches(t *testing.T) (*relay.Relay, jetstream.JetStream) {
	t.Helper()
	address := startEngine(t).ClientURL()
	openAt(t, address, relay.WithSyncedServer())
	js, err := jetstream.New(connectTo(t, address))
	require.NoError(t, err)
	stream, err := js.Stream(t.Context(), "SINCH_OUTBOX")
	require.NoError(t, err)
	config := stream.CachedInfo().Config
	config.AllowAtomicPublish = false
	_, err = js.UpdateStream(t.Context(), config)
	require.NoError(t, err)
	return openAt(t, address, relay.WithExisting()), js
}

func TestEnqueueAllReturnsAResultForEach(t *testing.T) {
	t.Parallel()
	for name, newRelay := range map[string]func(*testing.T) (*relay.Relay, jetstream.JetStream){
		"batches": engine, "an older stream": withoutBatches,
		"a server with small batches": func(t *testing.T) (*relay.Relay, jetstream.JetStream) {
			t.Helper()
			address := startEngine(t, func(o *server.Options) { o.JetStreamLimits.MaxBatchSize = 20 }).ClientURL()
			js, err := jetstream.New(connectTo(t, address))
			require.NoError(t, err)
			return openAt(t, address, relay.WithSyncedServer()), js
		},
		"a server that does not sync": func(t *testing.T) (*relay.Relay, jetstream.JetStream) {
			t.Helper()
			address := startEngine(t).ClientURL()
			js, err := jetstream.New(connectTo(t, address))
			require.NoError(t, err)
			return openAt(t, address, relay.WithWeakDurability()), js
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, js := newRelay(t)
			another := message("app")
			another.Message = conversation.Text("Your table is gone.")
			large := message("app")
			large.Message.ExplicitChannelMessage = map[conversation.Channel]string{conversation.ChannelSMS: strings.Repeat("x", 9<<20)}
			empty := message("app")
			empty.Message = conversation.Text("")

			all := numbered("app", "m", 1500)
			for _, stored := range []int{0, 7, 999, 1000, 1499} {
				require.NoError(t, r.Outbox().Enqueue(t.Context(), message("app"), all[stored].entry))
			}
			for _, taken := range []int{3, 1200} {
				require.NoError(t, r.Outbox().Enqueue(t.Context(), another, all[taken].entry))
				all[taken].err = relay.ErrIDTaken
			}
			all[5] = offered{request: large, entry: relay.Entry{ID: "large"}, field: "req"}
			all[6] = offered{request: empty, entry: relay.Entry{ID: "empty"}, field: "message.text_message.text"}
			all[8] = offered{request: nil, entry: relay.Entry{ID: "nil"}, field: "req"}
			all[9] = offered{request: message("app"), field: "Entry.ID"}
			all[20] = all[19]
			all[21] = offered{request: another, entry: all[19].entry, err: relay.ErrIDTaken}
			all[22] = offered{request: message("other app"), entry: all[19].entry, err: relay.ErrIDTaken}
			requireResults(t, r, all)
			requireResults(t, r, all)

			counts, err := r.Outbox().Counts(t.Context())
			require.NoError(t, err)
			assert.Equal(t, map[relay.State]int{relay.StateQueued: 1500 - 7}, counts)
			stream, err := js.Stream(t.Context(), "SINCH_OUTBOX")
			require.NoError(t, err)
			assert.EqualValues(t, 1500-7, stream.CachedInfo().State.Msgs, "nothing is stored twice")
			msg, err := stream.GetLastMsgForSubject(t.Context(), "sinch.outbox.entry.app.m-400")
			require.NoError(t, err)
			assert.Equal(t, name == "batches", msg.Header.Get("Nats-Batch-Id") != "")
		})
	}
}

func TestOpenAllowsBatchesOnAnOlderStream(t *testing.T) {
	t.Parallel()
	older, js := withoutBatches(t)
	requireResults(t, older, numbered("app", "m", 100))
	stream, err := js.Stream(t.Context(), "SINCH_OUTBOX")
	require.NoError(t, err)
	require.False(t, stream.CachedInfo().Config.AllowAtomicPublish)
	openAt(t, js.Conn().ConnectedUrl(), relay.WithSyncedServer())
	stream, err = js.Stream(t.Context(), "SINCH_OUTBOX")
	require.NoError(t, err)
	assert.True(t, stream.CachedInfo().Config.AllowAtomicPublish)
	assert.EqualValues(t, 100, stream.CachedInfo().State.Msgs)
}

func TestTwoProcessesMayEnqueueTheSame(t *testing.T) {
	t.Parallel()
	r := open(t)
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			for e, err := range r.Outbox().EnqueueAll(t.Context(), offer(numbered("app", "m", 1000))) {
				assert.NoError(t, err, e.ID)
			}
		})
	}
	all.Wait()
	counts, err := r.Outbox().Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, map[relay.State]int{relay.StateQueued: 1000}, counts)
}

func TestEnqueueAllKeepsTheOrder(t *testing.T) {
	t.Parallel()
	r, js := engine(t)
	const n = 1200
	requireResults(t, r, numbered("app", "m", n))
	stream, err := js.Stream(t.Context(), "SINCH_OUTBOX")
	require.NoError(t, err)
	for i := range n {
		msg, err := stream.GetMsg(t.Context(), uint64(i+1))
		require.NoError(t, err)
		require.Equal(t, "sinch.outbox.entry.app.m-"+strconv.Itoa(i), msg.Subject)
	}
}

func TestDelayedEntriesOfEnqueueAllWaitForTheirTime(t *testing.T) {
	t.Parallel()
	r, srv := open(t), conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()
	at := time.Now().Add(2 * time.Second)
	all := numbered(srv.AppID(), "m", 20)
	for i := range 10 {
		all[i].entry.After = at
	}
	requireResults(t, r, all)
	requireResults(t, r, all)
	work(t, r, srv.NewClient(t))
	for i, o := range all {
		inState(t, r, o.entry.ID, relay.StateAccepted)
		assert.False(t, i < 10 && time.Now().Before(at), o.entry.ID)
	}
	assert.Len(t, srv.Sent(), len(all))
}

func TestEnqueueAllEndsWithItsContext(t *testing.T) {
	t.Parallel()
	r := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	read, stored, failed := 0, 0, 0
	endless := func(yield func(*conversation.SendMessageRequest, relay.Entry) bool) {
		for yield(message("app"), relay.Entry{ID: "m-" + strconv.Itoa(read)}) {
			read++
		}
		read++
	}
	for e, err := range r.Outbox().EnqueueAll(ctx, endless) {
		assert.Equal(t, "m-"+strconv.Itoa(stored+failed), e.ID)
		if err == nil {
			stored++
			cancel()
			continue
		}
		failed++
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorContains(t, err, "relay: Outbox.EnqueueAll: ")
	}
	assert.Positive(t, stored)
	assert.Positive(t, failed, "so that the end is seen")
	assert.Equal(t, read, stored+failed, "no message is read without a result")

	all := numbered("app", "m", read)
	requireResults(t, r, all)
	for e, err := range r.Outbox().EnqueueAll(ctx, offer(all)) {
		require.Equal(t, "m-0", e.ID, "an ended context reads one message")
		require.ErrorIs(t, err, context.Canceled)
	}
}

func TestEnqueueAllEndsWithItsLoop(t *testing.T) {
	t.Parallel()
	r := open(t)
	all := numbered("app", "m", 3000)
	read := 0
	counted := func(yield func(*conversation.SendMessageRequest, relay.Entry) bool) {
		for _, o := range all {
			read++
			if !yield(o.request, o.entry) {
				return
			}
		}
	}
	for _, err := range r.Outbox().EnqueueAll(t.Context(), counted) {
		require.NoError(t, err)
		break
	}
	assert.LessOrEqual(t, read, 1000)
	requireResults(t, r, all)
	for e, err := range r.Outbox().EnqueueAll(t.Context(), nil) {
		assert.Empty(t, e)
		require.NotNil(t, argumentOf(err, "messages"), "%v", err)
	}
}
