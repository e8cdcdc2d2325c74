package relay

import (
	"fmt"
	"net/url"
	"strings"
)

// names are those of the streams, buckets and subjects of one prefix.
type names struct {
	prefix string
	outbox string // streams
	inbox  string
	dead   string
	apps   string // buckets
	pace   string
	seen   string
}

func namesOf(prefix string) names {
	upper := strings.ToUpper(prefix)
	return names{
		prefix: prefix,
		outbox: upper + "_OUTBOX", inbox: upper + "_INBOX", dead: upper + "_DEAD",
		apps: prefix + "_apps", pace: prefix + "_pace", seen: prefix + "_seen",
	}
}

// kind is what a message in the outbox stream is.
type kind string

const (
	kindLater kind = "later" // an entry that the engine turns into one to send when its time has come
	kindEntry kind = "entry" // a message to send
	kindHeld  kind = "held"  // the message of an entry whose outcome is unknown
	kindState kind = "state" // what became of an entry
)

// entry is the subject of one kind of message of an entry.
func (n names) entry(k kind, app, id string) string {
	return n.prefix + ".outbox." + string(k) + "." + token(app) + "." + token(id)
}

// entriesOf matches the messages to send of an app.
func (n names) entriesOf(app string) string {
	return n.prefix + ".outbox." + string(kindEntry) + "." + token(app) + ".*"
}

// all matches the messages of one kind.
func (n names) all(k kind) string { return n.prefix + ".outbox." + string(k) + ".*.*" }

// allOf matches every message of an entry, whatever its kind and app: an ID is one entry. The last of them tells what
// became of it.
func (n names) allOf(id string) string { return n.prefix + ".outbox.*.*." + token(id) }

// kindOf gives the kind of a message by its subject.
func (n names) kindOf(subject string) kind {
	word, _, _ := strings.Cut(strings.TrimPrefix(subject, n.prefix+".outbox."), ".")
	return kind(word)
}

// lane is the subject of callbacks that are kept in order.
func (n names) lane(lane int) string { return fmt.Sprintf("%s.inbox.%d", n.prefix, lane) }

// deadLetter is the subject of a dead letter.
func (n names) deadLetter(origin, id string) string {
	return n.prefix + ".dead." + origin + "." + token(id)
}

// token makes any text a part of a subject, or a key of a bucket: what is no letter, digit, dash or underscore becomes its
// bytes in hexadecimal, each after an equals sign.
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

// untoken gives the text that [token] was made of.
func untoken(text string) string {
	plain, err := url.PathUnescape(strings.ReplaceAll(text, "=", "%"))
	if err != nil {
		return text
	}
	return plain
}
