package pgconversation_test

import (
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/pgconversation"
	"github.com/sinchgo/conversation/webhook"
)

// TestTheDeduperBehavesAsThatOfTheMemory runs the same steps on both.
func TestTheDeduperBehavesAsThatOfTheMemory(t *testing.T) {
	t.Parallel()
	dedupers := map[string]webhook.Deduper{"memory": webhook.NewMemoryDeduper(1000), "table": pgconversation.NewDeduper(newDatabase(t))}
	type step struct {
		key    string
		want   webhook.State // of Begin; 0 for Done
		commit bool
		fails  bool
		until  time.Duration
	}
	const fresh, flying, committed = webhook.StateNew, webhook.StateInFlight, webhook.StateCommitted
	for name, steps := range map[string][]step{
		"committed once": {{key: "a", want: fresh}, {key: "a", commit: true}, {key: "a", want: committed}, {key: "a", want: committed}},
		"in flight":      {{key: "a", want: fresh}, {key: "a", want: flying}, {key: "b", want: fresh}, {key: "a", want: flying}},
		"failed": {
			{key: "a", want: fresh},
			{key: "b", want: fresh},
			{key: "a"},
			{key: "a", want: fresh},
			{key: "b", want: flying},
			{key: "a", commit: true},
			{key: "a", want: committed},
		},
		"ends once":           {{key: "a", want: fresh}, {key: "a", commit: true}, {key: "a", fails: true}, {key: "a", commit: true, fails: true}, {key: "a", want: committed}},
		"never begun":         {{key: "a", fails: true}, {key: "a", commit: true, fails: true}, {key: "a", want: fresh}},
		"too old already":     {{key: "a", want: fresh, until: -time.Hour}, {key: "a", commit: true}, {key: "a", want: committed, until: -time.Hour}},
		"for a hundred years": {{key: "a", want: fresh, until: 876_000 * time.Hour}, {key: "a", commit: true}, {key: "a", want: committed}},
	} {
		for kind, d := range dedupers {
			t.Run(name+" in "+kind, func(t *testing.T) {
				t.Parallel()
				for i, s := range steps {
					key := name + s.key
					if s.want == 0 {
						assert.Equal(t, s.fails, d.Done(t.Context(), key, s.commit) != nil, "step %d", i)
						continue
					}
					state, err := d.Begin(t.Context(), key, time.Now().Add(s.until))
					require.NoError(t, err)
					assert.Equal(t, s.want, state, "step %d", i)
				}
			})
		}
	}
}

func TestOfProcessesThatRaceOneHandlesACallback(t *testing.T) {
	t.Parallel()
	pool := newDatabase(t)
	another, err := pgxpool.New(t.Context(), pool.Config().ConnString())
	require.NoError(t, err)
	t.Cleanup(another.Close)
	const keys = 200
	var begun [keys]atomic.Int32
	var all sync.WaitGroup
	for n := range 8 {
		d := pgconversation.NewDeduper([]*pgxpool.Pool{pool, another}[n%2])
		all.Go(func() {
			for i := range keys {
				state, err := d.Begin(t.Context(), strconv.Itoa(i), time.Now())
				if !assert.NoError(t, err) || state != webhook.StateNew {
					continue
				}
				begun[i].Add(1)
				assert.NoError(t, d.Done(t.Context(), strconv.Itoa(i), true))
			}
		})
	}
	all.Wait()
	for i := range keys {
		require.EqualValues(t, 1, begun[i].Load(), "key %d", i)
	}
}

func TestAKeyOfAProcessThatCrashedIsFreeAfterTheLease(t *testing.T) {
	t.Parallel()
	pool := newDatabase(t)
	d := pgconversation.NewDeduper(pool)
	for _, key := range []string{"crashed", "runs", "handled"} {
		state, err := d.Begin(t.Context(), key, time.Now())
		require.NoError(t, err)
		require.Equal(t, webhook.StateNew, state)
	}
	require.NoError(t, d.Done(t.Context(), "handled", true))
	for key, age := range map[string]string{"crashed": "10 minutes", "runs": "9 minutes", "handled": "1 hour"} {
		_, err := pool.Exec(t.Context(), `UPDATE conversation_deduper SET began = began - $2::interval WHERE key = $1`, key, age)
		require.NoError(t, err)
	}
	for _, want := range []map[string]webhook.State{
		{"crashed": webhook.StateNew, "runs": webhook.StateInFlight, "handled": webhook.StateCommitted},
		{"crashed": webhook.StateInFlight, "runs": webhook.StateInFlight, "handled": webhook.StateCommitted},
	} {
		for key, want := range want {
			state, err := d.Begin(t.Context(), key, time.Now())
			require.NoError(t, err)
			assert.Equal(t, want, state, key)
		}
	}
	short := pgconversation.NewDeduper(pool, pgconversation.WithDeduperLease(time.Minute))
	state, err := short.Begin(t.Context(), "runs", time.Now())
	require.NoError(t, err)
	assert.Equal(t, webhook.StateNew, state)
}

func TestAKeyIsForgottenADayAfterItsLatestTime(t *testing.T) {
	t.Parallel()
	pool := newDatabase(t)
	d := pgconversation.NewDeduper(pool)
	const day = 24 * time.Hour
	for key, until := range map[string][]time.Duration{
		"over": {-25 * time.Hour, -26 * time.Hour}, "clocks differ": {-23 * time.Hour}, "seen again": {-25 * time.Hour, day}, "earlier again": {day, -25 * time.Hour},
	} {
		for _, until := range until {
			_, err := d.Begin(t.Context(), key, time.Now().Add(until))
			require.NoError(t, err)
		}
		require.NoError(t, d.Done(t.Context(), key, true))
	}
	require.NoError(t, pgconversation.ForgetCallbacks(t.Context(), pool, 30*day))
	for key, want := range map[string]webhook.State{
		"over": webhook.StateNew, "clocks differ": webhook.StateCommitted, "seen again": webhook.StateCommitted, "earlier again": webhook.StateCommitted,
	} {
		state, err := d.Begin(t.Context(), key, time.Now())
		require.NoError(t, err)
		assert.Equal(t, want, state, key)
	}
}

func TestADeduperWithoutItsServerFails(t *testing.T) {
	t.Parallel()
	pool := newDatabase(t)
	d := pgconversation.NewDeduper(pool)
	pool.Close()
	_, err := d.Begin(t.Context(), "a", time.Now())
	require.Error(t, err)
	require.Error(t, d.Done(t.Context(), "a", true))
}

func TestInvalidArgumentsOfADeduperPanic(t *testing.T) {
	t.Parallel()
	pool := new(pgxpool.Pool)
	for field, call := range map[string]func(){
		"pool":             func() { pgconversation.NewDeduper(nil) },
		"WithDeduperLease": func() { pgconversation.NewDeduper(pool, pgconversation.WithDeduperLease(time.Millisecond)) },
	} {
		assertArgumentPanics(t, field, call)
	}
}

// assertArgumentPanics asserts that a call panics with an error about an argument.
func assertArgumentPanics(t *testing.T, field string, call func()) {
	t.Helper()
	defer func() {
		t.Helper()
		err, _ := recover().(error)
		wrong, ok := errors.AsType[*conversation.ArgumentError](err)
		if assert.True(t, ok, "%s: %v", field, err) {
			assert.Equal(t, field, wrong.Field)
		}
	}()
	call()
}
