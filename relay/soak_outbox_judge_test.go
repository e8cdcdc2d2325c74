package relay_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
)

// outboxResult is the outcome of the messages, according to the outbox and to the ledger of the fake.
type outboxResult struct {
	statuses map[string]*relay.Status
	ledger   map[string][]string // the message IDs of an entry
}

// result reads every entry from the outbox, and the ledger from the fake.
func (s *outboxSoak) result(t *testing.T) *outboxResult {
	t.Helper()
	result := &outboxResult{statuses: map[string]*relay.Status{}, ledger: map[string][]string{}}
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
		case relay.StateRejected, relay.StateUnknown:
		default:
			add(id, "is %s in the end", status.State)
		}
	}
	return found
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
	for _, state := range []relay.State{relay.StateAccepted, relay.StateRejected, relay.StateUnknown} {
		assert.Positive(t, states[state], "no entry is %s: the test tests nothing", state)
	}
}

func TestTheJudgeOfTheOutboxSeesEachProblem(t *testing.T) {
	t.Parallel()
	status := func(id string, state relay.State, message string) *relay.Status {
		return &relay.Status{ID: id, State: state, MessageID: message}
	}
	fine := func() *outboxResult {
		return &outboxResult{
			statuses: map[string]*relay.Status{
				"a": status("a", relay.StateAccepted, "A"), "r": status("r", relay.StateRejected, ""),
				"u": status("u", relay.StateUnknown, ""), "v": status("v", relay.StateUnknown, ""),
			},
			ledger: map[string][]string{"a": {"A"}, "u": {"U"}},
		}
	}
	require.Empty(t, fine().problems())
	for problem, spoil := range map[string]func(*outboxResult){
		"was sent 2 times":               func(r *outboxResult) { r.ledger["u"] = []string{"U", "V"} },
		"was sent and never enqueued":    func(r *outboxResult) { r.ledger["x"] = []string{"X"} },
		"was sent and is rejected":       func(r *outboxResult) { r.ledger["r"] = []string{"R"} },
		"is accepted with the message":   func(r *outboxResult) { r.statuses["a"].MessageID = "B" },
		"is accepted and was never sent": func(r *outboxResult) { delete(r.ledger, "a") },
		"is queued in the end":           func(r *outboxResult) { r.statuses["v"].State = relay.StateQueued },
		"is attempting in the end":       func(r *outboxResult) { r.statuses["v"].State = relay.StateAttempting },
	} {
		t.Run(problem, func(t *testing.T) {
			t.Parallel()
			spoiled := fine()
			spoil(spoiled)
			found := spoiled.problems()
			require.NotEmpty(t, found)
			assert.True(t, slices.ContainsFunc(found, func(p string) bool { return strings.Contains(p, problem) }), found)
		})
	}
}
