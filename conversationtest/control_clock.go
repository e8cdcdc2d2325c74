package conversationtest

import (
	"time"

	"github.com/sinchgo/conversation/conversationtest/internal/schedule"
)

// clockBody is the time of a server, and how far Advance has moved it.
type clockBody struct {
	Now      time.Time `json:"now"`
	Advanced string    `json:"advanced"`
}

func newClockBody(clock *schedule.Clock) clockBody {
	return clockBody{Now: clock.Now().UTC(), Advanced: clock.Ahead().String()}
}

func (c *controlCall) getClock() (any, error) { return newClockBody(c.server.current().clock), nil }

func (c *controlCall) advanceClock() (any, error) {
	var asked struct {
		Advance string `json:"advance"`
	}
	if err := c.read(&asked); err != nil {
		return nil, err
	}
	d, err := time.ParseDuration(asked.Advance)
	if err != nil {
		return nil, c.invalid("advance: %q is not a duration: use one such as \"90m\" or \"1h30m\"", asked.Advance)
	}
	if err := c.server.advance(d); err != nil {
		return nil, c.invalid("advance: %v", err)
	}
	return c.getClock()
}
