package conversation_test

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// bulkServer is a transport that takes messages, with no socket, and keeps when each came. It answers by the message's
// number, which is its text, and how often it came before.
type bulkServer struct {
	answer  func(number, before int) step
	app     string // the app as it is published; empty: it cannot be read
	perApp  int    // how often the app was read
	latency time.Duration

	mu       sync.Mutex
	came     map[int][]time.Time
	accepted map[int]int
	inFlight int
	ended    int
	most     int // at the same time
}

func (s *bulkServer) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method == http.MethodGet {
		return s.readApp(req)
	}
	text, _ := io.ReadAll(req.Body)
	var message conversation.SendMessageRequest
	if err := json.Unmarshal(text, &message); err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(message.Message.TextMessage.Text)
	if err != nil {
		return nil, err
	}
	next := s.enter(number)
	transport := &script{steps: []step{next}}
	resp, err := transport.RoundTrip(req)
	s.leave(number, err == nil && resp.StatusCode < 300)
	return resp, err
}

func (s *bulkServer) readApp(req *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.perApp++
	if s.app == "" {
		return answerTo(req, http.StatusNotFound, `{}`), nil
	}
	return answerTo(req, http.StatusOK, s.app), nil
}

func answerTo(req *http.Request, status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Request: req, Body: io.NopCloser(strings.NewReader(body))}
}

func (s *bulkServer) enter(number int) step {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inFlight++
	s.most = max(s.most, s.inFlight)
	next := accepts
	if s.answer != nil {
		next = s.answer(number, len(s.came[number]))
	}
	if next.takes == 0 {
		next.takes = s.latency
	}
	s.came[number] = append(s.came[number], time.Now())
	return next
}

func (s *bulkServer) leave(number int, accepted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inFlight--
	s.ended++
	if accepted {
		s.accepted[number]++
	}
}

func (s *bulkServer) answered() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ended
}

var accepts = step{status: 200, body: `{"message_id":"M","accepted_time":"2026-03-01T12:00:00Z"}`}

// bulkClient makes a client on a bulkServer.
func bulkClient(t *testing.T, server *bulkServer, opts ...conversation.Option) *conversation.Client {
	t.Helper()
	server.came, server.accepted = make(map[int][]time.Time), make(map[int]int)
	client, err := conversation.NewClient("project", append([]conversation.Option{
		conversation.WithBasicAuth("key-id", "key-secret"),
		conversation.WithRegion(conversation.RegionEU),
		conversation.WithHTTPClient(&http.Client{Transport: server}),
	}, opts...)...)
	require.NoError(t, err)
	return client
}

// numbered is a sequence of messages that have the numbers from first up to end as texts. It adds to taken.
func numbered(first, end int, taken *int) iter.Seq[*conversation.SendMessageRequest] {
	return func(yield func(*conversation.SendMessageRequest) bool) {
		for number := first; number < end; number++ {
			*taken++
			message := textMessage()
			message.Message = conversation.Text(strconv.Itoa(number))
			if !yield(message) {
				return
			}
		}
	}
}

// unlimited sends as fast as the server answers.
var unlimited = conversation.SendManyOptions{PerSecond: math.Inf(1)}

// requireConsistent holds a summary against the results: they are in order, and the counts are theirs.
func requireConsistent(t *testing.T, sum *conversation.SendManyResult, results []conversation.SendResult) {
	t.Helper()
	require.Len(t, results, sum.Taken)
	counts := make(map[conversation.Outcome]int)
	for i, result := range results {
		require.Equal(t, i, result.Index)
		assert.Equal(t, conversation.OutcomeOf(result.Err), result.Outcome)
		counts[result.Outcome]++
	}
	assert.Equal(t, fmt.Sprint(counts[conversation.OutcomeAccepted], counts[conversation.OutcomeRejected],
		counts[conversation.OutcomeNotSent], counts[conversation.OutcomeUnknown]),
		fmt.Sprint(sum.Accepted, sum.Rejected, sum.NotSent, sum.Unknown))
}
