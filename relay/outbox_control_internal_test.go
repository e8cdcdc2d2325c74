package relay

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPausesAndRatesReplaceThoseOfTheSameScope(t *testing.T) {
	t.Parallel()
	r, _ := abandoned(t)
	o, ctx := r.outbox, t.Context()
	all, app, group, both := Scope{}, Scope{App: "A"}, Scope{Group: "g"}, Scope{App: "A", Group: "g"}
	paused := func() []Scope {
		c, _, err := o.control(ctx)
		require.NoError(t, err)
		scopes := []Scope{}
		for _, p := range c.Pauses {
			assert.WithinDuration(t, time.Now(), p.Since, time.Minute)
			scopes = append(scopes, p.Scope)
		}
		return scopes
	}
	for _, part := range []Scope{app, group, both, app} {
		require.NoError(t, o.Pause(ctx, part))
	}
	assert.Equal(t, []Scope{app, group, both}, paused())
	require.ErrorContains(t, o.Resume(ctx, both), `is group "g" of app "A", which stays paused because app "A" is: resume that`)
	require.NoError(t, o.Resume(ctx, Scope{App: "A"}))
	assert.Equal(t, []Scope{group}, paused(), "the group of the app was inside it")
	require.NoError(t, o.Pause(ctx, all))
	require.ErrorContains(t, o.Resume(ctx, group), "because everything is")
	require.NoError(t, o.Resume(ctx, all))
	assert.Empty(t, paused())
	require.NoError(t, o.Resume(ctx, app), "which is not paused")
	c, _, err := o.control(ctx)
	require.NoError(t, err)
	assert.Equal(t, uint64(3), c.Resumed)

	require.NoError(t, o.SetRate(ctx, group, 5))
	require.NoError(t, o.SetRate(ctx, group, 10))
	require.NoError(t, o.SetRate(ctx, both, 2))
	c, _, err = o.control(ctx)
	require.NoError(t, err)
	assert.Equal(t, []groupRate{{group, 10}, {both, 2}}, c.Rates)
	require.NoError(t, o.SetRate(ctx, group, 0))
	c, _, err = o.control(ctx)
	require.NoError(t, err)
	assert.Equal(t, []groupRate{{both, 2}}, c.Rates)
}

func TestOperatorsDoNotOverwriteEachOther(t *testing.T) {
	t.Parallel()
	r, _ := abandoned(t)
	var calls sync.WaitGroup
	for _, group := range []string{"a", "b", "c", "d", "e", "f"} {
		calls.Go(func() { assert.NoError(t, r.outbox.Pause(t.Context(), Scope{Group: group})) })
	}
	calls.Wait()
	c, _, err := r.outbox.control(t.Context())
	require.NoError(t, err)
	assert.Len(t, c.Pauses, 6)
}
