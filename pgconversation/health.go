package pgconversation

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
)

// health keeps jobs from sending while Sinch is away, so that few entries become unknown, or while Sinch rejects every message of an app
// because of a setting, so that these messages stay in the queue. Then it allows one request at a time, to see whether that is over.
type health struct {
	logger *slog.Logger
	now    func() time.Time

	mu       sync.Mutex
	away     breaker
	settings map[string]*breaker // of the apps whose latest request failed because of a setting
}

func newHealth(logger *slog.Logger) *health {
	return &health{logger: logger, now: time.Now, settings: make(map[string]*breaker)}
}

// wait returns how long a job waits instead of an attempt; 0 if it may send.
func (h *health) wait(app string) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	if wait := h.setting(app).pause(now); wait > 0 {
		return wait
	}
	return h.away.pause(now)
}

// stopped reports whether the request of a job must not leave any more, because of what was learned since the job began.
func (h *health) stopped(app string, began time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.away.since.After(began) || h.setting(app).since.After(began)
}

// settingWait returns how long a job waits whose request failed because of a setting.
func (h *health) settingWait(app string) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.setting(app).snooze(h.now())
}

// record notes what an outcome shows about Sinch and about the setting of the app.
func (h *health) record(app string, outcome conversation.Outcome, failure error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	if outbox.AboutSetting(failure) && outcome != conversation.OutcomeUnknown {
		setting := h.setting(app)
		h.settings[app] = setting
		if setting.fail(now) {
			h.log(slog.LevelWarn, "pgconversation: an app is paused, because its setting is wrong: one entry at a time is tried",
				slog.String("app", app), slog.String("reason", outbox.Redact(failure.Error())))
		}
		return
	}
	if outbox.ShowsSetting(outcome, failure) {
		if h.setting(app).holds() {
			h.log(slog.LevelInfo, "pgconversation: an app goes on", slog.String("app", app))
		}
		delete(h.settings, app)
	}
	if !outbox.Works(outcome, failure) {
		if h.away.fail(now) {
			h.log(slog.LevelWarn, "pgconversation: Sinch does not answer or does not work: one entry at a time is tried",
				slog.String("reason", outbox.Redact(failure.Error())))
		}
		return
	}
	if h.away.holds() {
		h.log(slog.LevelInfo, "pgconversation: Sinch works again")
	}
	h.away = breaker{}
}

// setting returns what is known of the setting of an app.
func (h *health) setting(app string) *breaker {
	if b := h.settings[app]; b != nil {
		return b
	}
	return &breaker{}
}

func (h *health) log(level slog.Level, text string, attrs ...slog.Attr) {
	h.logger.LogAttrs(context.Background(), level, text, attrs...) //nolint:sloglint // Its callers have constants.
}
