package conversation_test

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// The tests here are about what saves time and memory in each call, and must not be seen.

func TestBodiesOfCallsAtTheSameTimeAreTheirOwn(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var late []*http.Request // net/http may read a body after its call is over
	client, err := conversation.NewClient("project", workingBasic(conversation.WithHTTPClient(&http.Client{
		Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			late = append(late, req)
			return answerTo(req, http.StatusOK, anyReply), nil
		}),
	}))...)
	require.NoError(t, err)
	var calls sync.WaitGroup
	for i := range 100 {
		calls.Go(func() {
			message := textMessage()
			message.Message = conversation.Text(strings.Repeat(strconv.Itoa(i%10), 1+i*1000))
			_, err := client.Messages.Send(t.Context(), message)
			assert.NoError(t, err)
		})
	}
	calls.Wait()
	lengths := make(map[int]bool)
	for _, req := range late {
		body, err := io.ReadAll(req.Body)
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(string(body), `{"app_id":`) && strings.HasSuffix(string(body), `}`), "%.100s", body)
		lengths[len(body)] = true
	}
	assert.Len(t, lengths, 100)
}

func TestARequestThatCannotBeWrittenHarmsNoOther(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(200, anyReply))
	for range 10 {
		err := client.Do(t.Context(), http.MethodPost, "/x", map[string]any{"kept": 1, "refused": make(chan int)}, nil)
		require.Len(t, argumentErrors(err), 1)
		require.NoError(t, client.Do(t.Context(), http.MethodPost, "/x", map[string]any{"a": 1}, nil))
	}
	for _, got := range server.requests() {
		assert.Equal(t, `{"a":1}`, got.body)
	}
}

func TestMiddlewareThatAddsToAHeaderChangesNoOther(t *testing.T) {
	t.Parallel()
	adding := func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(req *http.Request) (*http.Response, error) {
			for name := range req.Header {
				req.Header.Add(name, "added to "+name)
			}
			return next.RoundTrip(req)
		})
	}
	client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithMiddleware(adding))
	for range 2 {
		_, err := client.Messages.Send(t.Context(), textMessage())
		require.NoError(t, err)
	}
	for _, got := range wire.requests() {
		assert.Len(t, got.header, 4)
		for name, values := range got.header {
			assert.Len(t, values, 2)
			assert.NotContains(t, values[0], "added to")
			assert.Equal(t, "added to "+name, values[1])
		}
	}
}

func TestALieAboutTheLengthOfAReplyCostsNothing(t *testing.T) {
	t.Parallel()
	for _, length := range []int64{0, 1, 1 << 50} {
		client, err := conversation.NewClient("project", workingBasic(
			conversation.WithMaxResponseBytes(1<<60),
			conversation.WithHTTPClient(&http.Client{Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
				resp := answerTo(req, http.StatusOK, `{"id":"M"}`)
				resp.ContentLength = length
				return resp, nil
			})}))...)
		require.NoError(t, err)
		message, err := client.Messages.Get(t.Context(), "M")
		require.NoError(t, err)
		assert.Equal(t, "M", message.ID)
	}
}
