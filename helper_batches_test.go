package conversation_test

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// batchLedger is a transport that plays the host of batches, with no socket, and keeps what it accepted.
type batchLedger struct {
	fault  func(send int) batchFault // of the nth send, from 0; nil for none
	lookup func(lookup int) *step    // the answer to the nth lookup; nil for what is there
	late   time.Duration             // how long an accepted batch is not found

	mu       sync.Mutex
	sends    []sentBatch
	accepted map[string][]acceptedBatch // by key
	people   map[string]int             // how often a batch with an identity was accepted
	lookups  int
}

// batchFault is the answer to a send, and whether the batch is accepted all the same.
type batchFault struct {
	step     step
	accepted bool
}

type sentBatch struct {
	key     string
	people  []string
	request conversation.SendBatchRequest
	at      time.Time
}

type acceptedBatch struct {
	id string
	at time.Time
}

func (l *batchLedger) RoundTrip(req *http.Request) (*http.Response, error) {
	answer := l.find(req)
	if req.Method == http.MethodPost {
		answer = l.receive(req)
	}
	return (&script{steps: []step{answer}}).RoundTrip(req)
}

// receive keeps a send, and returns its answer.
func (l *batchLedger) receive(req *http.Request) step {
	l.mu.Lock()
	defer l.mu.Unlock()
	body, _ := io.ReadAll(req.Body)
	sent := sentBatch{at: time.Now()}
	if err := json.Unmarshal(body, &sent.request); err != nil {
		return step{status: http.StatusBadRequest}
	}
	sent.key, _ = sent.request.BatchMetadata[conversation.BatchKey].(string)
	for _, recipient := range sent.request.RecipientAndParams {
		sent.people = append(sent.people, recipient.Recipient.IdentifiedBy.ChannelIdentities[0].Identity)
	}
	id := "B" + strconv.Itoa(len(l.sends))
	fault := batchFault{accepted: true, step: step{status: 200, body: `{"batch_id":"` + id + `","send_after":"2026-11-28T18:05:00Z"}`}}
	if l.fault != nil {
		if other := l.fault(len(l.sends)); other.step.status != 0 || other.step.err != nil {
			fault = other
		}
	}
	l.sends = append(l.sends, sent)
	if !fault.accepted {
		return fault.step
	}
	if l.accepted == nil {
		l.accepted, l.people = map[string][]acceptedBatch{}, map[string]int{}
	}
	l.accepted[sent.key] = append(l.accepted[sent.key], acceptedBatch{id, sent.at})
	for _, person := range sent.people {
		l.people[person]++
	}
	return fault.step
}

// find returns the answer to a lookup.
func (l *batchLedger) find(req *http.Request) step {
	l.mu.Lock()
	defer l.mu.Unlock()
	if req.Method != http.MethodGet {
		return step{}
	}
	l.lookups++
	if l.lookup != nil {
		if answer := l.lookup(l.lookups - 1); answer != nil {
			return *answer
		}
	}
	query := req.URL.Query()
	found := []conversation.Batch{}
	if query.Get("metadataKey") == conversation.BatchKey {
		for _, batch := range l.accepted[query.Get("metadataValue")] {
			if time.Since(batch.at) >= l.late {
				found = append(found, conversation.Batch{BatchID: batch.id, MetaData: map[string]any{conversation.BatchKey: query.Get("metadataValue")}})
			}
		}
	}
	body, err := json.Marshal(found)
	if err != nil {
		return step{err: err}
	}
	return step{status: 200, body: string(body)}
}

// client returns a client on the ledger.
func (l *batchLedger) client(t *testing.T, opts ...conversation.Option) *conversation.Client {
	t.Helper()
	client, err := conversation.NewClient("project", append([]conversation.Option{
		staticToken(), conversation.WithRegion(conversation.RegionEU), conversation.WithHTTPClient(&http.Client{Transport: l}),
	}, opts...)...)
	require.NoError(t, err)
	return client
}

// hi is a message for SendAll, with a placeholder.
func hi() *conversation.SendBatchRequest {
	return &conversation.SendBatchRequest{AppID: "app", Message: conversation.Text("Hi ${name}")}
}

// people is a sequence of recipients with the numbers from first up to end. It adds to read, unless that is nil.
func people(first, end int, read *int) iter.Seq[conversation.BatchRecipient] {
	return func(yield func(conversation.BatchRecipient) bool) {
		for i := first; i < end; i++ {
			if read != nil {
				*read++
			}
			if !yield(conversation.BatchRecipient{
				Recipient:  conversation.ToChannel(conversation.ChannelSMS, numberOf(i)),
				Parameters: map[string]string{"name": strconv.Itoa(i)},
			}) {
				return
			}
		}
	}
}

func numberOf(i int) string { return fmt.Sprintf("1555%07d", i) }

// allResults collects what SendAll yields.
func allResults(t *testing.T, results iter.Seq2[*conversation.BatchResult, error]) []conversation.BatchResult {
	t.Helper()
	var all []conversation.BatchResult
	next := 0
	for result, err := range results {
		require.NotNil(t, result)
		assert.Equal(t, result.Err, err)
		assert.Equal(t, len(all), result.Index)
		assert.Equal(t, next, result.First)
		next += len(result.Recipients)
		all = append(all, *result)
	}
	return all
}
