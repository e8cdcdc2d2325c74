package conversationtest

import (
	"cmp"
	"time"

	"github.com/sinchgo/conversation"
)

const (
	// cleanupEvery is the time between two removals of expired messages, as on the platform: until then they are still
	// there.
	cleanupEvery = 24 * time.Hour

	// defaultRetentionDays is how long messages of conversation mode are kept without a ttl_days.
	defaultRetentionDays = 180
)

// cleanUp removes the messages that the retention policies of their apps no longer keep, if it is due. It locks the mutex.
func (p *project) cleanUp(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cleaned.IsZero() {
		p.cleaned = now
	}
	if now.Sub(p.cleaned) < cleanupEvery {
		return
	}
	p.cleaned = now
	for _, app := range p.apps.all(filter{}) {
		of := filter{"app_id", app.ID}
		if days, ok := app.retentionDays(); ok {
			p.messages.removeBefore(of, daysBefore(now, days))
		}
		if policy := app.DispatchRetentionPolicy; policy != nil {
			p.retained.removeBefore(of, daysBefore(now, policy.TTLDays))
		}
	}
}

// retentionDays returns how long messages of conversation mode are kept. It reports false if they do not expire one by one.
func (a *storedApp) retentionDays() (int, bool) {
	policy := a.RetentionPolicy
	if policy == nil {
		return defaultRetentionDays, true
	}
	kind := cmp.Or(policy.RetentionType, conversation.RetentionMessageExpire)
	return cmp.Or(policy.TTLDays, defaultRetentionDays), kind == conversation.RetentionMessageExpire
}

// daysBefore returns the position of the first record that is not older than a number of days.
func daysBefore(now time.Time, days int) position {
	return position{micros: now.AddDate(0, 0, -days).UnixMicro()}
}
