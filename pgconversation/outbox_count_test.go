package pgconversation_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
	"github.com/sinchgo/conversation/pgconversation"
)

func TestEntriesAreCounted(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	for _, group := range []string{"", "spring", "autumn"} {
		s.insert(t, pgconversation.Entry{ID: group + "-now", Group: group}, pgconversation.Entry{ID: group + "-later", Group: group, After: time.Now().Add(time.Hour)})
		for _, delivery := range []conversation.DeliveryStatus{"", conversation.DeliveryStatusDelivered, conversation.DeliveryStatusRead} {
			id := group + "-" + string(delivery)
			s.insert(t, pgconversation.Entry{ID: id, Group: group, After: time.Now().Add(time.Hour)})
			s.exec(t, `UPDATE conversation_outbox SET state = 'accepted', delivery = $2 WHERE id = $1`, id, delivery)
		}
	}
	for group, n := range map[string]int{"": 3, "spring": 1, "autumn": 1} {
		counts, err := pgconversation.Count(t.Context(), s, group)
		require.NoError(t, err)
		assert.Equal(t, &pgconversation.Counts{
			States: map[pgconversation.State]int{pgconversation.StateQueued: 2 * n, pgconversation.StateAccepted: 3 * n}, Later: n,
			Delivery: map[conversation.DeliveryStatus]int{conversation.DeliveryStatusDelivered: n, conversation.DeliveryStatusRead: n},
		}, counts)
	}
	counts, err := pgconversation.Count(t.Context(), s, "winter")
	require.NoError(t, err)
	assert.Empty(t, counts.States)
}

func TestOverviewIsForGauges(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	now, err := pgconversation.Overview(t.Context(), s)
	require.NoError(t, err)
	assert.Equal(t, outbox.Overview{States: map[string]int{}}, now)

	s.insert(t, pgconversation.Entry{ID: "new"}, pgconversation.Entry{ID: "old"}, pgconversation.Entry{ID: "due"}, pgconversation.Entry{ID: "later", After: time.Now().Add(time.Hour)})
	s.insertAs(t, "accepted", pgconversation.StateAccepted)
	s.exec(t, `UPDATE conversation_outbox SET at = at - interval '1 day' WHERE id IN ('accepted', 'due', 'later')`)
	s.exec(t, `UPDATE conversation_outbox SET at = at - interval '5 minutes', due = due - interval '5 minutes' WHERE id = 'old'`)
	now, err = pgconversation.Overview(t.Context(), s)
	require.NoError(t, err)
	assert.InDelta(t, 300, now.Oldest.Seconds(), 60)
	now.Oldest = 0
	assert.Equal(t, outbox.Overview{States: map[string]int{"queued": 4, "accepted": 1}, Due: 3}, now)
}
