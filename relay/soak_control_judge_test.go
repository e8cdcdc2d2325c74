package relay_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
)

// pauseEffective is when a pause is effective in all processes, and the latency of a request that left before.
const pauseEffective = 2*time.Second + 500*time.Millisecond

// controlProblems returns what must not happen to an entry whatever operators do: a request after it was cancelled, after its Before or
// while it is paused, or another end than the one that was reported.
func (r *outboxResult) controlProblems() []string {
	var found []string
	add := func(id, format string, args ...any) { found = append(found, id+" "+fmt.Sprintf(format, args...)) }
	for id, status := range r.statuses {
		planned, at, arrived := r.planned[id], r.cancelled[id], r.arrived[id]
		switch {
		case !at.IsZero() && status.State != relay.StateCancelled:
			add(id, "was cancelled and is %s", status.State)
		case at.IsZero() && status.State == relay.StateCancelled:
			add(id, "is cancelled and nobody did that")
		case status.State == relay.StateExpired && (status.Before.IsZero() || status.At.Before(status.Before)):
			add(id, "expired before its time")
		case status.Group != planned.Group || status.Priority != planned.Priority:
			add(id, "has the group %q and the priority %d", status.Group, status.Priority)
		}
		for _, came := range arrived {
			if !at.IsZero() && came.After(at) {
				add(id, "left %v after it was cancelled", came.Sub(at))
			}
			if !status.Before.IsZero() && !came.Before(status.Before) {
				add(id, "left %v after its time", came.Sub(status.Before))
			}
			for _, p := range r.pauses {
				if since := came.Sub(p.from); covered(p.part, status) && since > pauseEffective && came.Before(p.until) {
					add(id, "left %v after %v was paused", since, p.part)
				}
			}
		}
	}
	return found
}

func covered(part relay.Scope, status *relay.Status) bool {
	return (part.App == "" || part.App == status.App) && (part.Group == "" || part.Group == status.Group)
}

// viewProblems returns where List, Counts and Get differ.
func (r *outboxResult) viewProblems() []string {
	var found []string
	states := map[relay.State]int{}
	for id, status := range r.statuses {
		states[status.State]++
		if !slices.Equal(r.listed[id], []relay.State{status.State}) {
			found = append(found, fmt.Sprintf("%s is %s and listed as %v", id, status.State, r.listed[id]))
		}
	}
	for id := range r.listed {
		if r.statuses[id] == nil {
			found = append(found, id+" is listed and was never enqueued")
		}
	}
	for state, count := range r.counts {
		if states[state] != count {
			found = append(found, fmt.Sprintf("%d entries are counted as %s: there are %d", count, state, states[state]))
		}
		delete(states, state)
	}
	for state, count := range states {
		found = append(found, fmt.Sprintf("0 entries are counted as %s: there are %d", state, count))
	}
	return found
}

func TestTheJudgeOfTheOutboxSeesEachProblem(t *testing.T) {
	t.Parallel()
	noon := time.Unix(1_000_000, 0)
	status := func(id string, state relay.State, message string) *relay.Status {
		s := &relay.Status{ID: id, State: state, MessageID: message, App: "A", Group: "g", At: noon}
		if state == relay.StateUnknown {
			s.Reason = "a reason"
		}
		return s
	}
	fine := func() *outboxResult {
		r := &outboxResult{
			statuses: map[string]*relay.Status{
				"a": status("a", relay.StateAccepted, "A"), "r": status("r", relay.StateRejected, ""),
				"u": status("u", relay.StateUnknown, ""), "v": status("v", relay.StateUnknown, ""),
				"c": status("c", relay.StateCancelled, ""), "e": status("e", relay.StateExpired, ""),
			},
			ledger:    map[string][]string{"a": {"A"}, "u": {"U"}},
			planned:   map[string]relay.Entry{},
			arrived:   map[string][]time.Time{"a": {noon}, "c": {noon.Add(-time.Second)}},
			cancelled: map[string]time.Time{"c": noon},
			pauses:    []pauseTime{{relay.Scope{Group: "g"}, noon.Add(-pauseEffective), noon.Add(time.Minute)}, {relay.Scope{App: "B"}, noon.Add(-time.Hour), noon.Add(time.Hour)}},
			listed:    map[string][]relay.State{},
			counts:    map[relay.State]int{relay.StateAccepted: 1, relay.StateRejected: 1, relay.StateUnknown: 2, relay.StateCancelled: 1, relay.StateExpired: 1},
		}
		r.statuses["a"].Before, r.statuses["e"].Before = noon.Add(time.Nanosecond), noon
		for id, s := range r.statuses {
			r.planned[id], r.listed[id] = relay.Entry{Group: "g"}, []relay.State{s.State}
		}
		return r
	}
	require.Empty(t, fine().problems())
	for problem, spoil := range map[string]func(*outboxResult){
		"was sent 2 times":                  func(r *outboxResult) { r.ledger["u"] = []string{"U", "V"} },
		"was sent and never enqueued":       func(r *outboxResult) { r.ledger["x"] = []string{"X"} },
		"was sent and is rejected":          func(r *outboxResult) { r.ledger["r"] = []string{"R"} },
		"was sent and is cancelled":         func(r *outboxResult) { r.ledger["c"] = []string{"C"} },
		"was sent and is expired":           func(r *outboxResult) { r.ledger["e"] = []string{"E"} },
		"is accepted with the message":      func(r *outboxResult) { r.statuses["a"].MessageID = "B" },
		"is accepted and was never sent":    func(r *outboxResult) { delete(r.ledger, "a") },
		"is queued in the end":              func(r *outboxResult) { r.statuses["v"].State = relay.StateQueued },
		"is attempting in the end":          func(r *outboxResult) { r.statuses["v"].State = relay.StateAttempting },
		"is unknown without a reason":       func(r *outboxResult) { r.statuses["v"].Reason = "" },
		"was cancelled and is unknown":      func(r *outboxResult) { r.cancelled["v"] = noon },
		"is cancelled and nobody did that":  func(r *outboxResult) { delete(r.cancelled, "c") },
		"left 1s after it was cancelled":    func(r *outboxResult) { r.arrived["c"] = []time.Time{noon.Add(time.Second)} },
		"a left 0s after its time":          func(r *outboxResult) { r.statuses["a"].Before = noon },
		"e expired before its time":         func(r *outboxResult) { r.statuses["e"].At = noon.Add(-1) },
		"r expired before its time":         func(r *outboxResult) { r.statuses["r"].State = relay.StateExpired },
		`after group "g" was paused`:        func(r *outboxResult) { r.arrived["a"] = []time.Time{noon.Add(1)} },
		"has the group \"\"":                func(r *outboxResult) { r.statuses["a"].Group = "" },
		"is accepted and listed as []":      func(r *outboxResult) { delete(r.listed, "a") },
		"is listed and was never enqueued":  func(r *outboxResult) { r.listed["x"] = nil },
		"2 entries are counted as accepted": func(r *outboxResult) { r.counts[relay.StateAccepted] = 2 },
		"0 entries are counted as expired":  func(r *outboxResult) { delete(r.counts, relay.StateExpired) },
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
