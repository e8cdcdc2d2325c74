package model

import (
	"fmt"
	"slices"
	"strings"
)

// Step is a transition to another state.
type Step[S comparable] struct {
	Who  string // such as "worker 1"
	What string
	To   S
	// Outside is set for what no worker does by itself: a fault, a call of the user, or the passing of the retention. Nothing may
	// depend on it to end.
	Outside bool
}

// Machine is a state machine, and what must be true of it.
type Machine[S comparable] struct {
	Start S
	Steps func(S) []Step[S]
	// Wrong returns what must never be true of a state and is, or "".
	Wrong func(S) string
	// Ended reports whether a state needs no worker any more. From each state that can be reached, one that has ended must be
	// reachable by workers alone. As the states are finite, workers that go on then end it after any number of faults.
	Ended func(S) bool
}

// Result is the result of an exploration.
type Result struct {
	States int
	Wrong  string   // what is wrong, or ""
	Trace  []string // the shortest way there
}

// String returns the counterexample as text.
func (r Result) String() string {
	if r.Wrong == "" {
		return fmt.Sprintf("%d states, nothing is wrong", r.States)
	}
	return fmt.Sprintf("%s, after %d steps:\n  %s", r.Wrong, len(r.Trace), strings.Join(r.Trace, "\n  "))
}

// exploration holds the states in the order in which they were found, which is breadth first.
type exploration[S comparable] struct {
	states []S
	number map[S]int32
	from   []origin
	inside []edge // the steps of workers
}

// origin is how a state was found.
type origin struct {
	state     int32 // -1 for none
	who, what string
}

type edge struct{ from, to int32 }

// Explore visits all states that can be reached, and stops at the first that is wrong.
func Explore[S comparable](m Machine[S]) Result {
	x := &exploration[S]{number: make(map[S]int32)}
	x.visit(m.Start, origin{state: -1})
	for at := int32(0); int(at) < len(x.states); at++ {
		if wrong := m.Wrong(x.states[at]); wrong != "" {
			return x.result(wrong, at)
		}
		for _, step := range m.Steps(x.states[at]) {
			to := x.visit(step.To, origin{state: at, who: step.Who, what: step.What})
			if !step.Outside {
				x.inside = append(x.inside, edge{from: at, to: to})
			}
		}
	}
	return x.checkEnds(m.Ended)
}

// visit returns the number of a state.
func (x *exploration[S]) visit(s S, from origin) int32 {
	if number, known := x.number[s]; known {
		return number
	}
	number := int32(len(x.states)) //nolint:gosec // Memory ends earlier.
	x.number[s] = number
	x.states, x.from = append(x.states, s), append(x.from, from)
	return number
}

// checkEnds looks for a state from which workers cannot reach an end. It walks backwards from all ends.
func (x *exploration[S]) checkEnds(ended func(S) bool) Result {
	before, first := x.sources()
	ends := make([]bool, len(x.states))
	var queue []int32
	for at, s := range x.states {
		if ends[at] = ended(s); ends[at] {
			queue = append(queue, int32(at))
		}
	}
	for len(queue) > 0 {
		at := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, from := range before[first[at]:first[at+1]] {
			if !ends[from] {
				ends[from] = true
				queue = append(queue, from)
			}
		}
	}
	if stuck := slices.Index(ends, false); stuck >= 0 {
		return x.result("stuck: no worker can end it", int32(stuck)) //nolint:gosec // As in visit.
	}
	return Result{States: len(x.states)}
}

// sources returns the states from which workers lead to each state. Those of state n begin at first[n].
func (x *exploration[S]) sources() (before, first []int32) {
	first = make([]int32, len(x.states)+1)
	for _, e := range x.inside {
		first[e.to+1]++
	}
	for n := range x.states {
		first[n+1] += first[n]
	}
	next := slices.Clone(first)
	before = make([]int32, len(x.inside))
	for _, e := range x.inside {
		before[next[e.to]] = e.from
		next[e.to]++
	}
	return before, first
}

// result returns the way to a state.
func (x *exploration[S]) result(wrong string, at int32) Result {
	r := Result{States: len(x.states), Wrong: wrong}
	for from := x.from[at]; from.state >= 0; from = x.from[from.state] {
		r.Trace = append(r.Trace, from.who+" "+from.what)
	}
	slices.Reverse(r.Trace)
	return r
}
