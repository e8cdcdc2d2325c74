package conversationtest

import (
	"net/http"

	"github.com/sinchgo/conversation/conversationtest/internal/schedule"
)

// faults holds the faults of a server.
type faults struct {
	rules[Fault]
	publisher *publisher
	clock     *schedule.Clock
}

// faultState is a fault with its counts.
type faultState = ruleState[Fault]

func newFaults(publisher *publisher, clock *schedule.Clock) *faults {
	f := &faults{publisher: publisher, clock: clock}
	f.changed = func(list []faultState) { publisher.publish(feedFaults, faultList(list), len(list)*listedRuleBytes) }
	return f
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
	if !f.has(func(fault Fault) bool { return fault.Kind.isOfConnecting() }) {
		return Fault{}
	}
	return f.first(routeOf(r), FaultKind.isOfConnecting)
}

func (f *faults) first(r *route, considered func(FaultKind) bool) Fault {
	met := f.pick(func(fault Fault) bool { return considered(fault.Kind) && fault.concerns(r) })
	if met.id == 0 {
		return Fault{}
	}
	happened := happenedFault{faultState: met, at: f.clock.Now()}
	if r != nil {
		happened.operation = r.operation
	}
	f.publisher.publish(feedFault, happened, 0)
	return met.rule
}
