package conversation_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestSendAllCutsASequenceIntoBatches(t *testing.T) {
	t.Parallel()
	for size, want := range map[int][]int{0: {1000, 1000, 500}, 1000: {1000, 1000, 500}, 900: {900, 900, 700}} {
		synctest.Test(t, func(t *testing.T) {
			ledger := &batchLedger{}
			message := hi()
			message.BatchMetadata = map[string]any{"campaign": "spring"}
			results := allResults(t, ledger.client(t).Batches.SendAll(t.Context(), message, people(0, 2500, nil), conversation.SendAllOptions{BatchSize: size}))
			require.Len(t, results, len(want))
			keys := map[string]bool{}
			for i, result := range results {
				sent := ledger.sends[i]
				require.NoError(t, result.Err)
				assert.Equal(t, conversation.OutcomeAccepted, result.Outcome)
				assert.Equal(t, []acceptedBatch{{result.BatchID, sent.at}}, ledger.accepted[result.Key])
				assert.Equal(t, 2026, result.SendAfter.Year())
				assert.False(t, result.Found)
				assert.Len(t, result.Recipients, want[i])
				assert.Equal(t, result.Recipients, sent.request.RecipientAndParams)
				assert.Equal(t, conversation.JSONObject{"campaign": "spring", conversation.BatchKey: result.Key}, sent.request.BatchMetadata)
				keys[result.Key] = true
			}
			assert.Len(t, keys, len(want), "each key is unique")
			assert.Equal(t, conversation.JSONObject{"campaign": "spring"}, message.BatchMetadata, "the caller's metadata is unchanged")
			assert.Empty(t, message.RecipientAndParams)
			assert.Zero(t, ledger.lookups)
		})
	}
}

func TestSendAllOfNobodyHasNoResults(t *testing.T) {
	t.Parallel()
	ledger := &batchLedger{}
	assert.Empty(t, allResults(t, ledger.client(t).Batches.SendAll(t.Context(), hi(), people(0, 0, nil), conversation.SendAllOptions{})))
	assert.Empty(t, ledger.sends)
}

func TestABatchWhoseAnswerWasLostIsFoundByItsKey(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]step{
		"reset":                        {err: errReset},
		"503":                          {status: 503},
		"a page of a proxy":            {status: 200, body: `<p>Sign in</p>`},
		"a reply without the id":       {status: 200, body: `{}`},
		"a reply that was cut short":   {status: 200, body: `{"batch_id":`},
		"a reply that broke off":       {status: 200, body: `{"batch`, bodyErr: errReset},
		"a gateway that did not wait":  {status: 504},
		"a timeout of the server":      {status: 408},
		"a timeout of this client":     {status: 200, takes: time.Hour},
		"a connection that disappears": {err: context.DeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ledger := &batchLedger{late: 10 * time.Second, fault: func(send int) batchFault {
					if send != 1 {
						return batchFault{}
					}
					return batchFault{step: fault, accepted: true}
				}}
				results := allResults(t, ledger.client(t).Batches.SendAll(t.Context(), hi(), people(0, 3, nil), conversation.SendAllOptions{BatchSize: 1}))
				require.Len(t, results, 3)
				for i, result := range results {
					require.NoError(t, result.Err)
					assert.Equal(t, conversation.OutcomeAccepted, result.Outcome)
					assert.Equal(t, i == 1, result.Found)
					assert.Equal(t, ledger.accepted[result.Key][0].id, result.BatchID)
				}
				assert.Len(t, ledger.sends, 3)
			})
		})
	}
}

func TestABatchThatIsNotFoundStaysUnknownAndIsNotSentAgain(t *testing.T) {
	t.Parallel()
	for name, accepted := range map[string]bool{"it never arrived": false, "it becomes visible too late": true} {
		for window, want := range map[time.Duration]time.Duration{0: time.Minute, 20 * time.Second: 20 * time.Second} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					ledger := &batchLedger{late: time.Hour, fault: func(int) batchFault {
						return batchFault{step: step{err: errReset}, accepted: accepted}
					}}
					client := ledger.client(t, conversation.WithRetry(conversation.RetryPolicy{AcceptDuplicates: true}))
					started := time.Now()
					results := allResults(t, client.Batches.SendAll(t.Context(), hi(), people(0, 1, nil), conversation.SendAllOptions{LookupTimeout: window}))
					require.Len(t, results, 1)
					assert.Equal(t, conversation.OutcomeUnknown, results[0].Outcome)
					require.ErrorIs(t, results[0].Err, errReset)
					require.ErrorIs(t, results[0].Err, conversation.ErrMaybeSent)
					assert.Empty(t, results[0].BatchID)
					assert.Equal(t, ledger.sends[0].key, results[0].Key, "so that it can be looked up later")
					assert.Len(t, ledger.sends, 1)
					assert.Greater(t, ledger.lookups, 5)
					assert.InDelta(t, want, time.Since(started), float64(time.Second))
				})
			})
		}
	}
}

func TestALookupSurvivesFailures(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ledger := &batchLedger{
			fault: func(int) batchFault { return batchFault{step: step{err: errReset}, accepted: true} },
			lookup: func(lookup int) *step {
				failures := []step{{status: 503}, {err: errReset}, {status: 429, header: map[string]string{"Retry-After": "2"}}, {status: 404}, {status: 401}, {status: 200, body: `<p>`}}
				if lookup < len(failures) {
					return &failures[lookup]
				}
				return nil
			},
		}
		results := allResults(t, ledger.client(t).Batches.SendAll(t.Context(), hi(), people(0, 1, nil), conversation.SendAllOptions{}))
		require.Len(t, results, 1)
		assert.True(t, results[0].Found)
	})
}

func TestALookupThatTheServerRejectsEndsIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ledger := &batchLedger{
			fault:  func(int) batchFault { return batchFault{step: step{err: errReset}} },
			lookup: func(int) *step { return &step{status: 403} },
		}
		results := allResults(t, ledger.client(t).Batches.SendAll(t.Context(), hi(), people(0, 1, nil), conversation.SendAllOptions{}))
		assert.Equal(t, conversation.OutcomeUnknown, results[0].Outcome)
		require.ErrorIs(t, results[0].Err, errReset)
		assert.Equal(t, 1, ledger.lookups)
	})
}

// A server that ignores the query returns other batches.
func TestOnlyTheBatchWithTheKeyIsFound(t *testing.T) {
	t.Parallel()
	for body, found := range map[string]bool{
		`[{"batch_id":"X"}]`:                  true, // without metadata, but alone
		`{"batches":[{"batch_id":"X"}]}`:      true,
		`[{"batch_id":"X"},{"batch_id":"Y"}]`: false,
		`[{"batch_id":"X","meta_data":{"` + conversation.BatchKey + `":"other"}}]`: false,
		`[{"batch_id":"X","meta_data":{}}]`:                                        false,
		`[{"meta_data":{}}]`:                                                       false,
		`[]`:                                                                       false,
	} {
		synctest.Test(t, func(t *testing.T) {
			ledger := &batchLedger{
				fault:  func(int) batchFault { return batchFault{step: step{err: errReset}} },
				lookup: func(int) *step { return &step{status: 200, body: body} },
			}
			results := allResults(t, ledger.client(t).Batches.SendAll(t.Context(), hi(), people(0, 1, nil), conversation.SendAllOptions{}))
			assert.Equal(t, found, results[0].Found, body)
			assert.Equal(t, found, results[0].BatchID == "X", body)
			assert.Equal(t, found, results[0].Outcome == conversation.OutcomeAccepted, body)
		})
	}
}

func TestTheBatchOfAnInvalidRecipientIsNotSent(t *testing.T) {
	t.Parallel()
	ledger := &batchLedger{}
	given := slices.Collect(people(0, 9, nil))
	given[3].Parameters = nil
	given[5].Recipient = conversation.Recipient{}
	results := allResults(t, ledger.client(t).Batches.SendAll(t.Context(), hi(), slices.Values(given), conversation.SendAllOptions{BatchSize: 3}))
	require.Len(t, results, 3)
	assert.Equal(t, []string{"recipient_and_params[0].parameters.name", "recipient_and_params[2].recipient"}, faultyFields(results[1].Err))
	assert.Equal(t, conversation.OutcomeNotSent, results[1].Outcome)
	assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(results[1].Err))
	assert.Equal(t, given[3:6], results[1].Recipients)
	assert.Empty(t, results[1].Key)
	assert.Len(t, ledger.sends, 2)
	assert.Equal(t, conversation.OutcomeAccepted, results[2].Outcome, "the other batches are sent")
	hides(t, results[1].Err.Error(), numberOf(3), numberOf(5))
}

func TestArgumentsOfSendAllThatCannotWorkAreRejected(t *testing.T) {
	t.Parallel()
	with := func(change func(*conversation.SendBatchRequest)) *conversation.SendBatchRequest {
		message := hi()
		change(message)
		return message
	}
	for _, tt := range []struct {
		field   string
		message *conversation.SendBatchRequest
		options conversation.SendAllOptions
		opts    []conversation.RequestOption
	}{
		{field: "message", options: conversation.SendAllOptions{}},
		{field: "app_id", message: with(func(r *conversation.SendBatchRequest) { r.AppID = "" })},
		{field: "message.text_message.text", message: with(func(r *conversation.SendBatchRequest) { r.Message = conversation.Text(" ") })},
		{field: "recipient_and_params", message: with(func(r *conversation.SendBatchRequest) { r.RecipientAndParams = slices.Collect(people(0, 1, nil)) })},
		{field: "batch_metadata." + conversation.BatchKey, message: with(func(r *conversation.SendBatchRequest) {
			r.BatchMetadata = map[string]any{conversation.BatchKey: "mine"}
		})},
		{field: "batch_metadata._batch_id", message: with(func(r *conversation.SendBatchRequest) { r.BatchMetadata = map[string]any{"_batch_id": "mine"} })},
		{field: "BatchSize", message: hi(), options: conversation.SendAllOptions{BatchSize: -1}},
		{field: "BatchSize", message: hi(), options: conversation.SendAllOptions{BatchSize: 1001}},
		{field: "RecipientsPerSecond", message: hi(), options: conversation.SendAllOptions{RecipientsPerSecond: -1}},
		{field: "LookupTimeout", message: hi(), options: conversation.SendAllOptions{LookupTimeout: -1}},
		{field: "WithRequestTimeout", message: hi(), opts: []conversation.RequestOption{conversation.WithRequestTimeout(-1)}},
	} {
		ledger, read := &batchLedger{}, 0
		results := allResults(t, ledger.client(t).Batches.SendAll(t.Context(), tt.message, people(0, 1, &read), tt.options, tt.opts...))
		require.Len(t, results, 1, tt.field)
		requireRefused(t, results[0].Err, "Batches.SendAll", tt.field)
		assert.Equal(t, conversation.OutcomeNotSent, results[0].Outcome)
		assert.Empty(t, results[0].Recipients)
		assert.Zero(t, read)
		assert.Empty(t, ledger.sends)
	}
	client := (&batchLedger{}).client(t)
	results := allResults(t, client.Batches.SendAll(t.Context(), hi(), nil, conversation.SendAllOptions{}))
	requireRefused(t, results[0].Err, "Batches.SendAll", "recipients")
	results = allResults(t, client.Batches.SendAll(nil, hi(), people(0, 1, nil), conversation.SendAllOptions{})) //nolint:staticcheck // That is the test.
	requireRefused(t, results[0].Err, "Batches.SendAll", "ctx")
	basic, _ := scriptedWith(t, conversation.WithBasicAuth("id", "secret"), []step{{status: 200, body: anyReply}})
	results = allResults(t, basic.Batches.SendAll(t.Context(), hi(), people(0, 1, nil), conversation.SendAllOptions{}))
	requireRefused(t, results[0].Err, "Batches.SendAll", "WithBasicAuth")
}
