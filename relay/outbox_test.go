package relay_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
)

func TestAnEntryIsSentOnceWithItsID(t *testing.T) {
	t.Parallel()
	r, srv := open(t), conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()
	for range 2 {
		require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: "order 4711/a"}))
	}
	queued, err := r.Outbox().Get(t.Context(), "order 4711/a")
	require.NoError(t, err)
	assert.Equal(t, relay.StateQueued, queued.State)
	stop := work(t, r, srv.NewClient(t))
	status := inState(t, r, "order 4711/a", relay.StateAccepted)
	stop()
	require.Len(t, srv.Sent(), 1)
	assert.Equal(t, srv.Sent()[0].MessageID, status.MessageID)
	assert.Equal(t, 1, status.Attempts)
	require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: "order 4711/a"}), "the ID is remembered")
	counts, err := r.Outbox().Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, map[relay.State]int{relay.StateAccepted: 1}, counts)
}

func TestAnotherMessageUnderTheSameIDIsRejected(t *testing.T) {
	t.Parallel()
	r := open(t)
	require.NoError(t, r.Outbox().Enqueue(t.Context(), message("app-1"), relay.Entry{ID: "a"}))
	other := message("app-1")
	other.Message = conversation.Text("Something else.")
	require.ErrorIs(t, r.Outbox().Enqueue(t.Context(), other, relay.Entry{ID: "a"}), relay.ErrIDTaken)
	require.ErrorIs(t, r.Outbox().Enqueue(t.Context(), message("app-2"), relay.Entry{ID: "a"}), relay.ErrIDTaken)
}

func TestInvalidEntriesAreRejectedBeforeAnythingIsStored(t *testing.T) {
	t.Parallel()
	r := open(t)
	named := message("app")
	named.CorrelationID = "mine"
	for name, c := range map[string]struct {
		req   *conversation.SendMessageRequest
		entry relay.Entry
		want  string
	}{
		"no message":              {nil, relay.Entry{ID: "a"}, "req is nil"},
		"no ID":                   {message("app"), relay.Entry{}, "Entry.ID is empty"},
		"a long ID":               {message("app"), relay.Entry{ID: strings.Repeat("x", 129)}, "Entry.ID has 129 bytes"},
		"an ID that is not UTF-8": {message("app"), relay.Entry{ID: "\xff"}, "Entry.ID is not valid UTF-8"},
		"no app":                  {message(""), relay.Entry{ID: "a"}, "Entry.App is empty"},
		"two apps":                {message("app"), relay.Entry{ID: "a", App: "other"}, "differ"},
		"another correlation id":  {named, relay.Entry{ID: "a"}, "CorrelationID"},
	} {
		err := r.Outbox().Enqueue(t.Context(), c.req, c.entry)
		require.ErrorContains(t, err, c.want, name)
		argument, ok := errors.AsType[*conversation.ArgumentError](err)
		require.True(t, ok, name)
		assert.Equal(t, "relay.Outbox.Enqueue", argument.Operation)
	}
	counts, err := r.Outbox().Counts(t.Context())
	require.NoError(t, err)
	assert.Empty(t, counts)
}

func TestAnEntryWaitsForItsTime(t *testing.T) {
	t.Parallel()
	r, srv := open(t), conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()
	at := time.Now().Add(2 * time.Second)
	require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: "later", After: at}))
	require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: "later", After: at}))
	work(t, r, srv.NewClient(t))
	inState(t, r, "later", relay.StateAccepted)
	assert.False(t, time.Now().Before(at))
	assert.Len(t, srv.Sent(), 1)
}

func TestManyEntriesOfSeveralAppsAreSent(t *testing.T) {
	t.Parallel()
	r, srv := open(t), conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()
	const n = 100
	for i := range n {
		require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: strconv.Itoa(i)}))
	}
	for range 3 {
		work(t, r, srv.NewClient(t), relay.WithRates(500, 0))
	}
	for i := range n {
		inState(t, r, strconv.Itoa(i), relay.StateAccepted)
	}
	assert.Len(t, srv.Sent(), n)
}

func TestAnOutboxPrintsSafelyWhileItIsUsed(t *testing.T) {
	t.Parallel()
	outbox := open(t).Outbox()
	var working sync.WaitGroup
	working.Go(func() {
		for n := range 20 {
			assert.NoError(t, outbox.Enqueue(t.Context(), message("app "+strconv.Itoa(n)), relay.Entry{ID: strconv.Itoa(n)}))
		}
	})
	for range 20 {
		for _, format := range []string{"%s", "%v", "%+v", "%#v", "%d"} {
			assert.Regexp(t, `^relay\.Outbox\{prefix: \S+\}$`, fmt.Sprintf(format, outbox), format)
		}
	}
	working.Wait()
}
