package conversation_test

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// journal is a handler that keeps each record, with the mark of its context as trace_id.
type journal struct {
	slog.Handler

	mu      sync.Mutex
	records []entry
}

type entry struct {
	level   slog.Level
	message string
	attrs   map[string]slog.Value
}

func (*journal) Enabled(context.Context, slog.Level) bool { return true }

func (j *journal) Handle(ctx context.Context, record slog.Record) error {
	attrs := make(map[string]slog.Value)
	for attr := range record.Attrs {
		attrs[attr.Key] = attr.Value
	}
	if mark, ok := ctx.Value(markKey{}).(string); ok {
		attrs["trace_id"] = slog.StringValue(mark)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.records = append(j.records, entry{record.Level, record.Message, attrs})
	return nil
}

// of returns the records of a level.
func (j *journal) of(level slog.Level) []entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(j.records), func(record entry) bool { return record.level != level })
}

// names returns the names of the attributes of a record.
func (l entry) names() []string { return slices.Sorted(maps.Keys(l.attrs)) }

func TestRecordsHaveTheAttributesOfTheirCallAndItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log, seen := &journal{}, &seenIn{}
		id := map[string]string{"X-Request-Id": "req", "Retry-After": "2"}
		client, _ := scripted(t, []step{{status: 429, header: id, takes: time.Second}, {status: 503, header: id, takes: time.Second}},
			conversation.WithLogger(slog.New(log)), conversation.WithObserver(&marker{name: "A", seen: seen}))
		require.Error(t, sendCall.do(context.WithValue(t.Context(), markKey{}, "trace "), client))

		common := []string{"attempt", "duration", "error", "method", "operation", "outcome", "request_id", "route", "status_code", "trace_id"}
		for _, record := range log.records {
			names := common
			if record.message == "conversation: retrying" {
				names = slices.Insert(slices.Clone(common), 1, "delay")
			}
			assert.Equal(t, names, record.names(), record.message)
			assert.Equal(t, "Messages.Send", record.attrs["operation"].String())
			assert.Equal(t, "POST", record.attrs["method"].String())
			assert.Equal(t, "/v1/projects/{project_id}/messages:send", record.attrs["route"].String())
			assert.Equal(t, "req", record.attrs["request_id"].String())
			assert.Equal(t, "trace A", record.attrs["trace_id"].String())
		}
		attempts, retries, unknown := log.of(slog.LevelDebug), log.of(slog.LevelWarn), log.of(slog.LevelError)
		require.Equal(t, []int{2, 1, 1}, []int{len(attempts), len(retries), len(unknown)})
		assert.Equal(t, time.Second, attempts[1].attrs["duration"].Duration(), "that of the attempt")
		assert.Equal(t, "not sent", attempts[0].attrs["outcome"].String())
		assert.Equal(t, "unknown", attempts[1].attrs["outcome"].String())
		assert.EqualValues(t, 429, retries[0].attrs["status_code"].Int64())
		assert.GreaterOrEqual(t, retries[0].attrs["delay"].Duration(), 2*time.Second)
		assert.Equal(t, "conversation: the outcome is unknown", unknown[0].message)
		assert.EqualValues(t, 2, unknown[0].attrs["attempt"].Int64())
		assert.EqualValues(t, 503, unknown[0].attrs["status_code"].Int64())
		assert.Equal(t, 2*time.Second+retries[0].attrs["delay"].Duration(), unknown[0].attrs["duration"].Duration(), "that of the call")
	})
}

func TestOnlyAnUnknownCallThatIsNotIdempotentIsAnErrorInTheLog(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		call   retriedCall
		answer step
		errors int
	}{
		"an unknown send":  {sendCall, step{err: errReset}, 1},
		"a send":           {sendCall, accepts, 0},
		"a rejected send":  {sendCall, step{status: 400}, 0},
		"a throttled send": {sendCall, step{status: 429}, 0},
		"a failed read":    {getCall, step{err: errReset}, 0},
		"a failed delete":  {deleteCall, step{status: 503}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := &journal{}
			client, _ := scripted(t, []step{test.answer}, conversation.WithLogger(slog.New(log)), conversation.WithRetry(conversation.NoRetry))
			_ = test.call.do(t.Context(), client)
			assert.Len(t, log.of(slog.LevelError), test.errors)
			assert.Empty(t, log.of(slog.LevelWarn))
		})
	}
}

func TestEachRequestAfterTheFirstIsAWarningInTheLog(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log, seen := &journal{}, &recorder{}
		server := &bulkServer{answer: func(number, before int) step {
			switch {
			case number%4 == 1 && before < 2:
				return step{status: 429}
			case number%4 == 2:
				return step{err: errReset}
			case number%4 == 3 && before == 0:
				return step{err: errDial, neverHad: true}
			}
			return accepts
		}}
		client := bulkClient(t, server, conversation.WithLogger(slog.New(log)), conversation.WithObserver(seen))
		sum, err := client.Messages.SendMany(t.Context(), numbered(0, 40, new(int)), unlimited)
		require.NoError(t, err)
		calls, attempts := seen.count(t, "Messages.Send")
		assert.Len(t, log.of(slog.LevelDebug), attempts)
		assert.Len(t, log.of(slog.LevelWarn), attempts-calls)
		assert.Len(t, log.of(slog.LevelError), sum.Unknown)
		assert.Equal(t, []int{40, 10}, []int{calls, sum.Unknown})
		for _, retry := range log.of(slog.LevelWarn) {
			assert.Positive(t, retry.attrs["delay"].Duration())
		}
	})
}

func TestARenewedTokenIsAWarningInTheLog(t *testing.T) {
	t.Parallel()
	log := &journal{}
	p := &platform{token: func(n int, _ *http.Request) (int, string) { return grant(n, 3600) }}
	p.api = func(*http.Request) int {
		if p.calls.Load() == 2 {
			return 401
		}
		return 200
	}
	client := p.client(t, conversation.WithLogger(slog.New(log)))
	require.NoError(t, get(t.Context(), client))
	require.NoError(t, get(t.Context(), client))
	retries := log.of(slog.LevelWarn)
	require.Len(t, retries, 1)
	assert.EqualValues(t, 401, retries[0].attrs["status_code"].Int64())
	assert.Zero(t, retries[0].attrs["delay"].Duration())
}

func TestRecordsOfTokensHaveTheSameAttributes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := &journal{}
		p := &platform{takes: time.Second, token: func(n int, _ *http.Request) (int, string) {
			if n == 1 {
				return 503, ``
			}
			return grant(n, 3600)
		}}
		require.NoError(t, get(t.Context(), p.client(t, conversation.WithLogger(slog.New(log)))))
		retried, fetched := log.records[0], log.records[1]
		assert.Equal(t, []string{"attempt", "delay", "duration", "error", "method", "operation", "outcome", "route", "status_code"}, retried.names())
		assert.Equal(t, []string{"attempt", "duration", "lifetime", "method", "operation", "outcome", "route", "status_code"}, fetched.names())
		for _, record := range []entry{retried, fetched} {
			assert.Equal(t, "Token", record.attrs["operation"].String())
			assert.Equal(t, "/oauth2/token", record.attrs["route"].String())
			assert.Equal(t, time.Second, record.attrs["duration"].Duration())
		}
		assert.Equal(t, slog.LevelWarn, retried.level)
		assert.EqualValues(t, 2, fetched.attrs["attempt"].Int64())
	})
}
