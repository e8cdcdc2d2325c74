package conversationtest_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

// stream is an open GET /_fake/events.
type stream struct {
	t    *testing.T
	text *bufio.Scanner
}

// published is an event of a stream.
type published struct {
	id, kind string
	data     map[string]any
}

// listen opens the stream of events over HTTP.
func listen(t *testing.T, srv *conversationtest.Server, query, lastEventID string) stream {
	t.Helper()
	front := httptest.NewServer(srv.Control())
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, front.URL+"/_fake/events"+query, nil)
	require.NoError(t, err)
	if lastEventID != "" {
		r.Header.Set("Last-Event-ID", lastEventID)
	}
	resp, err := front.Client().Do(r)
	require.NoError(t, err)
	t.Cleanup(func() {
		assert.NoError(t, resp.Body.Close())
		front.Close()
	})
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
	return newStream(t, bufio.NewScanner(resp.Body))
}

func newStream(t *testing.T, text *bufio.Scanner) stream {
	t.Helper()
	text.Buffer(nil, 1<<20)
	return stream{t: t, text: text}
}

// next returns the next event, without comments.
func (s stream) next() published {
	s.t.Helper()
	var next published
	for s.text.Scan() {
		name, value, _ := strings.Cut(s.text.Text(), ": ")
		switch name {
		case "id":
			next.id = value
		case "event":
			next.kind = value
		case "data":
			require.NoError(s.t, json.Unmarshal([]byte(value), &next.data))
			return next
		}
	}
	require.FailNow(s.t, "the stream has ended", s.text.Err())
	return next
}

// until returns the next event of the kind.
func (s stream) until(kind string) published {
	s.t.Helper()
	for {
		if next := s.next(); next.kind == kind {
			return next
		}
	}
}
