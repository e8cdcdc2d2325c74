package relay

import (
	"context"
	"log/slog"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
)

// judgeSetting notes what an outcome shows about the setting of the app. It reports whether the app is paused because of it, so that the
// entry stays in the queue.
func (a *attempt) judgeSetting(ctx context.Context, outcome conversation.Outcome, failure error) bool {
	w := a.worker
	switch {
	case heldBack(failure):
	case outbox.AboutSetting(failure):
		reason := outbox.Redact(failure.Error())
		now, _ := w.pace.clock.between()
		paused, began := w.queues.wrong(a.entry, reason, now)
		if began {
			w.outbox.relay.log().LogAttrs(ctx, slog.LevelWarn, "relay: an app is paused, because its setting is wrong: one entry at a time is tried",
				slog.String("app", a.of.app), slog.String("reason", reason))
			signal(w.slowed)
		}
		return paused
	case outbox.ShowsSetting(outcome, failure):
		if w.queues.right(a.entry.queue) {
			w.outbox.relay.log().LogAttrs(ctx, slog.LevelInfo, "relay: an app goes on", slog.String("app", a.of.app))
			signal(w.slowed)
		}
	default:
		w.queues.unclear(a.entry)
	}
	return false
}
