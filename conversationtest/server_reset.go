package conversationtest

import "errors"

var errReset = errors.New("the server was reset")

// Reset puts the server back into its state after NewServer: it expires all tokens, forgets webhooks, contacts,
// messages, faults, scripts and all records, and sets the clock back by what Advance has moved it. The project, its
// access key and its app stay the same, and so do the handlers of Handle.
//
// Callbacks and reports of scripts that are outstanding are cancelled. Reset waits for their handlers, so a handler
// of Handle must not call it. None of them arrives afterwards. Requests that are open are answered, but change nothing any
// more.
func (s *Server) Reset() {
	s.resetting.Lock()
	defer s.resetting.Unlock()
	if s.tasks.Over() {
		return
	}
	old, next := s.current(), s.newState()
	next.tokens = old.tokens.next(next.clock.Now())
	s.feed.restart(next.publisher, func() { s.state.Store(next) }, newClockBody(next.clock))
	old.callbacks.stop(errReset)
	old.callbacks.workers.Join()
}
