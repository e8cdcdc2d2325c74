package relay

import (
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTwoProcessesDoNotCountTheSameTime(t *testing.T) {
	t.Parallel()
	r, _ := abandoned(t)
	one, two := &janitor{relay: r, done: map[string]uint64{}}, &janitor{relay: r, done: map[string]uint64{}}
	start := time.Now()
	for range 10 {
		require.NoError(t, one.tick(t.Context()))
		require.NoError(t, two.tick(t.Context()))
	}
	count, _, err := r.ages(t.Context())
	require.NoError(t, err)
	assert.Positive(t, count.Elapsed)
	assert.LessOrEqual(t, count.Elapsed, time.Since(start))
}

func TestTheEngineAgesNothing(t *testing.T) {
	t.Parallel()
	r, srv := abandoned(t)
	of := ref{id: "b", app: srv.AppID()}
	_, err := r.outbox.put(t.Context(), of, record{State: StateAccepted}, 0, nil)
	require.NoError(t, err)
	state, err := lastOf(t.Context(), r.outboxStream, r.names.entry(kindState, of))
	require.NoError(t, err)
	assert.Empty(t, state.Header.Get(jetstream.MsgTTLHeader))
	for _, name := range []string{r.names.outbox, r.names.inbox, "KV_" + r.names.seen} {
		stream, err := r.js.Stream(t.Context(), name)
		require.NoError(t, err)
		assert.Zero(t, stream.CachedInfo().Config.MaxAge, name)
	}
}

func TestTheStatesOfAFormerVersionLoseTheirTimeToLive(t *testing.T) {
	t.Parallel()
	r, srv := abandoned(t)
	of := ref{id: "b", app: srv.AppID()}
	msg := r.names.message(of, kindState, []byte(`{"state":"accepted","message_id":"m"}`), nil)
	msg.Header.Set(headerState, string(StateAccepted))
	_, err := r.js.PublishMsg(t.Context(), msg, jetstream.WithMsgTTL(time.Second))
	require.NoError(t, err)
	require.NoError(t, r.paceBucket.Purge(t.Context(), agesKey)) // the former version had none
	require.NoError(t, r.withoutTTL(t.Context()))
	state, err := lastOf(t.Context(), r.outboxStream, msg.Subject)
	require.NoError(t, err)
	assert.Empty(t, state.Header.Get(jetstream.MsgTTLHeader))
	assert.Equal(t, "accepted", state.Header.Get(headerState))
	assert.Equal(t, msg.Data, state.Data)
}

func TestAStateIsNotForgottenWhileItsMessageIsInTheQueue(t *testing.T) {
	t.Parallel()
	r, srv := abandoned(t) // its message is still there
	of := ref{id: "a", app: srv.AppID()}
	s, err := r.outbox.state(t.Context(), of)
	require.NoError(t, err)
	seq, err := r.outbox.put(t.Context(), of, record{State: StateAccepted}, s.seq, nil)
	require.NoError(t, err)
	other, err := r.outbox.put(t.Context(), ref{id: "b", app: of.app}, record{State: StateAccepted}, 0, nil)
	require.NoError(t, err)
	unknown, err := r.outbox.put(t.Context(), ref{id: "c", app: of.app}, record{State: StateUnknown}, 0, nil)
	require.NoError(t, err)
	_, err = r.js.PublishMsg(t.Context(), r.names.message(ref{id: "b", app: of.app}, kindHeld, nil, nil)) // a crash left it
	require.NoError(t, err)
	j := &janitor{relay: r, done: map[string]uint64{}}
	require.NoError(t, j.removeStates(t.Context(), unknown))
	_, err = r.outboxStream.GetMsg(t.Context(), other)
	require.NoError(t, err, "it is not counted yet, so it could not be subtracted")
	_, err = r.outbox.currentTally(t.Context(), 0)
	require.NoError(t, err)
	require.NoError(t, j.removeStates(t.Context(), unknown))
	held, err := lastOf(t.Context(), r.outboxStream, r.names.entry(kindHeld, ref{app: of.app, id: "b"}))
	require.NoError(t, err)
	assert.Nil(t, held)
	for seq, kept := range map[uint64]bool{seq: true, other: false, unknown: true} {
		_, err := r.outboxStream.GetMsg(t.Context(), seq)
		assert.Equal(t, kept, err == nil, "sequence %d", seq)
	}
	counts, err := r.outbox.Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, map[State]int{StateAccepted: 1, StateUnknown: 1}, counts)
}

func TestAnOldMarkIsAsOldAsTheRetention(t *testing.T) {
	t.Parallel()
	count := ages{Elapsed: time.Hour, Marks: map[string][]ageMark{"s": {{At: 0, Seq: 1}, {At: 10 * time.Minute, Seq: 5}, {At: 50 * time.Minute, Seq: 9}}}}
	assert.Equal(t, uint64(5), count.old("s", 50*time.Minute).Seq)
	assert.Equal(t, uint64(1), count.old("s", 51*time.Minute).Seq)
	assert.Zero(t, count.old("s", 61*time.Minute).Seq)
	assert.Zero(t, count.old("other", 0).Seq)
}
