package relay

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// names holds the names of the streams, buckets and subjects of one prefix.
type names struct {
	prefix string
	outbox string // streams
	inbox  string
	dead   string
	pace   string // buckets
	seen   string
}

func namesOf(prefix string) names {
	upper := strings.ToUpper(prefix)
	return names{
		prefix: prefix,
		outbox: upper + "_OUTBOX", inbox: upper + "_INBOX", dead: upper + "_DEAD",
		pace: prefix + "_pace", seen: prefix + "_seen",
	}
}

// subjects returns the subjects of a stream. The second one of the outbox is never published. It keeps a version of November 2026,
// which would not understand cancelled entries, from opening the relay, and is what its error shows.
func (n names) subjects(stream string) []string {
	if stream == n.outbox {
		return []string{n.prefix + ".outbox.*.*.*", n.prefix + ".written-by-a-newer-version-of-relay"}
	}
	return []string{n.prefix + map[string]string{n.inbox: ".inbox.*", n.dead: ".dead.>"}[stream]}
}

// owns reports whether a stream with these subjects is of this prefix, and of this version or an earlier one.
func (n names) owns(stream string, subjects []string) bool {
	return slices.Equal(subjects, n.subjects(stream)) || stream == n.outbox && slices.Equal(subjects, []string{n.prefix + ".outbox.>"})
}

// kind is the kind of a message in the outbox stream.
type kind string

const (
	kindLater kind = "later" // a delayed entry, which the engine turns into a kindEntry when it is due
	kindEntry kind = "entry" // a message to send
	kindState kind = "state" // the state of an entry

	// The rest is put aside: the messages of entries that may be sent again, and marks of the others. They follow the state, and
	// are there to be listed.
	kindHeld      kind = "held"      // the message of an unknown entry
	kindRejected  kind = "rejected"  // the message of a rejected entry
	kindDropped   kind = "dropped"   // the message of a dropped entry
	kindCancelled kind = "cancelled" // without a body
	kindExpired   kind = "expired"   // without a body
)

// asideKinds are the kinds of what is put aside, by state.
var asideKinds = map[State]kind{
	StateUnknown: kindHeld, StateRejected: kindRejected, StateDropped: kindDropped, StateCancelled: kindCancelled, StateExpired: kindExpired,
}

// isAside reports whether a message of this kind is put aside.
func (k kind) isAside() bool { return k != kindLater && k != kindEntry && k != kindState }

// entry returns the subject of one kind of message of an entry.
func (n names) entry(k kind, of ref) string {
	return n.prefix + ".outbox." + string(k) + "." + scope(of.app, of.group) + "." + token(of.id)
}

// in returns the filter for the messages of one kind of an app and a group.
func (n names) in(k kind, scope string) string {
	return n.prefix + ".outbox." + string(k) + "." + scope + ".*"
}

// scope encodes an app and a group as one part of a subject. Without a group it is the app, as in earlier versions.
func scope(app, group string) string {
	if group == "" {
		return token(app)
	}
	return token(app) + "+" + token(group)
}

// unscope decodes what [scope] encoded.
func unscope(word string) (app, group string) {
	app, group, _ = strings.Cut(word, "+")
	return untoken(app), untoken(group)
}

// all returns the filter for all messages of one kind.
func (n names) all(k kind) string { return n.prefix + ".outbox." + string(k) + ".*.*" }

// allOf returns the filter for every message of an entry, whatever its kind and app, because an ID is one entry. The
// last of these messages determines the state of the entry.
func (n names) allOf(id string) string { return n.prefix + ".outbox.*.*." + token(id) }

// kindOf returns the kind of a message from its subject.
func (n names) kindOf(subject string) kind {
	word, _, _ := strings.Cut(strings.TrimPrefix(subject, n.prefix+".outbox."), ".")
	return kind(word)
}

// lane returns the subject of a lane of callbacks.
func (n names) lane(lane int) string { return fmt.Sprintf("%s.inbox.%d", n.prefix, lane) }

// deadLetter returns the subject of a dead letter.
func (n names) deadLetter(origin, id string) string {
	return n.prefix + ".dead." + origin + "." + token(id)
}

// token encodes a string as part of a subject or as the key of a bucket: each byte other than a letter, digit, dash or
// underscore becomes an equals sign and two hexadecimal digits.
func token(text string) string {
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "=%02X", c)
		}
	}
	return b.String()
}

// untoken decodes what [token] encoded.
func untoken(text string) string {
	plain, err := url.PathUnescape(strings.ReplaceAll(text, "=", "%"))
	if err != nil {
		return text
	}
	return plain
}
