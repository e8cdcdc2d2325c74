package conversationtest

import (
	"math"
	"slices"
)

// record is an element of a store. It is immutable once it is stored: a change is a new record at the same position, so
// that replies can be encoded after the mutex is released.
type record interface {
	positioned

	// filters returns all filters that find the record. The zero filter finds every record.
	filters() []filter
}

type positioned interface{ position() position }

// store keeps records in order, in a list for each filter that finds them, so that the cost of a page with one filter does
// not grow with the number of records. With several filters it walks the list of one of them.
type store[R record] struct {
	kind     string
	byID     map[string]R
	byFilter map[filter][]R
}

// newStore returns an empty store. The kind is the name of its records in errors.
func newStore[R record](kind string) *store[R] {
	return &store[R]{kind: kind, byID: map[string]R{}, byFilter: map[filter][]R{}}
}

// find returns the record with the id, or an error that is answered with 404.
func (s *store[R]) find(id string) (R, error) {
	r, ok := s.byID[id]
	if !ok {
		return r, notFound(s.kind, id)
	}
	return r, nil
}

// put stores a record. It replaces the record with the same id.
func (s *store[R]) put(r R) {
	at, filters := r.position(), r.filters()
	if old, ok := s.byID[at.id]; ok {
		for _, f := range old.filters() {
			if !slices.Contains(filters, f) {
				s.cut(f, at)
			}
		}
	}
	s.byID[at.id] = r
	for _, f := range filters {
		index, found := search(s.byFilter[f], at)
		if found {
			s.byFilter[f][index] = r
			continue
		}
		s.byFilter[f] = slices.Insert(s.byFilter[f], index, r)
	}
}

func (s *store[R]) remove(r R) {
	delete(s.byID, r.position().id)
	for _, f := range r.filters() {
		s.cut(f, r.position())
	}
}

func (s *store[R]) cut(f filter, at position) {
	if index, found := search(s.byFilter[f], at); found {
		s.keep(f, slices.Delete(s.byFilter[f], index, index+1))
	}
}

// removeAll removes what the filter finds.
func (s *store[R]) removeAll(f filter) { s.removeBefore(f, newest) }

// removeBefore removes what the filter finds before a position. It walks each list once, however many records it removes.
func (s *store[R]) removeBefore(f filter, at position) {
	end, _ := search(s.byFilter[f], at)
	touched := map[filter]bool{}
	for _, r := range s.byFilter[f][:end] {
		delete(s.byID, r.position().id)
		for _, own := range r.filters() {
			touched[own] = true
		}
	}
	for own := range touched {
		s.keep(own, slices.DeleteFunc(s.byFilter[own], func(r R) bool {
			_, known := s.byID[r.position().id]
			return !known
		}))
	}
}

func (s *store[R]) keep(f filter, records []R) {
	if len(records) == 0 {
		delete(s.byFilter, f)
		return
	}
	s.byFilter[f] = records
}

// first returns the oldest record that the filter finds, and the zero value if there is none.
func (s *store[R]) first(f filter) (r R) {
	if found := s.byFilter[f]; len(found) > 0 {
		return found[0]
	}
	return r
}

// last returns the newest record that the filter finds, and the zero value if there is none.
func (s *store[R]) last(f filter) (r R) {
	if found := s.byFilter[f]; len(found) > 0 {
		return found[len(found)-1]
	}
	return r
}

// all returns what the filter finds, oldest first.
func (s *store[R]) all(f filter) []R { return slices.Clone(s.byFilter[f]) }

// list returns at most limit records older than start, newest first. It walks the shortest list of the filters, and checks
// the other filters for each record.
func (s *store[R]) list(filters []filter, start position, limit int) []R {
	candidates := s.byFilter[filter{}]
	for _, f := range filters {
		if len(s.byFilter[f]) < len(candidates) {
			candidates = s.byFilter[f]
		}
	}
	end, _ := search(candidates, start)
	var found []R
	for _, r := range slices.Backward(candidates[:end]) {
		if len(found) == limit {
			break
		}
		if matches(r, filters) {
			found = append(found, r)
		}
	}
	return found
}

// count returns the number of records that all the filters find.
func (s *store[R]) count(filters []filter) int { return len(s.list(filters, newest, math.MaxInt)) }

func matches(r record, filters []filter) bool {
	own := r.filters()
	for _, f := range filters {
		if !slices.Contains(own, f) {
			return false
		}
	}
	return true
}

// search returns the number of records before the position, and reports whether there is one at it.
func search[R record](records []R, at position) (int, bool) {
	return slices.BinarySearchFunc(records, at, func(r R, p position) int {
		return r.position().compare(p)
	})
}
