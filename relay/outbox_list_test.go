package relay_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
)

func TestAListWithInvalidParametersIsRejected(t *testing.T) {
	t.Parallel()
	r := open(t)
	for field, params := range map[string][]relay.ListParams{
		"State": {{State: "sent"}}, "PageSize": {{PageSize: -1}, {PageSize: 1001}}, "App": {{App: " a"}}, "Group": {{Group: "\x00"}},
		"PageToken": {{PageToken: "5"}, {PageToken: "m"}, {PageToken: "m-1"}, {PageToken: "m!"}},
	} {
		for _, param := range params {
			for status, err := range r.Outbox().List(t.Context(), param) {
				assert.Nil(t, status)
				argument := argumentOf(err, field)
				require.NotNil(t, argument, "%+v: %v", param, err)
				assert.Equal(t, "relay.Outbox.List", argument.Operation)
			}
		}
	}
}

// TestAListContinuesAfterAnyEntry lists entries of apps and groups with odd names, one page at a time.
func TestAListContinuesAfterAnyEntry(t *testing.T) {
	t.Parallel()
	r := openAt(t, startEngine(t).ClientURL(), relay.WithWeakDurability())
	apps, groups := []string{"a", "a+b", "a.b", "é =", "*"}, []string{"", "b", "+", "b c", "a=2B", ">", "日本"}
	var all []string
	for i := range 70 {
		id := fmt.Sprintf("%s/%s/%d", apps[i%5], groups[i%7], i)
		all = append(all, id)
		entry := relay.Entry{ID: id, App: apps[i%5], Group: groups[i%7]}
		if i%3 == 0 {
			entry.After = time.Now().Add(time.Hour)
		}
		require.NoError(t, r.Outbox().Enqueue(t.Context(), message(""), entry))
	}
	for _, params := range []relay.ListParams{{}, {State: relay.StateQueued}} {
		assert.Equal(t, all, listed(t, r, params))
		for _, size := range []int{1, 7, 1000} {
			var found []string
			for params.PageSize, params.PageToken = size, ""; ; {
				before := len(found)
				for status, err := range r.Outbox().List(t.Context(), params) {
					require.NoError(t, err)
					found, params.PageToken = append(found, status.ID), status.PageToken
					if len(found) == before+9 {
						break
					}
				}
				if len(found) == before {
					break
				}
			}
			assert.Equal(t, all, found)
		}
	}
	for a, app := range apps {
		for g, group := range groups {
			for _, params := range []relay.ListParams{{App: app}, {Group: group}, {App: app, Group: group, State: relay.StateQueued}} {
				var want []string
				for i, id := range all {
					if (params.App == "" || i%5 == a) && (params.Group == "" || i%7 == g) {
						want = append(want, id)
					}
				}
				assert.Equal(t, want, listed(t, r, params), "%+v", params)
			}
		}
	}
	assert.Empty(t, listed(t, r, relay.ListParams{App: "b"}))
	assertCounts(t, r)
}

// TestAListDoesNotMissEntriesThatMove lists entries while they are sent.
func TestAListDoesNotMissEntriesThatMove(t *testing.T) {
	t.Parallel()
	const n = 80
	r, srv := open(t), newFake(t)
	for i := range n {
		entry := relay.Entry{ID: strconv.Itoa(i), Group: strconv.Itoa(i % 3)}
		if i%2 == 0 {
			entry.After = time.Now().Add(2 * time.Second)
		}
		require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), entry))
	}
	work(t, r, srv.NewClient(t), relay.WithRates(60, 0))
	for settled := false; !settled; {
		seen, entries := map[string]bool{}, map[string]bool{}
		settled = true
		for status, err := range r.Outbox().List(t.Context(), relay.ListParams{PageSize: 20}) {
			require.NoError(t, err)
			assert.False(t, seen[status.ID+string(status.State)], "twice: %+v", status)
			seen[status.ID+string(status.State)], entries[status.ID] = true, true
			settled = settled && status.State == relay.StateAccepted
		}
		require.Len(t, entries, n)
	}
	assertCounts(t, r)
}

func TestAListLeavesOutWhatIsEnqueuedLater(t *testing.T) {
	t.Parallel()
	r := open(t)
	require.NoError(t, r.Outbox().Enqueue(t.Context(), message("A"), relay.Entry{ID: "0"}))
	n := 0
	for _, err := range r.Outbox().List(t.Context(), relay.ListParams{}) {
		require.NoError(t, err)
		n++
		require.NoError(t, r.Outbox().Enqueue(t.Context(), message("A"), relay.Entry{ID: strconv.Itoa(n)}))
	}
	assert.Equal(t, 1, n)
}
