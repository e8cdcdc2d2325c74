package conversationtest

import "sync"

// maxFeed is how many events the feed keeps.
const maxFeed = 8192

// feed keeps the last of what happens in a server, for GET /_fake/events. Publishing never waits for a reader: a slow one
// finds the oldest events gone.
type feed struct {
	mu        sync.Mutex
	kept      history[published]
	forgotten int           // The number of the last event before the last reset.
	publisher *publisher    // That of the current state. Others are not heard.
	more      chan struct{} // Closed with the next event. Nil if no reader waits.
}

// published is an event of the feed. Its data is encoded for a reader only, and must not change.
type published struct {
	kind string
	data any
}

func newFeed() *feed { return &feed{kept: history[published]{limit: maxFeed}} }

// publisher publishes the events of one state of a server.
type publisher struct{ feed *feed }

// publish adds an event with a body of that many bytes. It drops the event after a reset. It can be called with any mutex
// held.
func (p *publisher) publish(kind string, data any, bytes int) {
	p.feed.mu.Lock()
	defer p.feed.mu.Unlock()
	if p.feed.publisher == p {
		p.feed.add(kind, data, bytes)
	}
}

func (f *feed) add(kind string, data any, bytes int) {
	f.kept.add(&published{kind, data}, bytes)
	if f.more != nil {
		close(f.more)
		f.more = nil
	}
}

// start hears the publisher of the first state.
func (f *feed) start(first *publisher) { f.publisher = first }

// restart forgets all events, and calls swap between those of the old and of the new state.
func (f *feed) restart(next *publisher, swap func(), data any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kept.clear()
	f.forgotten = f.kept.dropped
	f.publisher = next
	swap()
	f.add(feedReset, data, 0)
}

// last returns the number of the newest event.
func (f *feed) last() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.kept.last()
}

// maxFeedPage is how many events are read from the feed together.
const maxFeedPage = 64

// after returns the first events with greater numbers, and how many are lost before them. If there are none, more is closed
// with the next event.
func (f *feed) after(number int) (events []numbered[published], lost int, more <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	events = f.kept.after(number)
	if len(events) == 0 {
		if f.more == nil {
			f.more = make(chan struct{})
		}
		return nil, 0, f.more
	}
	lost = max(0, f.kept.dropped-max(number, f.forgotten))
	return events[:min(len(events), maxFeedPage)], lost, nil
}
