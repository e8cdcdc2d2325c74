package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestEachOperationIsOneCall(t *testing.T) {
	t.Parallel()
	for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
		seen := &recorder{}
		client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithObserver(seen), conversation.WithDialect(dialect))
		for name, do := range everyCall() {
			seen.calls = nil
			before := len(wire.requests())
			require.NoError(t, do(t.Context(), client), name)
			call := seen.only(t)
			assert.Equal(t, name, call.Operation)
			sent := wire.requests()[before:]
			require.Len(t, sent, 1)
			assert.Equal(t, sent[0].method, call.Method)
			assert.Regexp(t, "^/v[12]/projects/{project_id}/", call.Route)
			pattern := strings.NewReplacer("{project_id}", "project").Replace(call.Route)
			assert.Equal(t, strings.Count(sent[0].url, "/"), strings.Count(pattern, "/")+2, "%s: %s", sent[0].url, call.Route)
		}
	}
}

// withoutArguments calls each method of each service with zero values, and returns the error of each by "Service.Method".
func withoutArguments(ctx context.Context, client *conversation.Client) map[string]error {
	failed := make(map[string]error)
	services := reflect.ValueOf(*client)
	for i := range services.NumField() {
		service, field := services.Field(i), services.Type().Field(i)
		if field.Anonymous {
			continue
		}
		for method, does := range service.Methods() {
			name := field.Name + "." + method.Name
			if strings.HasPrefix(method.Name, "All") || slices.Contains([]string{"Messages.SendMany", "Batches.SendAll", "Contacts.Upsert"}, name) {
				continue // They are several calls.
			}
			arguments := []reflect.Value{reflect.ValueOf(ctx)}
			for j := 1; j < does.Type().NumIn()-1; j++ {
				arguments = append(arguments, reflect.Zero(does.Type().In(j)))
			}
			results := does.Call(arguments)
			failed[name], _ = reflect.TypeAssert[error](results[len(results)-1])
		}
	}
	return failed
}

func TestEachCallThatIsRejectedIsSeenOnce(t *testing.T) {
	t.Parallel()
	for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
		seen := &recorder{}
		client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithObserver(seen), conversation.WithDialect(dialect))
		returned := withoutArguments(t.Context(), client)
		require.Len(t, returned, len(everyCall()))
		calls, rejected := seen.all(t), 0
		require.Len(t, calls, len(returned))
		for _, call := range calls {
			err, ok := returned[call.Operation]
			require.True(t, ok, call.Operation)
			assert.Equal(t, err, call.Err)
			if err == nil {
				assert.Equal(t, 1, call.Attempts)
				continue
			}
			rejected++
			assert.NotEmpty(t, argumentErrors(err), "%s: %v", call.Operation, err)
			assert.Equal(t, conversation.OutcomeNotSent, call.Outcome)
			assert.Zero(t, call.Attempts)
			assert.NotEmpty(t, call.Method+call.Route)
		}
		assert.Greater(t, rejected, 40)
		assert.Len(t, wire.requests(), len(calls)-rejected)
	}
}

func TestARejectedCallHasTheRouteOfItsDialect(t *testing.T) {
	t.Parallel()
	for dialect, route := range map[conversation.Dialect]string{
		conversation.DialectOpenAPI:  "/v1/projects/{project_id}/contacts:merge",
		conversation.DialectPlatform: "/v1/projects/{project_id}/contacts/{destination_id}:merge",
	} {
		seen := &recorder{}
		client, _ := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithObserver(seen), conversation.WithDialect(dialect))
		_, err := client.Contacts.Merge(t.Context(), nil)
		require.Error(t, err)
		assert.Equal(t, route, seen.only(t).Route)
	}
}

func TestEachPageIsACall(t *testing.T) {
	t.Parallel()
	seen := &recorder{}
	pages := book{"": {2, "a"}, "a": {0, "b"}, "b": {2, "gone"}}
	client, server := newTestClient(t, pages.ServeHTTP, conversation.WithObserver(seen))
	_, err := collect(t, client, nil)
	require.ErrorIs(t, err, conversation.ErrBadRequest)
	calls := seen.all(t)
	require.Len(t, calls, 4)
	assert.Len(t, server.requests(), 4)
	for i, call := range calls {
		assert.Equal(t, "Messages.List", call.Operation)
		assert.Equal(t, i == 3, call.Err != nil)
	}
	assert.Equal(t, errors.Unwrap(err), calls[3].Err, "the error of the call, without that of the list")

	_, err = collect(t, client, &conversation.ListMessagesParams{PageSize: -1})
	require.Len(t, argumentErrors(err), 1)
	assert.Len(t, seen.all(t), 5)
}

func TestEachMessageOfSendManyIsACall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := &recorder{}
		server := &bulkServer{app: `{"id":"app","rate_limits":{"outbound":100}}`, answer: func(number, before int) step {
			switch {
			case number%5 == 1 && before < 3:
				return step{status: 429}
			case number%5 == 2:
				return step{status: 503}
			case number%5 == 3:
				return step{status: 400}
			}
			return accepts
		}}
		client := bulkClient(t, server, conversation.WithObserver(seen))
		var taken int
		sum, err := client.Messages.SendMany(t.Context(), numbered(0, 50, &taken), conversation.SendManyOptions{Concurrency: 4})
		require.NoError(t, err)
		requireConsistent(t, sum, sum.Results)
		outcomes := make(map[conversation.Outcome]int)
		for _, call := range seen.all(t) {
			if call.Operation == "Messages.Send" {
				outcomes[call.Outcome]++
				assert.Equal(t, call.Attempts > 1, call.Waited > 0)
			}
		}
		assert.Equal(t, map[conversation.Outcome]int{
			conversation.OutcomeAccepted: sum.Accepted, conversation.OutcomeUnknown: sum.Unknown, conversation.OutcomeRejected: sum.Rejected,
		}, outcomes)
		calls, attempts := seen.count(t, "Messages.Send")
		assert.Equal(t, 50, calls)
		assert.Equal(t, server.answered(), attempts)
		assert.Equal(t, 50+3*10, attempts)
		reads, _ := seen.count(t, "Apps.Get")
		assert.Equal(t, server.perApp, reads)
		assert.Len(t, seen.all(t), 51)
	})
}

func TestATokenThatIsRevokedDuringAPauseOfSendManyIsRenewed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := &recorder{}
		p := &platform{token: func(n int, _ *http.Request) (int, string) { return grant(n, 3600) }}
		p.api = func(*http.Request) int { return []int{429, 401, 200}[p.calls.Load()-1] }
		sum, err := p.client(t, conversation.WithObserver(seen)).Messages.SendMany(t.Context(), slices.Values([]*conversation.SendMessageRequest{textMessage()}), unlimited)
		require.NoError(t, err)
		assert.Equal(t, 1, sum.Accepted)
		calls, attempts := seen.count(t, "Messages.Send")
		assert.Equal(t, []int{1, 3}, []int{calls, attempts})
	})
}

func TestAMessageThatSendManyKeepsBackIsACall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := &recorder{}
		client := bulkClient(t, &bulkServer{latency: time.Second}, conversation.WithObserver(seen))
		ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer cancel()
		options := unlimited
		options.Concurrency = 2
		var taken int
		sum, err := client.Messages.SendMany(ctx, numbered(0, 100, &taken), options)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		calls, _ := seen.count(t, "Messages.Send")
		assert.Equal(t, sum.Taken, calls)
		assert.Less(t, sum.Taken, 100)
	})
}

func TestEachBatchAndEachLookupIsACall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := &recorder{}
		ledger := &batchLedger{late: 2 * time.Second, fault: func(send int) batchFault {
			switch send {
			case 0, 1:
				return batchFault{step: step{status: 429}}
			case 3:
				return batchFault{step: step{err: errReset}, accepted: true}
			}
			return batchFault{}
		}}
		client := ledger.client(t, conversation.WithObserver(seen))
		recipients := slices.Collect(people(0, 8, nil))
		recipients[6].Recipient = conversation.Recipient{}
		results := allResults(t, client.Batches.SendAll(t.Context(), hi(), slices.Values(recipients), conversation.SendAllOptions{BatchSize: 2}))
		require.Len(t, results, 4)
		calls, attempts := seen.count(t, "Batches.Send")
		assert.Equal(t, 4, calls)
		assert.Len(t, ledger.sends, attempts)
		lookups, requests := seen.count(t, "Batches.FindByMetadata")
		assert.Equal(t, ledger.lookups, lookups)
		assert.Equal(t, ledger.lookups, requests)
		assert.Greater(t, lookups, 1)
		assert.Len(t, seen.all(t), calls+lookups)
	})
}

func TestEachStepOfAnUpsertIsACall(t *testing.T) {
	t.Parallel()
	seen := &recorder{}
	client, _ := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		body := anyReply
		if r.Method == http.MethodGet {
			body = fmt.Sprintf(`{"next_page_token":%q}`, map[string]string{"": "a"}[r.URL.Query().Get("page_token")])
		}
		answerWith(200, body)(w, r)
	}, conversation.WithObserver(seen))
	_, err := client.Contacts.Upsert(t.Context(), "e", &conversation.CreateContactRequest{ChannelIdentities: []conversation.ChannelIdentity{{Channel: conversation.ChannelSMS, Identity: "15551230000"}}})
	require.NoError(t, err)
	var operations []string
	for _, call := range seen.all(t) {
		operations = append(operations, call.Operation)
	}
	assert.Equal(t, []string{"Contacts.List", "Contacts.List", "Contacts.Create"}, operations)
}
