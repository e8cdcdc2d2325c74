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
	// maxGroup is the maximum length of a group, in bytes.
	maxGroup = 64
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
// worker adds does not change that: it adds nothing that does not fit.
func (o *Outbox) checkRequest(req *conversation.SendMessageRequest) error {
	if o.relay.config.unchecked {
		return nil
	}
	return inEnqueue(req.Validate())
}

// inEnqueue returns an error about a request as Enqueue returns it.
func inEnqueue(err error) error {
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
	case !e.Before.IsZero():
		if err := checkBefore(e); err != nil {
			return err
		}
	}
	if err := checkGroup(opEnqueue, "Entry.Group", e.Group); err != nil {
		return err
	}
	if e.App != "" {
		return checkApp(opEnqueue, "Entry.App", e.App)
	}
	return checkApp(opEnqueue, "AppID", req.AppID)
}

// checkBefore returns an error for an entry that would expire unsent, or after all times that the engine knows.
func checkBefore(e Entry) error {
	switch {
	case e.Before.After(lastAfter), e.Before.Unix() > lastAfter.Unix():
		return argumentError(opEnqueue, "Entry.Before", "is after "+lastAfter.Format(time.RFC3339)+", which is the last time that the engine knows: leave it out")
	case !e.Before.After(e.After):
		return argumentError(opEnqueue, "Entry.Before", "is not after Entry.After: the message would never be sent")
	case !e.Before.After(time.Now()):
		return argumentError(opEnqueue, "Entry.Before", "is in the past: the message would never be sent")
	}
	return nil
}

// checkGroup returns an error for a group that is too long, or cannot be read and typed.
func checkGroup(operation, field, group string) error {
	if len(group) > maxGroup {
		return argumentError(operation, field, fmt.Sprintf("has %d bytes: use at most %d", len(group), maxGroup))
	}
	return checkName(operation, field, group, "use a name that can be read and typed")
}

// checkApp returns an error for an app id that cannot be part of a subject, or that no app has.
func checkApp(operation, field, app string) error {
	if n := len(token(app)); n > maxApp {
		return argumentError(operation, field, fmt.Sprintf("has %d bytes, and %d as part of a name: at most %d are possible, of which each byte other than a "+
			"letter, digit, dash or underscore takes 3", len(app), n, maxApp))
	}
	return checkName(operation, field, app, "pass the id of the app as the dashboard shows it")
}

func checkName(operation, field, name, fix string) error {
	switch {
	case !utf8.ValidString(name):
		return argumentError(operation, field, "is not UTF-8: "+fix)
	case strings.ContainsFunc(name, func(char rune) bool { return unicode.In(char, unicode.C, unicode.Zl, unicode.Zp) }):
		return argumentError(operation, field, "has control characters or invisible characters: "+fix)
	case strings.TrimSpace(name) != name:
		return argumentError(operation, field, "has white space around it: trim it where you read it")
	}
	return nil
}
