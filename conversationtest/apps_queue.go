package conversationtest

import (
	"cmp"
	"net/http"

	"github.com/sinchgo/conversation"
)

// queueLimit is how many messages the outbound queue of an app holds by default.
const queueLimit = 500_000

// SetQueueStats sets how full the outbound queue of an app is. While it is full, Messages.Send is answered with 429. By
// default it is empty. An OutboundLimit of 0 is the default, 500,000. It panics if the app does not exist.
func (s *Server) SetQueueStats(appID string, stats conversation.QueueStats) {
	own := stats
	own.OutboundLimit = cmp.Or(own.OutboundLimit, queueLimit)
	p := s.projectOf(appID)
	p.mu.Lock()
	defer p.mu.Unlock()
	stored, err := p.apps.find(appID)
	if err != nil {
		panic("conversationtest: SetQueueStats: " + err.Error())
	}
	changed := *stored
	changed.QueueStats = &own
	p.apps.put(&changed)
}

// checkQueue returns an error if the outbound queue of an app is full. It locks the mutex.
func (p *project) checkQueue(appID string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	app, err := p.apps.find(appID)
	if err != nil {
		return err
	}
	if app.QueueStats.OutboundSize >= app.QueueStats.OutboundLimit {
		return &apiError{status: http.StatusTooManyRequests, message: "the outbound queue of the app is full"}
	}
	return nil
}
