package conversationtest

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
)

// faults holds the faults of a server. Its mutex is never held over I/O.
type faults struct {
	mu     sync.Mutex
	active []*faultState // Those that can still happen, oldest first.
	hits   int
}

// faultState is a fault, and what it has seen so far. The mutex of faults guards it.
type faultState struct {
	fault  Fault
	random *rand.Rand
	seen   int
	hits   int
}

func (f *faults) add(fault Fault) *faultState {
	state := &faultState{
		fault:  fault,
		random: rand.New(rand.NewPCG(fault.Seed, 0)), //nolint:gosec // It must be the same every time.
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.active = append(f.active, state)
	return state
}

// meet gives the fault that happens to a request at the server, or the zero Fault. A client that is connected has met
// those of connecting already.
func (f *faults) meet(r *http.Request, connected bool) Fault {
	met := f.first(r, func(k FaultKind) bool { return !connected || !k.isOfConnecting() })
	met.Kind = met.Kind.onceConnected()
	return met
}

// connect gives the fault that happens to a client that connects in order to send the request, or the zero Fault.
func (f *faults) connect(r *http.Request) Fault { return f.first(r, FaultKind.isOfConnecting) }

func (f *faults) first(r *http.Request, considered func(FaultKind) bool) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.active) == 0 {
		return Fault{}
	}
	operation := operationOf(r)
	for i, state := range f.active {
		if !considered(state.fault.Kind) || !state.happens(operation) {
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

// happens decides whether the fault happens to a request, and counts.
func (s *faultState) happens(operation string) bool {
	if !s.fault.concerns(operation) {
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
