package conversationtest

import "github.com/sinchgo/conversation/conversationtest/internal/schedule"

// serverState is what requests and tests change in a server. A Reset replaces all of it. A request belongs to the state in
// which it began, so that one that is open during a Reset changes nothing after it.
type serverState struct {
	publisher *publisher
	clock     *schedule.Clock
	ids       *idMaker
	tokens    *tokenMaker
	limit     *rateLimit
	faults    *faults
	scripts   *scripts
	ledger    *ledger
	callbacks *callbacks
	projects  map[string]*project
}

func (s *Server) newState() *serverState {
	config := s.config
	clock := schedule.NewClock(config.Clock)
	config.Clock = clock.Now
	publisher := &publisher{s.feed}
	state := &serverState{
		publisher: publisher,
		clock:     clock,
		ids:       new(idMaker),
		tokens:    newTokenMaker(config.TokenLifetime),
		limit:     newTokenLimit(),
		faults:    newFaults(publisher, clock),
		scripts:   newScripts(config, publisher, clock),
		ledger:    newLedger(config.LogLimit),
		projects:  map[string]*project{},
	}
	state.callbacks = newCallbacks(config, clock, s.handlers, publisher)
	for _, p := range s.Projects() {
		state.projects[p.ID] = newProject(config.of(p), state.ids, state.ledger, state.callbacks, state.scripts, publisher)
	}
	return state
}

// current returns the state of the server. It is another one after a Reset.
func (s *Server) current() *serverState { return s.state.Load() }
