package conversationtest

import (
	"fmt"
	"time"
)

// maxAhead is how far the clock can be moved.
const maxAhead = 100 * 365 * 24 * time.Hour

// Now returns the time of the server: that of Config.Clock, as far forward as Advance has moved it. A receiver with this
// clock accepts the callbacks that the server signs after an Advance:
//
//	receiver, err := webhook.NewReceiver(webhook.WithSecret("secret"), webhook.WithClock(srv.Now))
func (s *Server) Now() time.Time { return s.current().clock.Now() }

// Advance moves the time of the server forward by d, on top of Config.Clock: tokens expire, ids and accept times move
// on, and delays of answers are over. Callbacks that wait for a retry and reports of scripts run now if their time has
// come, and so do the retries that follow within d, in their order. Batches whose time has come are processed before
// Advance returns. It does not wait for callbacks and reports: WaitForCallbacks waits for all callbacks. A retry has a
// time once Callbacks shows the failure of the attempt before it. What takes real time, such as the handler of a
// callback, still has the whole of its timeout.
//
// The clocks of clients and receivers stay as they are. Now is the one that Advance moves. A client renews a token that was
// rejected once in ten seconds: for several steps in less time, set Config.TokenLifetime to more than their sum.
//
// Advance panics if d is not positive, and if the server would be more than 100 years ahead.
func (s *Server) Advance(d time.Duration) {
	if err := s.advance(d); err != nil {
		panic("conversationtest: Advance: d: " + err.Error())
	}
}

func (s *Server) advance(d time.Duration) error {
	if d <= 0 {
		return fmt.Errorf("%v is not positive: the time moves forward only", d)
	}
	state := s.current()
	if !state.clock.Advance(d, maxAhead) {
		return fmt.Errorf("%v is too far: the server is %v ahead, and can be 100 years ahead at most", d, state.clock.Ahead())
	}
	state.publisher.publish(feedClock, newClockBody(state.clock), 0)
	for _, project := range state.projects {
		project.runBatches(project.now())
	}
	return nil
}
