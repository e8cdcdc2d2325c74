package relay

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sinchgo/conversation"
)

const (
	// maxID is the maximum length of correlation_id, in bytes.
	maxID = 128
	// maxApp is the maximum length of an encoded app id: the name of its consumer has at most 255 bytes.
	maxApp = 255 - len("app-")
)

// lastAfter is the last time that an entry can wait for: the engine counts nanoseconds in 64 bits, which end in April 2262.
var lastAfter = time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC)

// WithoutRequestChecks stores requests of [Outbox.Enqueue] that a client with [conversation.DialectPlatform] rejects. It is for workers whose
// client has [conversation.DialectOpenAPI] or [conversation.WithoutLimitChecks]. A request that their client rejects becomes
// [StateRejected].
func WithoutRequestChecks() Option {
	return func(c *config) error {
		c.unchecked = true
		return nil
	}
}

// checkRequest returns the error of [conversation.SendMessageRequest.Validate] for a request as a worker sends it. The metadata that a
// worker adds changes nothing in that: it adds none for which there is no room.
func (o *Outbox) checkRequest(req *conversation.SendMessageRequest) error {
	if o.relay.config.unchecked {
		return nil
	}
	err := req.Validate()
	if argument, ok := errors.AsType[*conversation.ArgumentError](err); ok {
		return argumentError(opEnqueue, argument.Field, argument.Reason)
	}
	return err
}

// checkEntry checks what identifies an entry.
func checkEntry(req *conversation.SendMessageRequest, e Entry) error {
	switch {
	case e.ID == "":
		return argumentError(opEnqueue, "Entry.ID", "is empty: name the message, so that it is enqueued once")
	case len(e.ID) > maxID:
		return argumentError(opEnqueue, "Entry.ID", fmt.Sprintf("has %d bytes: Sinch accepts at most %d", len(e.ID), maxID))
	case !utf8.ValidString(e.ID):
		return argumentError(opEnqueue, "Entry.ID", "is not valid UTF-8")
	case e.App == "" && req.AppID == "":
		return argumentError(opEnqueue, "Entry.App", "is empty, as is AppID of the request: set one of them")
	case e.App != "" && req.AppID != "" && e.App != req.AppID:
		return argumentError(opEnqueue, "Entry.App", "differs from AppID of the request: leave one of them out")
	case req.CorrelationID != "" && req.CorrelationID != e.ID:
		return argumentError(opEnqueue, "CorrelationID", "of the request is not Entry.ID: leave it out, because the outbox sets it")
	case e.After.After(lastAfter), e.After.Unix() > lastAfter.Unix(): // the last times of time.Unix compare as earlier than all others
		return argumentError(opEnqueue, "Entry.After", "is after "+lastAfter.Format(time.RFC3339)+", which is the last time that the engine can wait for")
	case e.App != "":
		return checkApp("Entry.App", e.App)
	}
	return checkApp("AppID", req.AppID)
}

// checkApp returns an error for an app id that cannot be sent: its consumer could not be created, or no app has it.
func checkApp(field, app string) error {
	switch {
	case len(token(app)) > maxApp:
		return argumentError(opEnqueue, field, fmt.Sprintf("has %d bytes, and %d as part of a name: at most %d are possible, of which each byte other than a "+
			"letter, digit, dash or underscore takes 3", len(app), len(token(app)), maxApp))
	case !utf8.ValidString(app):
		return argumentError(opEnqueue, field, "is not UTF-8: pass the id of the app as the dashboard shows it")
	case strings.ContainsFunc(app, func(char rune) bool { return unicode.In(char, unicode.C, unicode.Zl, unicode.Zp) }):
		return argumentError(opEnqueue, field, "has control characters or invisible characters: pass the id of the app as the dashboard shows it")
	case strings.TrimSpace(app) != app:
		return argumentError(opEnqueue, field, "has white space around it: trim it where you read it")
	}
	return nil
}
