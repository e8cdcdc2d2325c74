package relay_test

import (
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
)

// ages are the retention and the callback retention that are stored with a relay.
func ages(t *testing.T, js jetstream.JetStream) [2]time.Duration {
	t.Helper()
	bucket, err := js.KeyValue(t.Context(), "sinch_pace")
	require.NoError(t, err)
	entry, err := bucket.Get(t.Context(), "settings")
	require.NoError(t, err)
	var stored struct {
		Retention time.Duration `json:"retention"`
		Callbacks time.Duration `json:"callback_retention"`
	}
	require.NoError(t, json.Unmarshal(entry.Value(), &stored))
	return [2]time.Duration{stored.Retention, stored.Callbacks}
}

func TestAnotherProcessDoesNotShortenTheRetention(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for name, test := range map[string]struct {
		opts []relay.Option
		want [2]time.Duration
		log  string
	}{
		"no options":   {nil, [2]time.Duration{40 * day, 10 * day}, ""},
		"the same":     {[]relay.Option{relay.WithRetention(40 * day)}, [2]time.Duration{40 * day, 10 * day}, ""},
		"shorter":      {[]relay.Option{relay.WithRetention(time.Hour), relay.WithCallbackRetention(time.Second)}, [2]time.Duration{40 * day, 10 * day}, "below the stored"},
		"longer":       {[]relay.Option{relay.WithRetention(50 * day), relay.WithCallbackRetention(11 * day)}, [2]time.Duration{50 * day, 11 * day}, "was changed"},
		"one of each":  {[]relay.Option{relay.WithRetention(50 * day), relay.WithCallbackRetention(day)}, [2]time.Duration{50 * day, 10 * day}, "below the stored"},
		"on purpose":   {[]relay.Option{relay.WithCallbackRetention(day), relay.WithLowerSettings()}, [2]time.Duration{40 * day, day}, "was changed"},
		"lower of all": {[]relay.Option{relay.WithRetention(day), relay.WithLowerSettings()}, [2]time.Duration{day, 10 * day}, "was changed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, relay.WithRetention(40*day), relay.WithCallbackRetention(10*day))
			require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n"))
			var log lockedBuffer
			b.connect(t, append(test.opts, relay.WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))))...)
			assert.Equal(t, test.want, ages(t, b.js))
			if test.log != "" {
				assert.Contains(t, log.String(), test.log)
			} else {
				assert.NotContains(t, log.String(), "option=")
			}
		})
	}
}

func TestWaitingCallbacksAndIDsSurviveOtherPeoplesOptions(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	srv := conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()
	require.Equal(t, http.StatusOK, b.post(t.Context(), inbound("1", "c"), "n"))
	other, _ := b.connect(t, relay.WithRetention(12*time.Second), relay.WithCallbackRetention(time.Second))
	require.NoError(t, other.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: "a"}))
	work(t, other, srv.NewClient(t))
	inState(t, other, "a", relay.StateAccepted)
	assert.Equal(t, [2]time.Duration{720 * time.Hour, 168 * time.Hour}, ages(t, b.js))
	ids := heard(b.receiver, fine)
	run(t, b.Relay, b.receiver)
	assert.Equal(t, "1", next(t, ids))
}

func TestProcessesThatOpenConcurrentlyAgreeOnTheLongest(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var all sync.WaitGroup
	for _, n := range rand.Perm(8) {
		all.Go(func() {
			b.connect(t, relay.WithRetention(time.Duration(31+n)*24*time.Hour), relay.WithCallbackRetention(time.Duration(20-n)*24*time.Hour))
		})
	}
	all.Wait()
	assert.Equal(t, [2]time.Duration{38 * 24 * time.Hour, 20 * 24 * time.Hour}, ages(t, b.js))
}

func TestALayoutWithoutSettingsKeepsItsRetention(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ seen, inbox, wantSeen, wantInbox time.Duration }{
		"usual":         {60 * 24 * time.Hour, 14 * 24 * time.Hour, 60 * 24 * time.Hour, 14 * 24 * time.Hour},
		"too short":     {time.Second, time.Second, 12 * time.Second, time.Second},
		"too long":      {240 * 365 * 24 * time.Hour, 240 * 365 * 24 * time.Hour, 876_000 * time.Hour, 876_000 * time.Hour},
		"the longer of": {24 * time.Hour, time.Hour, 24 * time.Hour, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nc := connection(t)
			js := writeLayout(t, nc, test.seen, test.inbox)
			for range 2 {
				r, err := relay.Open(t.Context(), relay.Conn(nc), relay.WithWeakDurability())
				require.NoError(t, err)
				assert.Equal(t, [2]time.Duration{test.wantSeen, test.wantInbox}, ages(t, js))
				status, err := r.Outbox().Get(t.Context(), "old")
				require.NoError(t, err)
				assert.Equal(t, relay.StateQueued, status.State)
			}
		})
	}
}

// writeLayout writes what a relay of a version without settings has written: one queued entry.
func writeLayout(t *testing.T, nc *nats.Conn, seen, inbox time.Duration) jetstream.JetStream {
	t.Helper()
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	for _, config := range []jetstream.StreamConfig{
		{Name: "SINCH_OUTBOX", Subjects: []string{"sinch.outbox.>"}, MaxMsgsPerSubject: 1, AllowMsgTTL: true, AllowMsgSchedules: true},
		{Name: "SINCH_INBOX", Subjects: []string{"sinch.inbox.*"}, MaxAge: inbox},
		{Name: "SINCH_DEAD", Subjects: []string{"sinch.dead.>"}, Discard: jetstream.DiscardNew},
	} {
		_, err := js.CreateStream(t.Context(), config)
		require.NoError(t, err)
	}
	for _, config := range []jetstream.KeyValueConfig{
		{Bucket: "sinch_apps", History: 1}, {Bucket: "sinch_pace", History: 1}, {Bucket: "sinch_seen", History: 1, TTL: seen, LimitMarkerTTL: time.Minute},
	} {
		_, err := js.CreateKeyValue(t.Context(), config)
		require.NoError(t, err)
	}
	_, err = js.Publish(t.Context(), "sinch.outbox.entry.A.old", []byte(`{"app_id":"A","correlation_id":"old"}`))
	require.NoError(t, err)
	return js
}

func TestWorkersUseTheLongestLease(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	srv := conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()
	require.NoError(t, b.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: "a"}))
	lower, _ := b.connect(t, relay.WithLowerSettings())
	for i, step := range []struct {
		at   *relay.Relay
		opts []relay.OutboxOption
		in   []relay.InboxOption
		want [2]time.Duration
	}{
		{b.Relay, nil, nil, [2]time.Duration{time.Minute, 30 * time.Second}},
		{b.Relay, []relay.OutboxOption{relay.WithSendLease(time.Second)}, []relay.InboxOption{relay.WithHandlerLease(2 * time.Second)}, [2]time.Duration{time.Minute, 30 * time.Second}},
		{b.Relay, []relay.OutboxOption{relay.WithSendLease(time.Hour)}, []relay.InboxOption{relay.WithHandlerLease(time.Hour)}, [2]time.Duration{time.Hour, time.Hour}},
		{lower, []relay.OutboxOption{relay.WithSendLease(time.Second)}, []relay.InboxOption{relay.WithHandlerLease(2 * time.Second)}, [2]time.Duration{time.Second, 2 * time.Second}},
		{b.Relay, nil, nil, [2]time.Duration{time.Second, 2 * time.Second}},
	} {
		stopOutbox, stopInbox := work(t, step.at, srv.NewClient(t), step.opts...), run(t, step.at, b.receiver, step.in...)
		require.Eventually(t, func() bool {
			stream, err := b.js.Stream(t.Context(), "KV_sinch_pace")
			require.NoError(t, err)
			msg, err := stream.GetLastMsgForSubject(t.Context(), "$KV.sinch_pace.settings")
			var stored struct {
				SendLease time.Duration `json:"send_lease"`
			}
			return err == nil && json.Unmarshal(msg.Data, &stored) == nil && stored.SendLease == step.want[0]
		}, soon, 5*time.Millisecond, strconv.Itoa(i))
		require.Eventually(t, func() bool {
			consumer, err := b.js.Consumer(t.Context(), "SINCH_INBOX", "inbox")
			return err == nil && consumer.CachedInfo().Config.AckWait == step.want[1]
		}, soon, 5*time.Millisecond, strconv.Itoa(i))
		stopOutbox()
		stopInbox()
	}
}

func TestPrefixesThatDifferInCaseOnlyAreRejected(t *testing.T) {
	t.Parallel()
	nc := connection(t)
	openPrefix := func(prefix string, opts ...relay.Option) (*relay.Relay, error) {
		return relay.Open(t.Context(), relay.Conn(nc), append(opts, relay.WithWeakDurability(), relay.WithPrefix(prefix))...)
	}
	first, err := openPrefix("shop")
	require.NoError(t, err)
	require.NoError(t, first.Outbox().Enqueue(t.Context(), message("A"), relay.Entry{ID: "a"}))
	for _, prefix := range []string{"Shop", "SHOP", "shoP"} {
		for _, opts := range [][]relay.Option{nil, {relay.WithExisting()}, {relay.WithLowerSettings()}} {
			_, err := openPrefix(prefix, opts...)
			argument := argumentOf(err, "WithPrefix")
			require.NotNil(t, argument, "%v", err)
			assert.Contains(t, argument.Reason, `"shop"`)
		}
	}
	for _, prefix := range []string{"shop", "shop-", "-shop", "s", "shop-outbox", "KV", "shop2"} {
		r, err := openPrefix(prefix)
		require.NoError(t, err, prefix)
		require.NoError(t, r.Outbox().Enqueue(t.Context(), message("A"), relay.Entry{ID: "of " + prefix}))
		_, err = r.Outbox().Get(t.Context(), "of "+prefix)
		require.NoError(t, err, prefix)
	}
	counts, err := first.Outbox().Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, map[relay.State]int{relay.StateQueued: 2}, counts, "the other prefixes have separate streams")
}

func TestAStreamOfAnotherProgramIsNotTaken(t *testing.T) {
	t.Parallel()
	nc := connection(t)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	_, err = js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "SINCH_DEAD", Subjects: []string{"orders.>"}})
	require.NoError(t, err)
	_, err = relay.Open(t.Context(), relay.Conn(nc), relay.WithWeakDurability())
	argument := argumentOf(err, "WithPrefix")
	require.NotNil(t, argument, "%v", err)
	assert.Contains(t, argument.Reason, "orders.>")
}

func TestConcurrentPrefixesThatDifferInCaseHaveOneWinner(t *testing.T) {
	t.Parallel()
	nc := connection(t)
	var won, lost sync.Map
	var all sync.WaitGroup
	for _, prefix := range []string{"shop", "Shop", "SHOP", "sHOP", "shop", "Shop"} {
		all.Go(func() {
			if _, err := relay.Open(t.Context(), relay.Conn(nc), relay.WithWeakDurability(), relay.WithPrefix(prefix)); err == nil {
				won.Store(prefix, true)
			} else if assert.NotNil(t, argumentOf(err, "WithPrefix"), "%v", err) {
				lost.Store(prefix, true)
			}
		})
	}
	all.Wait()
	winners := 0
	won.Range(func(any, any) bool { winners++; return true })
	assert.Equal(t, 1, winners)
}
