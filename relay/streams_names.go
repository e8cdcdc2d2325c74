package relay

import (
	"fmt"
	"net/url"
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

// subjects returns the filter for all subjects of a stream.
func (n names) subjects(stream string) string {
	return n.prefix + map[string]string{n.outbox: ".outbox.>", n.inbox: ".inbox.*", n.dead: ".dead.>"}[stream]
}

// kind is the kind of a message in the outbox stream.
type kind string

const (
	kindLater kind = "later" // a delayed entry, which the engine turns into a kindEntry when it is due
	kindEntry kind = "entry" // a message to send
	kindHeld  kind = "held"  // the message of an entry whose outcome is unknown
	kindState kind = "state" // the state of an entry
)

// entry returns the subject of one kind of message of an entry.
func (n names) entry(k kind, app, id string) string {
	return n.prefix + ".outbox." + string(k) + "." + token(app) + "." + token(id)
}

// entriesOf returns the filter for the messages to send of an app.
func (n names) entriesOf(app string) string {
	return n.prefix + ".outbox." + string(kindEntry) + "." + token(app) + ".*"
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
