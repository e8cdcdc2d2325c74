package relay

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strings"

	"github.com/sinchgo/conversation"
)

// aboutSetting reports whether a failure is about the setting of an app and not about the message: the credentials, the host, the
// project or the app. Sinch rejects all messages of the app then.
func aboutSetting(failure error) bool {
	if errors.Is(failure, errRefused) {
		return true
	}
	if unknown, ok := errors.AsType[*net.DNSError](failure); ok {
		return unknown.IsNotFound
	}
	if noToken, ok := errors.AsType[*conversation.AuthError](failure); ok {
		return noToken.StatusCode >= 400 && noToken.StatusCode < 500 &&
			noToken.StatusCode != http.StatusTooManyRequests && noToken.StatusCode != http.StatusRequestTimeout
	}
	answer, ok := errors.AsType[*conversation.Error](failure)
	if !ok {
		return false
	}
	switch answer.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return true
	case http.StatusNotFound:
		return !missesPart(answer.Message)
	}
	return false
}

var (
	quoted = regexp.MustCompile(`"[^"]*"|'[^']*'|(?i:conversation[ -]api)`)
	// subjects are what the text of a 404 can be about.
	subjects = regexp.MustCompile(`(?i)\b(?:(contact|conversation|message|template|recipient|identit|channel|media)|app|application|project|path|route|resource|region)`)
)

// missesPart reports whether the text of a 404 is about something that the message names, such as its contact. A text about nothing that is
// known here, or none, is of another region, or of a host without the API.
func missesPart(text string) bool {
	found := subjects.FindStringSubmatch(quoted.ReplaceAllString(strings.ToLower(text), " "))
	return found != nil && found[1] != ""
}

// showsSetting reports whether a reply shows that the setting of the app is right: Sinch has accepted the message, or rejected it because
// of what it is.
func showsSetting(outcome conversation.Outcome, failure error) bool {
	if outcome == conversation.OutcomeAccepted {
		return true
	}
	answer, ok := errors.AsType[*conversation.Error](failure)
	return ok && outcome == conversation.OutcomeRejected && answer.StatusCode >= 400 && answer.StatusCode < 500
}

// judgeSetting notes what an outcome shows about the setting of the app. It reports whether the app is paused because of it, so that the
// entry stays in the queue.
func (a *attempt) judgeSetting(ctx context.Context, outcome conversation.Outcome, failure error) bool {
	w := a.worker
	switch {
	case heldBack(failure):
	case aboutSetting(failure):
		reason := redact(failure.Error())
		now, _ := w.pace.clock.between()
		paused, began := w.queues.wrong(a.entry, reason, now)
		if began {
			w.outbox.relay.log().LogAttrs(ctx, slog.LevelWarn, "relay: an app is paused, because its setting is wrong: one entry at a time is tried",
				slog.String("app", a.of.app), slog.String("reason", reason))
			signal(w.slowed)
		}
		return paused
	case showsSetting(outcome, failure):
		if w.queues.right(a.entry.queue) {
			w.outbox.relay.log().LogAttrs(ctx, slog.LevelInfo, "relay: an app goes on", slog.String("app", a.of.app))
			signal(w.slowed)
		}
	default:
		w.queues.unclear(a.entry)
	}
	return false
}
