package pgconversation_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/pgconversation"
)

// soakEntry is an entry in the end.
type soakEntry struct {
	ID                string
	State             pgconversation.State
	MessageID, Reason string
}

// outboxResult is the outcome of the orders, according to the database and to the fake.
type outboxResult struct {
	planned map[string]bool // the orders that are placed until they are committed
	orders  map[string]bool // those that are there
	entries map[string]soakEntry
	sent    map[string][]string // the IDs of the messages of an entry that the fake accepted
}

func (s *outboxSoak) result(t *testing.T) *outboxResult {
	t.Helper()
	r := &outboxResult{planned: map[string]bool{}, orders: map[string]bool{}, entries: map[string]soakEntry{}, sent: map[string][]string{}}
	for i := range s.orders {
		if !rolledBack(i) {
			r.planned[orderID(i)] = true
		}
	}
	rows, err := s.pool.Query(t.Context(), `SELECT id FROM orders`)
	require.NoError(t, err)
	orders, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	for _, id := range orders {
		r.orders[id] = true
	}
	rows, err = s.pool.Query(t.Context(), `SELECT id, state, message_id, reason FROM conversation_outbox`)
	require.NoError(t, err)
	entries, err := pgx.CollectRows(rows, pgx.RowToStructByPos[soakEntry])
	require.NoError(t, err)
	for _, entry := range entries {
		r.entries[entry.ID] = entry
	}
	for _, sent := range s.fake.Sent() {
		id := sent.Request.CorrelationID
		r.sent[id] = append(r.sent[id], sent.MessageID)
	}
	return r
}

// problems returns what must not happen.
func (r *outboxResult) problems() []string {
	var found []string
	add := func(id, format string, args ...any) { found = append(found, id+" "+fmt.Sprintf(format, args...)) }
	for id := range r.planned {
		if !r.orders[id] {
			add(id, "was committed and is lost")
		}
	}
	for id := range r.orders {
		if !r.planned[id] {
			add(id, "was rolled back and is there")
		}
		if _, ok := r.entries[id]; !ok {
			add(id, "was committed without its message")
		}
	}
	for id := range r.entries {
		if !r.orders[id] {
			add(id, "has a message without its order")
		}
	}
	for id, messages := range r.sent {
		if !r.orders[id] {
			add(id, "was sent for an order that was rolled back")
		}
		if len(messages) > 1 {
			add(id, "was sent %d times", len(messages))
		}
	}
	for id, entry := range r.entries {
		if problem := entry.problem(r.sent[id]); problem != "" {
			add(id, "%s", problem)
		}
	}
	return found
}

// problem returns what is wrong about the state of an entry whose messages were accepted by the fake.
func (e soakEntry) problem(sent []string) string {
	switch e.State {
	case pgconversation.StateAccepted:
		if !slices.Contains(sent, e.MessageID) {
			return fmt.Sprintf("is accepted as %q and was sent as %q", e.MessageID, sent)
		}
	case pgconversation.StateUnknown:
		if e.Reason == "" {
			return "is unknown without a reason"
		}
	case pgconversation.StateRejected, pgconversation.StateDropped:
		if len(sent) > 0 {
			return fmt.Sprintf("is %s and was sent", e.State)
		}
	default:
		return fmt.Sprintf("is %s in the end", e.State)
	}
	return ""
}

func (r *outboxResult) judge(t *testing.T) {
	t.Helper()
	states, unknown := map[pgconversation.State]int{}, 0
	for id, entry := range r.entries {
		states[entry.State]++
		if entry.State == pgconversation.StateUnknown && r.sent[id] != nil {
			unknown++
		}
	}
	problems := r.problems()
	t.Logf("%d orders are committed, %d messages were sent; %v, of the unknown %d were sent; %d problems",
		len(r.orders), len(r.sent), states, unknown, len(problems))
	require.Empty(t, problems[:min(len(problems), 10)])
	for _, state := range []pgconversation.State{pgconversation.StateAccepted, pgconversation.StateRejected, pgconversation.StateUnknown} {
		assert.Positive(t, states[state], "no entry is %s: the test tests nothing", state)
	}
}

func TestTheJudgeOfTheSoakFindsEachProblem(t *testing.T) {
	t.Parallel()
	const order = "order-000001"
	accepted := soakEntry{ID: order, State: pgconversation.StateAccepted, MessageID: "M"}
	unknown := soakEntry{ID: order, State: pgconversation.StateUnknown, Reason: "the reply was lost"}
	rejected := soakEntry{ID: order, State: pgconversation.StateRejected, Reason: "400"}
	dropped := soakEntry{ID: order, State: pgconversation.StateDropped}
	for _, tt := range []struct {
		name          string
		planned, here bool
		entry         soakEntry
		sent          []string
		want          []string
	}{
		{"accepted", true, true, accepted, []string{"M"}, nil},
		{"unknown and sent", true, true, unknown, []string{"M"}, nil},
		{"unknown and not sent", true, true, unknown, nil, nil},
		{"rejected", true, true, rejected, nil, nil},
		{"dropped", true, true, dropped, nil, nil},
		{"rolled back", false, false, soakEntry{}, nil, nil},
		{"sent after a rollback", false, false, soakEntry{}, []string{"M"}, []string{"was sent for an order that was rolled back"}},
		{"stored after a rollback", false, false, unknown, nil, []string{"has a message without its order"}},
		{"not rolled back", false, true, accepted, []string{"M"}, []string{"was rolled back and is there"}},
		{"lost", true, false, soakEntry{}, nil, []string{"was committed and is lost"}},
		{"without its message", true, true, soakEntry{}, nil, []string{"was committed without its message"}},
		{"twice", true, true, accepted, []string{"M", "N"}, []string{"was sent 2 times"}},
		{"accepted and not sent", true, true, accepted, nil, []string{`is accepted as "M" and was sent as []`}},
		{"accepted as another message", true, true, accepted, []string{"N"}, []string{`is accepted as "M" and was sent as ["N"]`}},
		{"rejected and sent", true, true, rejected, []string{"M"}, []string{"is rejected and was sent"}},
		{"dropped and sent", true, true, dropped, []string{"M"}, []string{"is dropped and was sent"}},
		{"unknown without a reason", true, true, soakEntry{ID: order, State: pgconversation.StateUnknown}, nil, []string{"is unknown without a reason"}},
		{"queued", true, true, soakEntry{ID: order, State: pgconversation.StateQueued}, nil, []string{"is queued in the end"}},
		{"attempting", true, true, soakEntry{ID: order, State: pgconversation.StateAttempting}, nil, []string{"is attempting in the end"}},
		{"cancelled", true, true, soakEntry{ID: order, State: pgconversation.StateCancelled}, nil, []string{"is cancelled in the end"}},
	} {
		r := &outboxResult{planned: map[string]bool{}, orders: map[string]bool{}, entries: map[string]soakEntry{}, sent: map[string][]string{}}
		if tt.planned {
			r.planned[order] = true
		}
		if tt.here {
			r.orders[order] = true
		}
		if tt.entry.ID != "" {
			r.entries[order] = tt.entry
		}
		if tt.sent != nil {
			r.sent[order] = tt.sent
		}
		var want []string
		for _, problem := range tt.want {
			want = append(want, order+" "+problem)
		}
		assert.Equal(t, want, r.problems(), tt.name)
	}
}
