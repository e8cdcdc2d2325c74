package relay_test

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
)

func TestAScopeThatNoEntryCanHaveIsRejected(t *testing.T) {
	t.Parallel()
	o := open(t).Outbox()
	for _, part := range []relay.Scope{{App: " a"}, {Group: "\n"}, {Group: strings.Repeat("g", 65)}, {App: strings.Repeat("a", 300)}, {Group: "\xff"}} {
		field := "scope.Group"
		if part.App != "" {
			field = "scope.App"
		}
		assert.NotNil(t, argumentOf(o.Pause(t.Context(), part), field), "%q", part)
		assert.NotNil(t, argumentOf(o.Resume(t.Context(), part), field), "%q", part)
		assert.NotNil(t, argumentOf(o.SetRate(t.Context(), part, 1), field), "%q", part)
	}
	assert.NotNil(t, argumentOf(o.SetRate(t.Context(), relay.Scope{App: "a"}, 1), "scope"), "without a group")
	for _, rate := range []float64{-1, 0.5, 1e6 + 1, math.NaN(), math.Inf(1)} {
		assert.NotNil(t, argumentOf(o.SetRate(t.Context(), relay.Scope{Group: "g"}, rate), "perSecond"), rate)
	}
}

func TestThereIsALimitToPauses(t *testing.T) {
	t.Parallel()
	r := openAt(t, startEngine(t).ClientURL(), relay.WithWeakDurability())
	for i := range 1000 {
		require.NoError(t, r.Outbox().Pause(t.Context(), relay.Scope{Group: strconv.Itoa(i)}))
	}
	require.NoError(t, r.Outbox().Pause(t.Context(), relay.Scope{Group: "7"}), "it is paused")
	assert.NotNil(t, argumentOf(r.Outbox().Pause(t.Context(), relay.Scope{Group: "more"}), "scope"))
}

func TestANewFieldOfAnEntryIsChecked(t *testing.T) {
	t.Parallel()
	o := open(t).Outbox()
	now := time.Now()
	for field, entries := range map[string][]relay.Entry{
		"Entry.Group": {{Group: strings.Repeat("g", 65)}, {Group: "\xff"}, {Group: "a\u200b"}, {Group: " a"}, {Group: "a\t"}},
		"Entry.Before": {
			{Before: now.Add(-time.Second)},
			{Before: now.Add(time.Minute), After: now.Add(time.Hour)},
			{Before: now.Add(time.Hour), After: now.Add(time.Hour)},
			{Before: time.Date(2262, 1, 1, 0, 0, 1, 0, time.UTC)},
			{Before: time.Unix(math.MaxInt64, 0)},
		},
	} {
		for _, entry := range entries {
			entry.ID = "a"
			assert.NotNil(t, argumentOf(o.Enqueue(t.Context(), message("A"), entry), field), "%+v", entry)
		}
	}
	for i, entry := range []relay.Entry{
		{Group: strings.Repeat("é", 32), App: strings.Repeat("x", 251), Priority: math.MinInt32},
		{Group: "a.b +=*>é", Priority: math.MaxInt32},
		{Before: time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC)},
		{Before: now.Add(time.Hour), After: now.Add(time.Minute)},
	} {
		entry.ID = strconv.Itoa(i)
		require.NoError(t, o.Enqueue(t.Context(), message(""), withApp(entry)))
		status, err := o.Get(t.Context(), entry.ID)
		require.NoError(t, err)
		assert.Equal(t, entry.Group, status.Group)
		assert.Equal(t, entry.Priority, status.Priority)
		assert.True(t, entry.Before.Equal(status.Before))
	}
}

func withApp(entry relay.Entry) relay.Entry {
	if entry.App == "" {
		entry.App = "A"
	}
	return entry
}
