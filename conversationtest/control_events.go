package conversationtest

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// keepAlive is the time between two comments in a stream.
const keepAlive = 15 * time.Second

// events answers with a stream of what happens, in the format of server-sent events.
func (c *controlCall) events() (any, error) {
	after, err := c.lastEvent()
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { c.server.stream(w, r, after) }), nil
}

// lastEvent returns the number of the last event that the client has. A client without one has all events so far, and one
// with a greater number than there is, which it has from another server, has none.
func (c *controlCall) lastEvent() (int, error) {
	last := c.server.feed.last()
	text, name := c.request.Header.Get("Last-Event-ID"), "Last-Event-ID" // It is newer than the query when a browser reconnects.
	if text == "" {
		text, name = c.query.Get("after"), "after"
	}
	if text == "" {
		return last, nil
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 0 {
		return 0, c.invalid("%s: %q is not the id of an event: use that of the last event, or 0 for all that are kept", name, text)
	}
	if number > last {
		return 0, nil
	}
	return number, nil
}

// stream writes the events after a number until the client disconnects or the server is closed.
func (s *Server) stream(w http.ResponseWriter, r *http.Request, number int) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	comments := time.NewTicker(keepAlive)
	defer comments.Stop()
	after, text := number, ": events of the fake\n\n"
	for !s.tasks.Over() {
		_, err := io.WriteString(w, text)
		if err == nil {
			err = http.NewResponseController(w).Flush()
		}
		if err != nil {
			return
		}
		events, lost, more := s.feed.after(after)
		text = streamText(events, lost)
		if len(events) > 0 {
			after = events[len(events)-1].number
			continue
		}
		select {
		case <-more:
		case <-comments.C:
			text = ":\n\n"
		case <-r.Context().Done():
			return
		case <-s.tasks.Stopped():
			return
		}
	}
}

// streamText returns events in the format of server-sent events.
func streamText(events []numbered[published], lost int) string {
	var text strings.Builder
	if lost > 0 {
		fmt.Fprintf(&text, "event: lost\ndata: {\"lost\":%d}\n\n", lost)
	}
	for _, event := range events {
		fmt.Fprintf(&text, "id: %d\nevent: %s\ndata: %s\n\n", event.number, event.value.kind, encoded(event.value.data))
	}
	return text.String()
}
