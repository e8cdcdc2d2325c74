package conversationtest

import "time"

// observed tells Config.OnRequest of a request that is over.
func (s *Server) observed(number int, since time.Time) {
	if s.config.OnRequest != nil {
		s.config.OnRequest(s.ledger.request(number), time.Since(since))
	}
}

func (l *ledger) request(number int) Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.requests[number]
}
