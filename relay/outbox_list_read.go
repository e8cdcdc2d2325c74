package relay

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	// fewMost is how many messages are found by their names and sorted. The engine looks for the next of many by going through
	// all messages that are between two of them.
	fewMost = 4000
	// fewLeast is how many of one scope are always found so.
	fewLeast = 50
	// rounds is how often a list looks for entries that moved while it was read.
	rounds = 10
	// dueSoon is the time before which a list remembers delayed entries that it has returned, because the engine will queue them.
	dueSoon = 10 * time.Minute
	// skipMost is how many messages the engine may go through to find the first one.
	skipMost = 20_000
)

// listing is one call of List.
type listing struct {
	outbox  *Outbox
	params  ListParams
	upTo    uint64 // the last message when it began
	sources []*listSource
	soon    map[key]bool // delayed entries that were returned and are due soon
}

// listSource is the messages of one kind, of one app and group or of all.
type listSource struct {
	kind   kind
	filter string
	n      int                       // about how many there are
	few    []*jetstream.RawStreamMsg // all of them, in order, if they are few
	next   uint64                    // where the engine is asked for the next one
	head   *jetstream.RawStreamMsg
	ended  bool // nothing is left in this round
}

func (o *Outbox) list(ctx context.Context, params ListParams, yield func(*Status, error) bool) error {
	after, err := params.check()
	if err != nil {
		return err
	}
	t, err := o.tally(ctx)
	if err != nil {
		return err
	}
	l := &listing{outbox: o, params: params, upTo: t.Seq, soon: make(map[key]bool)}
	if params.State == StateAttempting {
		return l.attempting(ctx, t, after, yield)
	}
	l.sources = l.from(t)
	begin, end := after+1, t.Seq
	for range rounds {
		if more, err := l.round(ctx, begin, end, yield); err != nil || !more || params.State != "" && asideKinds[params.State] != "" {
			return err // what is put aside does not move
		}
		info, err := o.relay.outboxStream.Info(ctx)
		if err != nil || info.State.LastSeq <= end {
			return err
		}
		begin, end = max(begin, end+1), info.State.LastSeq
	}
	return nil
}

// from returns where the entries are.
func (l *listing) from(t *tally) []*listSource {
	kinds := []kind{kindLater, kindEntry, kindState} // in the order in which an entry moves
	switch state := l.params.State; {
	case state == StateQueued:
		kinds = kinds[:2]
	case state == StateAccepted:
		kinds = kinds[2:]
	case state != "":
		kinds = []kind{asideKinds[state]}
	}
	names := l.outbox.relay.names
	all := l.params.App == "" && l.params.Group == ""
	var sources []*listSource
	for _, k := range kinds {
		whole := &listSource{kind: k, filter: names.all(k)}
		for name, s := range t.Scopes {
			n := s.messages(k, l.params.State)
			whole.n += n
			if app, group := unscope(name); !all && l.params.selects(app, group) {
				sources = append(sources, &listSource{kind: k, filter: names.in(k, name), n: n})
			}
		}
		if all {
			sources = append(sources, whole)
		}
	}
	return sources
}

// selects reports whether entries of an app and a group are listed.
func (p *ListParams) selects(app, group string) bool { return Scope{p.App, p.Group}.covers(app, group) }

// messages returns about how many messages of a kind there are.
func (s *scopeTally) messages(k kind, state State) int {
	switch {
	case k == kindLater:
		return s.Marks[markLater]
	case k == kindEntry:
		return s.Marks[mark(StateQueued)] + s.Marks[mark(StateAttempting)]
	case k.isAside():
		return s.Marks[mark(state)]
	}
	n := 0
	for m, count := range s.Marks {
		if m != markLater && m != mark(StateQueued) {
			n += count
		}
	}
	return n
}

// start prepares the sources for the messages in a range.
func (l *listing) start(ctx context.Context, begin, end uint64) error {
	first, err := l.first(ctx)
	if err != nil {
		return err
	}
	return each(len(l.sources), func(i int) (err error) {
		s := l.sources[i]
		s.head, s.few, s.next, s.ended = nil, nil, begin, false
		if begin > l.upTo || s.n > max(fewLeast, fewMost/len(l.sources)) {
			if s.n > skipMost && begin <= first.Sequence {
				s.next = first.Sequence + 1
				if strings.HasPrefix(first.Subject, strings.TrimRight(s.filter, "*.")+".") {
					s.head = first
				}
			}
			return nil
		}
		s.few, err = l.few(ctx, s.filter, begin, end)
		s.next = end + 1
		return err
	})
}

// few returns the messages of a filter in a range, in order.
func (l *listing) few(ctx context.Context, filter string, begin, end uint64) ([]*jetstream.RawStreamMsg, error) {
	stream := l.outbox.relay.outboxStream
	info, err := stream.Info(ctx, jetstream.WithSubjectFilter(filter))
	if err != nil {
		return nil, err
	}
	subjects := slices.Collect(maps.Keys(info.State.Subjects))
	found := make([]*jetstream.RawStreamMsg, len(subjects))
	err = each(len(subjects), func(i int) (err error) {
		if found[i], err = lastOf(ctx, stream, subjects[i]); found[i] != nil && l.outbox.relay.names.kindOf(subjects[i]) != kindState {
			found[i].Data = nil // a list does not need it
		}
		return err
	})
	found = slices.DeleteFunc(found, func(msg *jetstream.RawStreamMsg) bool {
		return msg == nil || msg.Sequence < begin || msg.Sequence > end
	})
	slices.SortFunc(found, func(a, b *jetstream.RawStreamMsg) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return found, err
}

// first returns the first message of the stream, or its number if it was removed just now.
func (l *listing) first(ctx context.Context) (*jetstream.RawStreamMsg, error) {
	info, err := l.outbox.relay.outboxStream.Info(ctx)
	if err != nil {
		return nil, err
	}
	first, err := l.outbox.relay.outboxStream.GetMsg(ctx, max(info.State.FirstSeq, 1))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return &jetstream.RawStreamMsg{Sequence: info.State.FirstSeq}, nil
	}
	return first, err
}

// page returns the next messages of the sources, in order.
func (l *listing) page(ctx context.Context, end uint64) ([]*jetstream.RawStreamMsg, error) {
	var page []*jetstream.RawStreamMsg
	for len(page) < l.params.PageSize {
		var least *listSource
		for _, s := range l.sources {
			if err := l.fill(ctx, s, end); err != nil {
				return nil, err
			}
			if s.head != nil && (least == nil || s.head.Sequence < least.head.Sequence) {
				least = s
			}
		}
		if least == nil {
			break
		}
		page = append(page, least.head)
		least.head = nil
	}
	return page, nil
}

// fill reads the next message of a source, unless it has one.
func (l *listing) fill(ctx context.Context, s *listSource, end uint64) error {
	switch {
	case s.head != nil || s.ended:
		return nil
	case len(s.few) > 0:
		s.head, s.few = s.few[0], s.few[1:]
		return nil
	case s.next > end:
		s.ended = true
		return nil
	}
	msg, err := l.outbox.relay.outboxStream.GetMsg(ctx, s.next, jetstream.WithGetMsgSubject(s.filter))
	switch {
	case errors.Is(err, jetstream.ErrMsgNotFound):
		s.ended = true
	case err != nil:
		return err
	case msg.Sequence > end:
		s.ended = true
	default:
		s.head, s.next = msg, msg.Sequence+1
	}
	return nil
}
