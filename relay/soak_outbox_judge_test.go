package relay_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
)

// outboxResult is the outcome of the messages, according to the outbox, to the fake, and to what operators were told.
type outboxResult struct {
	statuses map[string]*relay.Status
	ledger   map[string][]string // the message IDs of an entry

	planned   map[string]relay.Entry // without times
	arrived   map[string][]time.Time // the requests of an entry
	cancelled map[string]time.Time
	pauses    []pauseTime
	listed    map[string][]relay.State // what List returned of an entry
	counts    map[relay.State]int
}

// result reads every entry from the outbox, and the ledger from the fake.
func (s *outboxSoak) result(t *testing.T) *outboxResult {
	t.Helper()
	result := &outboxResult{
		statuses: map[string]*relay.Status{}, ledger: map[string][]string{}, planned: map[string]relay.Entry{}, arrived: s.arrivals.byID(),
		cancelled: s.operator.cancelled, pauses: s.operator.pauses, listed: map[string][]relay.State{},
	}
	for _, sent := range s.srv.Sent() {
		id := sent.Request.CorrelationID
		result.ledger[id] = append(result.ledger[id], sent.MessageID)
	}
	var (
		mu  sync.Mutex
		all sync.WaitGroup
	)
	const askers = 8
	for asker := range askers {
		all.Go(func() {
			for i := asker; i < s.messages; i += askers {
				status, err := s.relay.Outbox().Get(t.Context(), idOf(i))
				if !assert.NoError(t, err, "what was enqueued is lost: %s", idOf(i)) {
					return
				}
				mu.Lock()
				result.statuses[idOf(i)] = status
				mu.Unlock()
			}
		})
	}
	all.Wait()
	for i := range s.messages {
		result.planned[idOf(i)] = s.planned(i)
	}
	for status, err := range s.relay.Outbox().List(t.Context(), relay.ListParams{PageSize: 1000}) {
		require.NoError(t, err)
		result.listed[status.ID] = append(result.listed[status.ID], status.State)
	}
	var err error
	result.counts, err = s.relay.Outbox().Counts(t.Context())
	require.NoError(t, err)
	return result
}

// problems returns what must not happen: an entry that is duplicated in the ledger, not in a final state, or in a state
// that the ledger contradicts.
func (r *outboxResult) problems() []string {
	var found []string
	add := func(id, format string, args ...any) { found = append(found, id+" "+fmt.Sprintf(format, args...)) }
	for id, messages := range r.ledger {
		status := r.statuses[id]
		if len(messages) > 1 {
			add(id, "was sent %d times", len(messages))
		}
		switch {
		case status == nil:
			add(id, "was sent and never enqueued")
		case status.State != relay.StateAccepted && status.State != relay.StateUnknown:
			add(id, "was sent and is %s", status.State)
		case status.State == relay.StateAccepted && !slices.Contains(messages, status.MessageID):
			add(id, "is accepted with the message id %q, and has %q", status.MessageID, messages)
		}
	}
	for id, status := range r.statuses {
		switch status.State {
		case relay.StateAccepted:
			if r.ledger[id] == nil {
				add(id, "is accepted and was never sent")
			}
		case relay.StateUnknown:
			if status.Reason == "" {
				add(id, "is unknown without a reason")
			}
		case relay.StateRejected, relay.StateCancelled, relay.StateExpired:
		default:
			add(id, "is %s in the end", status.State)
		}
	}
	return slices.Concat(found, r.controlProblems(), r.viewProblems())
}

func (r *outboxResult) judge(t *testing.T) {
	t.Helper()
	states, unknown := map[relay.State]int{}, 0
	for id, status := range r.statuses {
		states[status.State]++
		if status.State == relay.StateUnknown && r.ledger[id] != nil {
			unknown++
		}
	}
	problems := r.problems()
	t.Logf("%v, of the unknown %d were sent; %d in the ledger; %d problems", states, unknown, len(r.ledger), len(problems))
	require.Empty(t, problems[:min(len(problems), 10)])
	for _, state := range []relay.State{relay.StateAccepted, relay.StateRejected, relay.StateUnknown, relay.StateCancelled, relay.StateExpired} {
		assert.Positive(t, states[state], "no entry is %s: the test tests nothing", state)
	}
}
