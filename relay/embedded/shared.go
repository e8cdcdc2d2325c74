package embedded

import (
	"context"
	"sync"
)

// shared runs one call for all that wait for it. A call that somebody waits for begins after they came.
type shared struct {
	do func() error

	mu      sync.Mutex
	waiting *sharedCall // begins when the one in progress has ended; nil if nobody waits
	running bool
}

type sharedCall struct {
	done chan struct{}
	err  error
}

// wait returns the result of a call that begins now or later.
func (s *shared) wait(ctx context.Context) error {
	call := s.join()
	select {
	case <-call.done:
		return call.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// join returns the next call, which has not begun.
func (s *shared) join() *sharedCall {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting == nil {
		s.waiting = &sharedCall{done: make(chan struct{})}
	}
	if !s.running {
		s.running = true
		go s.run()
	}
	return s.waiting
}

// run calls as long as somebody waits.
func (s *shared) run() {
	for {
		s.mu.Lock()
		call := s.waiting
		s.waiting = nil
		if call == nil {
			s.running = false
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		call.err = s.do()
		close(call.done)
	}
}
