package conversationtest

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
)

// faults holds the faults of a server. Its mutex is never held during I/O.
type faults struct {
	mu     sync.Mutex
	active []*faultState // Those that can still happen, oldest first.
	hits   int
}

// faultState is a fault with its counts. The mutex of faults guards it.
type faultState struct {
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
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, state := range f.active {
		if !considered(state.fault.Kind) || !state.happens(r) {
			continue
		}
		f.hits++
		if state.hits == state.fault.Times {
			f.active = slices.Delete(f.active, i, i+1)
		}
		return state.fault
	}
	return Fault{}
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

func (f *faults) remove(state *faultState) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.active = slices.DeleteFunc(f.active, func(other *faultState) bool { return other == state })
}

func (f *faults) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.active = nil
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
