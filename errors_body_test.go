package conversation_test

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestAnyErrorBodyLeavesTheStatusToBeSeen(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body    string
		want    conversation.Error // the parts that come from the body
		problem string             // what the error says about the body
	}{
		"empty":             {"", conversation.Error{}, "no body"},
		"blanks":            {" \n", conversation.Error{}, "no body"},
		"HTML":              {"<html>hush</html>", conversation.Error{}, "HTML"},
		"HTML after blanks": {"\n <!DOCTYPE html>hush", conversation.Error{}, "HTML"},
		"text":              {"hush: upstream connect error", conversation.Error{}, "not JSON"},
		"cut short":         {`{"error":{"message":"hush`, conversation.Error{}, "not JSON"},
		"another object":    {`{"message":"hush"}`, conversation.Error{}, "not an error of the API"},
		"a list":            {`["hush"]`, conversation.Error{}, "not an error of the API"},
		"null":              {`null`, conversation.Error{}, "not an error of the API"},
		"a string":          {`"hush"`, conversation.Error{}, "not an error of the API"},
		"an error text":     {`{"error":"hush"}`, conversation.Error{}, "not an error of the API"},
		"an error of null":  {`{"error":null}`, conversation.Error{}, "not an error of the API"},
		"an empty error":    {`{"error":{}}`, conversation.Error{}, ""},
		"the usual":         {`{"error":{"code":3,"status":"S","message":"M"}}`, conversation.Error{Code: 3, Status: "S", Message: "M"}, "S: M"},
		"flat":              {`{"code":3,"status":"S","message":"M"}`, conversation.Error{Code: 3, Status: "S", Message: "M"}, "S: M"},
		"flat after a mark": {"\ufeff" + `{"code":3,"message":"M","details":null}`, conversation.Error{Code: 3, Message: "M"}, ": M"},
		"flat and quoted":   {`{"code":"3","status":"S"}`, conversation.Error{Code: 3, Status: "S"}, ": S"},
		"a status alone":    {`{"status":"hush"}`, conversation.Error{}, "not an error of the API"},
		"Spring's":          {`{"status":404,"error":"hush","path":"/hush"}`, conversation.Error{}, "not an error of the API"},
		"a code as text":    {`{"error":{"code":"hush","status":"S","message":"M"}}`, conversation.Error{Status: "S", Message: "M"}, "S: M"},
		"a broken code":     {`{"error":{"code":1.5,"status":"S","message":"M"}}`, conversation.Error{Status: "S", Message: "M"}, "S: M"},
		"a status of 5":     {`{"error":{"code":3,"status":5,"message":"M"}}`, conversation.Error{Code: 3, Message: "M"}, ": M"},
		"a message list":    {`{"error":{"code":3,"status":"S","message":["hush"]}}`, conversation.Error{Code: 3, Status: "S"}, "S"},
		"details as object": {`{"error":{"code":3,"status":"S","message":"M","details":{"hush":1}}}`, conversation.Error{Code: 3, Status: "S", Message: "M"}, "S: M"},
		"nulls":             {`{"error":{"code":null,"status":null,"message":null,"details":null}}`, conversation.Error{}, ""},
		"more than known":   {`{"error":{"code":3,"status":"S","message":"M","new":"hush"},"trace":"hush"}`, conversation.Error{Code: 3, Status: "S", Message: "M"}, "S: M"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := newTestClient(t, answerWith(404, tt.body))
			var response conversation.Response
			_, err := client.Messages.Send(t.Context(), textMessage(), conversation.WithResponse(&response))
			require.ErrorIs(t, err, conversation.ErrNotFound)
			failed := as[*conversation.Error](t, err)
			assert.Equal(t, tt.want.Code, failed.Code)
			assert.Equal(t, tt.want.Status, failed.Status)
			assert.Equal(t, tt.want.Message, failed.Message)
			assert.Empty(t, failed.Details)
			assert.Equal(t, tt.body, string(failed.Body))
			assert.Equal(t, tt.body, string(response.Body))
			assert.ErrorContains(t, err, "conversation: Messages.Send: HTTP 404")
			assert.ErrorContains(t, err, tt.problem)
			hides(t, everyPrint(t, err), "hush")
		})
	}
}

func TestABodyThatBreaksOffIsReported(t *testing.T) {
	t.Parallel()
	client, _ := newTestClient(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"message_id":"M"`)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	_, err := client.Messages.Send(t.Context(), textMessage())
	failed := as[*conversation.Error](t, err)
	assert.Equal(t, 200, failed.StatusCode)
	assert.ErrorContains(t, err, "broke off")
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Equal(t, conversation.OutcomeAccepted, conversation.OutcomeOf(err))
}

func TestAReplyUpToTheLimitIsRead(t *testing.T) {
	t.Parallel()
	const body = `{"message_id":"M"}`
	for _, tt := range []struct {
		limit int64
		taken bool
	}{{int64(len(body)), true}, {int64(len(body)) + 1, true}, {int64(len(body)) - 1, false}, {1, false}} {
		client, _ := newTestClient(t, answerWith(200, body), conversation.WithMaxResponseBytes(tt.limit))
		var response conversation.Response
		sent, err := client.Messages.Send(t.Context(), textMessage(), conversation.WithResponse(&response))
		if tt.taken {
			require.NoError(t, err)
			assert.Equal(t, "M", sent.MessageID)
			continue
		}
		failed := as[*conversation.Error](t, err)
		assert.ErrorContains(t, err, "WithMaxResponseBytes")
		assert.Len(t, failed.Body, int(tt.limit))
		assert.Len(t, response.Body, int(tt.limit))
	}
}

// spring is a body without an end.
type spring struct {
	read   int64
	closed bool
}

func (s *spring) Read(p []byte) (int, error) {
	if s.closed {
		return 0, errors.New("read after close")
	}
	for i := range p {
		p[i] = ' '
	}
	s.read += int64(len(p))
	return len(p), nil
}

func (s *spring) Close() error {
	s.closed = true
	return nil
}

func TestNoMoreIsReadOfAReplyThanItsLimitAndAByte(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status      int
		limit, want int64
	}{
		"a success":                       {200, 1 << 16, 1 << 16},
		"a success of a limit above 1 MB": {200, 4 << 20, 4 << 20},
		"an error":                        {400, 32 << 20, 1 << 20},
		"an error of a small limit":       {400, 100, 100},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := &spring{}
			transport := roundTrip(func(req *http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: tt.status, Header: http.Header{}, Body: body, ContentLength: -1, Request: req}, nil
			})
			client, err := conversation.NewClient("PROJECT", workingBasic(
				conversation.WithHTTPClient(&http.Client{Transport: transport}), conversation.WithMaxResponseBytes(tt.limit))...)
			require.NoError(t, err)
			_, err = client.Messages.Send(t.Context(), textMessage())
			failed := as[*conversation.Error](t, err)
			assert.Equal(t, tt.status, failed.StatusCode)
			assert.LessOrEqual(t, int64(len(failed.Body)), min(tt.want, 1<<20), "an error keeps 1 MiB at most")
			assert.Equal(t, tt.want+1, body.read, "one byte more than the limit reveals that there is more")
			assert.True(t, body.closed)
		})
	}
}

func TestTheLimitHoldsForWhatWasCompressed(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Type", "application/json")
		packer := gzip.NewWriter(w)
		_, _ = packer.Write([]byte(`{"message_id":"` + strings.Repeat("M", 1<<20) + `"}`))
		_ = packer.Close()
	}, conversation.WithMaxResponseBytes(1<<16))
	_, err := client.Messages.Send(t.Context(), textMessage())
	assert.ErrorContains(t, err, "larger than the limit")
	assert.Equal(t, "gzip", server.only(t).header.Get("Accept-Encoding"))
}

func TestACallWithoutAServerIsATransportError(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(200, anyReply))
	server.Close()
	_, err := client.Messages.Send(t.Context(), textMessage())
	failed := as[*conversation.TransportError](t, err)
	assert.Equal(t, "Messages.Send", failed.Operation)
	assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
	hides(t, err.Error(), "/v1/projects", "PROJECT")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = client.Messages.Send(ctx, textMessage())
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
}

func TestAReplyOfAnotherTypeIsAnErrorThatShowsNothingOfIt(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`[]`, `"hush"`, `5`} {
		client, _ := newTestClient(t, answerWith(200, body))
		_, err := client.Messages.List(t.Context(), nil)
		require.ErrorContains(t, err, `in ""`, body)
		hides(t, everyPrint(t, err), "hush")
	}
}
