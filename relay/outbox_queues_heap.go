package relay

// readyHeap is the apps that have entries, the one that may send first at the top.
type readyHeap []*appQueue

// sorted implements [heap.Interface] for the ready apps.
type sorted queues

func (s *sorted) Len() int { return len(s.ready) }
func (s *sorted) Less(i, j int) bool {
	q := (*queues)(s)
	return q.next(s.ready[i]).Before(q.next(s.ready[j]))
}

func (s *sorted) Swap(i, j int) {
	s.ready[i], s.ready[j] = s.ready[j], s.ready[i]
	s.ready[i].at, s.ready[j].at = i, j
}

// Push implements [heap.Interface].
func (s *sorted) Push(x any) {
	a, _ := x.(*appQueue)
	a.at = len(s.ready)
	s.ready = append(s.ready, a)
}

// Pop implements [heap.Interface].
func (s *sorted) Pop() any {
	last := len(s.ready) - 1
	a := s.ready[last]
	s.ready, a.at = s.ready[:last], -1
	return a
}
