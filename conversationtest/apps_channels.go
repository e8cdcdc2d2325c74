package conversationtest

import (
	"maps"
	"slices"

	"github.com/sinchgo/conversation"
)

// SetChannelState sets the state that an app shows for its credentials of a channel, such as FAILING. By default it is
// ACTIVE. It has no other effect. It panics if the app does not exist.
func (s *Server) SetChannelState(appID string, channel conversation.Channel, state conversation.ChannelIntegrationState) {
	p := s.projectOf(appID)
	p.mu.Lock()
	defer p.mu.Unlock()
	stored, err := p.apps.find(appID)
	if err != nil {
		panic("conversationtest: SetChannelState: " + err.Error())
	}
	changed := *stored
	changed.states = maps.Clone(stored.states)
	if changed.states == nil {
		changed.states = map[conversation.Channel]conversation.ChannelIntegrationState{}
	}
	changed.states[channel] = state
	p.apps.put(changed.withStates())
}

// withStates returns the app with the states of its channels, whatever the client sent.
func (a *storedApp) withStates() *storedApp {
	changed := *a
	changed.ChannelCredentials = slices.Clone(a.ChannelCredentials)
	for i, credential := range changed.ChannelCredentials {
		state, ok := a.states[credential.Channel]
		if !ok {
			state.Status = conversation.ChannelIntegrationActive
		}
		changed.ChannelCredentials[i].State = &state
	}
	return &changed
}
