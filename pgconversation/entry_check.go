package pgconversation

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sinchgo/conversation"
)

const (
	maxID       = 128 // length of correlation_id, in bytes
	maxApp      = 255
	maxGroup    = 64
	maxPriority = 3
	maxQueue    = 64 // River's
)

// lastTime is the last time that JSON can express.
var lastTime = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)

// queueName is what River accepts. River's error comes too late, after other entries were stored.
var queueName = regexp.MustCompile(`^[a-z0-9]+(?:[_|\-]?[a-z0-9]+)*$`)

// checkEntry checks what identifies an entry, and when and how it is sent.
func checkEntry(operation string, req *conversation.SendMessageRequest, e Entry) error {
	reject := func(field, reason string) error { return argumentError(operation, field, reason) }
	switch {
	case req == nil:
		return reject("req", "is nil: pass a message")
	case e.ID == "":
		return reject("Entry.ID", "is empty: name the message, so that it is stored once")
	case len(e.ID) > maxID:
		return reject("Entry.ID", fmt.Sprintf("has %d bytes: Sinch accepts at most %d", len(e.ID), maxID))
	case e.App == "" && req.AppID == "":
		return reject("Entry.App", "is empty, as is AppID of the request: set one of them")
	case e.App != "" && req.AppID != "" && e.App != req.AppID:
		return reject("Entry.App", "differs from AppID of the request: leave one of them out")
	case len(e.App) > maxApp:
		return reject("Entry.App", fmt.Sprintf("has %d bytes: pass the id of the app as the dashboard shows it", len(e.App)))
	case len(req.AppID) > maxApp:
		return reject("AppID", fmt.Sprintf("has %d bytes: pass the id of the app as the dashboard shows it", len(req.AppID)))
	case req.CorrelationID != "" && req.CorrelationID != e.ID:
		return reject("CorrelationID", "of the request is not Entry.ID: leave it out, because it is set to Entry.ID")
	case e.Priority < 0 || e.Priority > maxPriority:
		return reject("Entry.Priority", fmt.Sprintf("is %d: use 0 to %d", e.Priority, maxPriority))
	case e.Queue != "" && !isQueue(e.Queue):
		return reject("Entry.Queue", notAQueue)
	case !e.After.IsZero() && !storable(e.After):
		return reject("Entry.After", "is not between 1970 and 9999: leave it out to send the message immediately")
	case !e.Before.IsZero():
		if reason := hopeless(e); reason != "" {
			return reject("Entry.Before", reason)
		}
	}
	for _, name := range []struct{ field, value string }{{"Entry.ID", e.ID}, {"Entry.App", e.App}, {"AppID", req.AppID}} {
		if reason := unreadable(name.value); reason != "" {
			return reject(name.field, reason)
		}
	}
	return checkGroup(operation, "Entry.Group", e.Group)
}

// notAQueue is the reason for a name that [isQueue] does not accept.
const notAQueue = "is not a name of River: use at most 64 lower-case letters and digits, separated by underscores or hyphens"

// isQueue reports whether River accepts the name of a queue.
func isQueue(name string) bool { return len(name) <= maxQueue && queueName.MatchString(name) }

// checkGroup returns an error for a group that is too long, or cannot be read and typed.
func checkGroup(operation, field, group string) error {
	if len(group) > maxGroup {
		return argumentError(operation, field, fmt.Sprintf("has %d bytes: use at most %d", len(group), maxGroup))
	}
	if reason := unreadable(group); reason != "" {
		return argumentError(operation, field, reason)
	}
	return nil
}

// hopeless returns what is wrong with the Before of an entry that would expire unsent, or is not a time that can be stored.
func hopeless(e Entry) string {
	switch {
	case !e.Before.After(time.Now()) && e.Before.Unix() <= lastTime.Unix():
		return "is in the past: the message would never be sent"
	case !storable(e.Before):
		return "is after 9999: leave it out"
	case !e.Before.After(e.After):
		return "is not after Entry.After: the message would never be sent"
	}
	return ""
}

// storable reports whether a time is one that PostgreSQL and JSON can express. It compares seconds, because the last times of [time.Unix]
// compare as earlier than all others.
func storable(t time.Time) bool { return t.Unix() >= 0 && t.Unix() <= lastTime.Unix() }

// unreadable returns what is wrong with a name that PostgreSQL cannot store, or nobody can read and type.
func unreadable(name string) string {
	switch {
	case !utf8.ValidString(name):
		return "is not UTF-8: use a name that can be read and typed"
	case strings.ContainsFunc(name, func(char rune) bool { return unicode.In(char, unicode.C, unicode.Zl, unicode.Zp) }):
		return "has control characters or invisible characters: use a name that can be read and typed"
	case strings.TrimSpace(name) != name:
		return "has white space around it: trim it where you read it"
	}
	return ""
}
