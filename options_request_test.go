package conversation_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"path"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestWrongRequestOptionsSendNothing(t *testing.T) {
	t.Parallel()
	var response conversation.Response
	for name, tt := range map[string]struct {
		opts   []conversation.RequestOption
		fields []string
		reason string
	}{
		"a nil option":              {[]conversation.RequestOption{nil}, []string{"option 0"}, "leave it out"},
		"an idempotency key":        {[]conversation.RequestOption{conversation.WithHeader("Idempotency-Key", "1")}, []string{"WithHeader"}, "Idempotency-Key"},
		"an X- idempotency key":     {[]conversation.RequestOption{conversation.WithHeader("x-idempotency-key", "1")}, []string{"WithHeader"}, "X-Idempotency-Key"},
		"a credential":              {[]conversation.RequestOption{conversation.WithHeader("authorization", "Bearer hush")}, []string{"WithHeader"}, "use WithOAuth2"},
		"an empty header name":      {[]conversation.RequestOption{conversation.WithHeader("", "hush")}, []string{"WithHeader"}, "invalid header name"},
		"a header name of two":      {[]conversation.RequestOption{conversation.WithHeader("X Y", "hush")}, []string{"WithHeader"}, "invalid header name"},
		"a header name and value":   {[]conversation.RequestOption{conversation.WithHeader("X:", "hush")}, []string{"WithHeader"}, "invalid header name"},
		"a header in a header name": {[]conversation.RequestOption{conversation.WithHeader("X\r\nY", "hush")}, []string{"WithHeader"}, "invalid header name"},
		"a header in a value":       {[]conversation.RequestOption{conversation.WithHeader("X-A", "hush\r\nX-B: 1")}, []string{"WithHeader"}, "X-A"},
		"a timeout of zero":         {[]conversation.RequestOption{conversation.WithRequestTimeout(0)}, []string{"WithRequestTimeout"}, "above zero"},
		"a timeout below zero":      {[]conversation.RequestOption{conversation.WithRequestTimeout(-1)}, []string{"WithRequestTimeout"}, "above zero"},
		"a policy below zero":       {[]conversation.RequestOption{conversation.WithRequestRetry(conversation.RetryPolicy{MaxAttempts: -1})}, []string{"WithRequestRetry"}, "MaxAttempts"},
		"nowhere for the response":  {[]conversation.RequestOption{conversation.WithResponse(nil)}, []string{"WithResponse"}, "pass the address"},
		"several": {
			[]conversation.RequestOption{conversation.WithRequestTimeout(-1), nil, conversation.WithResponse(&response), conversation.WithHeader("", "")},
			[]string{"WithRequestTimeout", "option 1", "WithHeader"},
			"invalid header name",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server := newTestClient(t, answerWith(200, anyReply))
			_, err := client.Messages.Get(t.Context(), "M", tt.opts...)
			require.Error(t, err)
			assert.Equal(t, tt.fields, faultyFields(err))
			assert.ErrorContains(t, err, tt.reason)
			assert.NotContains(t, err.Error(), "hush")
			for _, argument := range argumentErrors(err) {
				assert.Equal(t, "Messages.Get", argument.Operation)
			}
			_, err = client.Messages.List(t.Context(), nil, tt.opts...)
			assert.Equal(t, tt.fields, faultyFields(err))
			assert.Empty(t, server.requests())
		})
	}
}

func TestWithHeaderAddsAndReplacesHeaders(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(200, anyReply))
	_, err := client.Messages.Get(t.Context(), "M",
		conversation.WithHeader("x-trace", "1"), conversation.WithHeader("X-Trace", "2"),
		conversation.WithHeader("accept", "application/hal+json"), conversation.WithHeader("X-Empty", ""),
		conversation.WithHeader("X-Text", "a\tü"))
	require.NoError(t, err)
	_, err = client.Messages.Get(t.Context(), "M")
	require.NoError(t, err)

	sent := server.requests()
	require.Len(t, sent, 2)
	assert.Equal(t, []string{"2"}, sent[0].header["X-Trace"], "the last one holds")
	assert.Equal(t, []string{"application/hal+json"}, sent[0].header["Accept"])
	assert.Equal(t, []string{""}, sent[0].header["X-Empty"])
	assert.Equal(t, []string{"a\tü"}, sent[0].header["X-Text"])
	assert.NotContains(t, sent[1].header, "X-Trace", "it holds for one call")
	assert.Equal(t, []string{"application/json"}, sent[1].header["Accept"])
}

func TestWithResponseDescribesASuccess(t *testing.T) {
	t.Parallel()
	client, _ := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", "R")
		w.Header().Set("X-Correlation-Id", "C")
		answerWith(201, `{"id":"M"} `)(w, r)
	})
	response := conversation.Response{StatusCode: 999, Attempts: 99, Body: []byte("old")}
	_, err := client.Messages.Get(t.Context(), "M", conversation.WithResponse(&response))
	require.NoError(t, err)
	assert.Equal(t, 201, response.StatusCode)
	assert.Equal(t, "R", response.RequestID)
	assert.Equal(t, 1, response.Attempts)
	assert.Equal(t, "application/json", response.Header.Get("Content-Type"))
	got, want := string(response.Body), `{"id":"M"} `
	assert.Equal(t, want, got)
}

func TestConcurrentCallsHaveAResponseEach(t *testing.T) {
	t.Parallel()
	client, _ := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", path.Base(r.URL.Path))
		_, _ = io.WriteString(w, `{"id":"`+path.Base(r.URL.Path)+`"}`)
	})
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			id := "M" + strconv.Itoa(i)
			var response conversation.Response
			_, err := client.Messages.Get(t.Context(), id, conversation.WithResponse(&response))
			assert.NoError(t, err)
			assert.Equal(t, id, response.RequestID)
		})
	}
	group.Wait()
}

func TestWithResponseDescribesAFailure(t *testing.T) {
	t.Parallel()
	client, _ := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Correlation-Id", "C")
		answerWith(503, `busy`)(w, r)
	})
	var response conversation.Response
	_, err := client.Messages.Get(t.Context(), "M", conversation.WithResponse(&response),
		conversation.WithRequestRetry(conversation.RetryPolicy{MaxAttempts: 3, BaseDelay: 1}))
	require.ErrorIs(t, err, conversation.ErrUnavailable)
	assert.Equal(t, 503, response.StatusCode)
	assert.Equal(t, "C", response.RequestID)
	assert.Equal(t, 3, response.Attempts)
	assert.Equal(t, "busy", string(response.Body))
}

func TestWithResponseIsClearedWhenNoReplyCame(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(200, anyReply))
	server.Close()
	response := conversation.Response{StatusCode: 200, RequestID: "old", Body: []byte("old")}
	_, err := client.Messages.Get(t.Context(), "M", conversation.WithResponse(&response))
	require.Error(t, err)
	assert.Equal(t, conversation.Response{Attempts: 1}, response)
}

func TestWithRequestRetryHoldsForOneCall(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(503, ``))
	_, err := client.Messages.Get(t.Context(), "M", conversation.WithRequestRetry(conversation.RetryPolicy{MaxAttempts: 4, BaseDelay: 1}))
	require.ErrorIs(t, err, conversation.ErrUnavailable)
	assert.Len(t, server.requests(), 4)
	_, err = client.Messages.Get(t.Context(), "M")
	require.ErrorIs(t, err, conversation.ErrUnavailable)
	assert.Len(t, server.requests(), 5, "the client itself does not retry")
}

func TestWithRequestTimeoutBoundsAnAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hang := roundTrip(func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		client, err := conversation.NewClient("PROJECT", conversation.WithBasicAuth("i", "s"), conversation.WithRegion(conversation.RegionEU),
			conversation.WithHTTPClient(&http.Client{Transport: hang}), conversation.WithTimeout(time.Minute), conversation.WithRetry(conversation.NoRetry))
		require.NoError(t, err)
		for _, tt := range []struct {
			opts []conversation.RequestOption
			want time.Duration
		}{
			{nil, time.Minute},
			{[]conversation.RequestOption{conversation.WithRequestTimeout(time.Second)}, time.Second},
			{[]conversation.RequestOption{conversation.WithRequestTimeout(time.Hour)}, time.Hour},
		} {
			start := time.Now()
			_, err := client.Messages.Get(t.Context(), "M", tt.opts...)
			var failed *conversation.TransportError
			require.ErrorAs(t, err, &failed)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			assert.Equal(t, tt.want, time.Since(start))
		}
	})
}

func TestHeadersThatNetHTTPWouldIgnoreAreRejected(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Host", "content-length", "Transfer-Encoding", "Accept-Encoding"} {
		client, wire := scripted(t, []step{{status: 200, body: getCall.ok}})
		err := getCall.do(t.Context(), client, conversation.WithHeader(name, "1"))
		_, ok := errors.AsType[*conversation.ArgumentError](err)
		require.True(t, ok, name)
		assert.Empty(t, wire.requests())
	}
}
