package conversationtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// rule is a Fault or a ScriptRule.
type rule interface{ limits() limits }

// limits restricts how often a rule happens to what it applies to, as described at Fault.
type limits struct {
	skip, times int
	probability float64
	seed        uint64
}

// problem describes why the limits are not valid. It is empty for valid ones.
func (l limits) problem() string {
	switch {
	case l.skip < 0:
		return fmt.Sprintf("Skip: %d is negative: use 0 or more", l.skip)
	case l.times < 0:
		return fmt.Sprintf("Times: %d is negative: use 0 or more", l.times)
	case !(l.probability >= 0 && l.probability <= 1): // False for NaN too.
		return fmt.Sprintf("Probability: %v is not from 0 to 1", l.probability)
	default:
		return ""
	}
}

func negativeDelay(delay time.Duration) string {
	return fmt.Sprintf("Delay: %s is negative: use 0 or more", delay)
}

// rules holds the rules of one kind of a server. Its mutex is never held during I/O.
type rules[R rule] struct {
	changed func(list []ruleState[R]) // Called after rules were added or removed, with the mutex held.

	mu     sync.Mutex
	active []*ruleState[R] // Those that can still happen, oldest first.
	spent  []*ruleState[R] // The last ones that have happened as often as they can.
	added  int
	hits   int
}

// maxSpentRules is how many rules are remembered after they have happened as often as they can.
const maxSpentRules = 1000

// ruleState is a rule with its counts. The mutex of rules guards it.
type ruleState[R rule] struct {
	id     int
	rule   R
	random *rand.Rand
	seen   int
	hits   int
}

func (r *rules[R]) add(added R) *ruleState[R] {
	state := &ruleState[R]{
		rule:   added,
		random: rand.New(rand.NewPCG(added.limits().seed, 0)), //nolint:gosec // It must be reproducible.
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.added++
	state.id = r.added
	r.active = append(r.active, state)
	r.changed(r.listed())
	return state
}

// has reports whether there is such a rule that can still happen.
func (r *rules[R]) has(isOne func(R) bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(r.active, func(s *ruleState[R]) bool { return isOne(s.rule) })
}

// pick returns a copy of the first rule that applies and happens, or the zero state. It counts each rule that applies.
func (r *rules[R]) pick(applies func(R) bool) ruleState[R] {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, state := range r.active {
		if !applies(state.rule) || !state.happens() {
			continue
		}
		r.hits++
		if state.isSpent() {
			r.active = slices.Delete(r.active, i, i+1)
			r.spent = append(r.spent, state)
			r.spent = r.spent[max(len(r.spent)-maxSpentRules, 0):]
		}
		return *state
	}
	return ruleState[R]{}
}

// happens reports whether a rule that applies happens, and counts.
func (s *ruleState[R]) happens() bool {
	l := s.rule.limits()
	s.seen++
	if s.seen <= l.skip {
		return false
	}
	if l.probability != 0 && s.random.Float64() >= l.probability {
		return false
	}
	s.hits++
	return true
}

// isSpent reports whether the rule has happened as often as it can.
func (s *ruleState[R]) isSpent() bool {
	times := s.rule.limits().times
	return times > 0 && s.hits >= times
}

func (r *rules[R]) remove(state *ruleState[R]) { r.removeID(state.id) }

// removeID reports whether there was a rule with the id.
func (r *rules[R]) removeID(id int) bool {
	return r.removeAll(func(state *ruleState[R]) bool { return state.id == id }) > 0
}

// clear removes all rules, and returns how many there were.
func (r *rules[R]) clear() int {
	return r.removeAll(func(*ruleState[R]) bool { return true })
}

// removeAll removes the rules that are meant, and returns how many there were.
func (r *rules[R]) removeAll(isMeant func(*ruleState[R]) bool) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := len(r.active) + len(r.spent)
	r.active, r.spent = slices.DeleteFunc(r.active, isMeant), slices.DeleteFunc(r.spent, isMeant)
	removed := before - len(r.active) - len(r.spent)
	if removed > 0 {
		r.changed(r.listed())
	}
	return removed
}

// list returns copies of the rules in the order in which they were added.
func (r *rules[R]) list() []ruleState[R] {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.listed()
}

// listed is list for a caller that holds the mutex.
func (r *rules[R]) listed() []ruleState[R] {
	var states []ruleState[R]
	for _, state := range slices.Concat(r.active, r.spent) {
		states = append(states, *state)
	}
	slices.SortFunc(states, func(a, b ruleState[R]) int { return a.id - b.id })
	return states
}

// copyOf returns a rule with its counts.
func (r *rules[R]) copyOf(state *ruleState[R]) ruleState[R] {
	r.mu.Lock()
	defer r.mu.Unlock()
	return *state
}

func (r *rules[R]) hitsOf(state *ruleState[R]) int { return r.copyOf(state).hits }

// total returns how often rules have happened, including those that were removed.
func (r *rules[R]) total() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.hits
}
