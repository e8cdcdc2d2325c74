package pgconversation_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/pgconversation"
)

// fill stores 60 entries in all states and three groups, of which several have the same time. It returns them, oldest first.
func (s store) fill(t *testing.T) []*pgconversation.Status {
	t.Helper()
	states := []pgconversation.State{"queued", "attempting", "accepted", "rejected", "unknown", "dropped", "cancelled", "expired"}
	start := time.Now().Add(-time.Hour).Truncate(time.Microsecond)
	var all []*pgconversation.Status
	for i := range 60 {
		e := pgconversation.Entry{ID: fmt.Sprintf("id %02d", (i*7)%60), Group: []string{"", "spring", "autumn"}[i%3]}
		s.insert(t, e)
		s.exec(t, `UPDATE conversation_outbox SET state = $2, at = $3 WHERE id = $1`, e.ID, states[i%len(states)], start.Add(time.Duration(i/4)*time.Microsecond))
		all = append(all, s.get(t, e.ID))
	}
	slices.SortFunc(all, func(a, b *pgconversation.Status) int {
		if order := a.At.Compare(b.At); order != 0 {
			return order
		}
		return map[bool]int{true: -1, false: 1}[a.ID < b.ID]
	})
	return all
}

func TestListSelectsByStateAndGroup(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	all := s.fill(t)
	for _, state := range []pgconversation.State{"", "queued", "accepted", "expired"} {
		for _, group := range []string{"", "spring", "autumn", "winter"} {
			want := []string{}
			for _, status := range all {
				if (state == "" || status.State == state) && (group == "" || status.Group == group) {
					want = append(want, status.ID)
				}
			}
			for _, size := range []int{0, 1, 7, 60, 1000} {
				assert.Equal(t, want, s.listed(t, pgconversation.ListParams{State: state, Group: group, PageSize: size}), "%s %s %d", state, group, size)
			}
		}
	}
}

func TestListContinuesAfterAPageToken(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	all := s.fill(t)
	params := pgconversation.ListParams{PageSize: 7}
	for i := 0; i < len(all); {
		n := 0
		for status, err := range pgconversation.List(t.Context(), s, params) {
			require.NoError(t, err)
			params.PageToken, status.PageToken = status.PageToken, ""
			assert.Equal(t, all[i], status)
			i++
			if n++; n == 10 {
				break
			}
		}
	}
	params.State = pgconversation.StateQueued
	assert.Empty(t, s.listed(t, params))
}

func TestATransactionIsUsedWhileItListsEntries(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.fill(t)
	n := s.count(t, `SELECT count(*) FROM conversation_outbox WHERE state = 'queued'`)
	require.NoError(t, pgx.BeginFunc(t.Context(), s, func(tx pgx.Tx) error {
		for status, err := range pgconversation.List(t.Context(), tx, pgconversation.ListParams{State: pgconversation.StateQueued, PageSize: 3}) {
			require.NoError(t, err)
			require.NoError(t, pgconversation.Cancel(t.Context(), tx, status.ID))
			n--
		}
		return nil
	}))
	assert.Zero(t, n)
	assert.Empty(t, s.listed(t, pgconversation.ListParams{State: pgconversation.StateQueued}))
}

// TestALoopThatRetriesEntriesEnds rejects each entry again as soon as it was retried.
func TestALoopThatRetriesEntriesEnds(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.fill(t)
	var ids []string
	for status, err := range pgconversation.List(t.Context(), s, pgconversation.ListParams{State: pgconversation.StateRejected, PageSize: 1}) {
		require.NoError(t, err)
		require.NotContains(t, ids, status.ID)
		ids = append(ids, status.ID)
		require.NoError(t, pgconversation.Retry(t.Context(), s.river, s, status.ID))
		s.exec(t, `UPDATE conversation_outbox SET state = 'rejected', at = clock_timestamp() WHERE id = $1`, status.ID)
	}
	assert.Len(t, ids, 8)
}

// TestAnAcceptedEntryIsNotLeftOut has the delivery of all entries change while they are listed.
func TestAnAcceptedEntryIsNotLeftOut(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.fill(t)
	ids := map[string]int{}
	for status, err := range pgconversation.List(t.Context(), s, pgconversation.ListParams{State: pgconversation.StateAccepted, PageSize: 2}) {
		require.NoError(t, err)
		if len(ids) == 0 {
			s.exec(t, `UPDATE conversation_outbox SET delivery = 'DELIVERED', at = clock_timestamp() WHERE state = 'accepted'`)
		}
		ids[status.ID]++
	}
	assert.Len(t, ids, 8)
}
