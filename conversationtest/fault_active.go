package conversationtest

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"

	"github.com/sinchgo/conversation/conversationtest/internal/schedule"
)

// faults holds the faults of a server. Its mutex is never held during I/O.
type faults struct {
	publisher *publisher
	clock     *schedule.Clock

	mu     sync.Mutex
	active []*faultState // Those that can still happen, oldest first.
	spent  []*faultState // The last ones that have happened as often as they can.
	added  int
	hits   int
}

// maxSpentFaults is how many faults are remembered after they have happened as often as they can.
const maxSpentFaults = 1000

// faultState is a fault with its counts. The mutex of faults guards it.
type faultState struct {
	id     int
	fault  Fault
	random *rand.Rand
	seen   int
	hits   int
}

func (f *faults) add(fault Fault) *faultState {
	state := &faultState{
		fault:  fault,
		random: rand.New(rand.NewPCG(fault.Seed, 0)), //nolint:gosec // It must be reproducible.
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.added++
	state.id = f.added
	f.active = append(f.active, state)
	return state
}

// meet returns the fault that happens to a request that has arrived, or the zero Fault. Faults of connecting are left
// out for a client that is connected.
func (f *faults) meet(r *route, connected bool) Fault {
	met := f.first(r, func(k FaultKind) bool { return !connected || !k.isOfConnecting() })
	met.Kind = met.Kind.onceConnected()
	return met
}

// connect returns the fault of connecting that happens to the client of a request, or the zero Fault. The request has
// not arrived yet, and is only routed if there are such faults.
func (f *faults) connect(r *http.Request) Fault {
	if !f.anyOfConnecting() {
		return Fault{}
	}
	return f.first(routeOf(r), FaultKind.isOfConnecting)
}

func (f *faults) anyOfConnecting() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.ContainsFunc(f.active, func(s *faultState) bool { return s.fault.Kind.isOfConnecting() })
}

func (f *faults) first(r *route, considered func(FaultKind) bool) Fault {
	met := f.pick(r, considered)
	if met.id == 0 {
		return Fault{}
	}
	happened := happenedFault{faultState: met, at: f.clock.Now()}
	if r != nil {
		happened.operation = r.operation
	}
	f.publisher.publish(feedFault, happened, 0)
	return met.fault
}

// pick returns the first fault that happens to a request, or the zero state.
func (f *faults) pick(r *route, considered func(FaultKind) bool) faultState {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, state := range f.active {
		if !considered(state.fault.Kind) || !state.happens(r) {
			continue
		}
		f.hits++
		if state.isSpent() {
			f.active = slices.Delete(f.active, i, i+1)
			f.spent = append(f.spent, state)
			f.spent = f.spent[max(len(f.spent)-maxSpentFaults, 0):]
		}
		return *state
	}
	return faultState{}
}

// happens reports whether the fault happens to a request, and counts the request.
func (s *faultState) happens(r *route) bool {
	if !s.fault.concerns(r) {
		return false
	}
	s.seen++
	if s.seen <= s.fault.Skip {
		return false
	}
	if s.fault.Probability != 0 && s.random.Float64() >= s.fault.Probability {
		return false
	}
	s.hits++
	return true
}

// isSpent reports whether the fault has happened as often as it can.
func (s *faultState) isSpent() bool { return s.fault.Times > 0 && s.hits >= s.fault.Times }

func (f *faults) remove(state *faultState) { f.removeID(state.id) }

// removeID reports whether there was a fault with the id.
func (f *faults) removeID(id int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := len(f.active) + len(f.spent)
	isIt := func(state *faultState) bool { return state.id == id }
	f.active, f.spent = slices.DeleteFunc(f.active, isIt), slices.DeleteFunc(f.spent, isIt)
	return len(f.active)+len(f.spent) < before
}

// clear removes all faults, and returns how many there were.
func (f *faults) clear() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	removed := len(f.active) + len(f.spent)
	f.active, f.spent = nil, nil
	return removed
}

// list returns the faults in the order in which they were added.
func (f *faults) list() []faultState {
	f.mu.Lock()
	defer f.mu.Unlock()
	var states []faultState
	for _, state := range slices.Concat(f.active, f.spent) {
		states = append(states, *state)
	}
	slices.SortFunc(states, func(a, b faultState) int { return a.id - b.id })
	return states
}

// copyOf returns a fault with its counts.
func (f *faults) copyOf(state *faultState) faultState {
	f.mu.Lock()
	defer f.mu.Unlock()
	return *state
}

func (f *faults) hitsOf(state *faultState) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return state.hits
}

func (f *faults) total() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.hits
}
