package relay_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

// growth is what a number of entries costs. It is a row of the table in docs/performance.md.
type growth struct {
	entries                int
	state                  relay.State // of nearly all
	perSecond              float64     // enqueued, or sent
	heap, resident, disk   uint64
	opened, first          time.Duration // until the relay is open, and of its first overview
	overview, counts, list time.Duration // medians
}

const growthHead = `
| entries | | a second | heap | resident | disk | open | first overview | overview | counts | page of a list |
|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
`

// row returns the row of the table.
func (g *growth) row() string {
	size := func(n uint64) string { return strconv.FormatUint(n>>20, 10) + " MiB" }
	round := func(took time.Duration) time.Duration { return took.Round(10 * time.Microsecond) }
	return fmt.Sprintf("| %d | %s | %.0f | %s | %s | %s | %v | %v | %v | %v | %v |\n", g.entries, g.state, g.perSecond,
		size(g.heap), size(g.resident), size(g.disk), round(g.opened), round(g.first), round(g.overview), round(g.counts), round(g.list))
}

// rejectedOfGrowth is how many entries are rejected of any number.
const rejectedOfGrowth = 10

// TestTheCostOfAnOverviewDoesNotGrowWithTheEntries measures the table "Growth of relay" of docs/performance.md.
func TestTheCostOfAnOverviewDoesNotGrowWithTheEntries(t *testing.T) { //nolint:paralleltest // It measures times.
	api := growthAPI(t)
	queued, settled, table := []growth{}, []growth{}, growthHead
	for entries := volume(20, 10_000); entries <= volume(200, 1_000_000); entries *= 10 {
		before, after := measureGrowth(t, api, entries)
		queued, settled, table = append(queued, before), append(settled, after), table+before.row()+after.row()
		t.Log(table)
	}
	const noise = 20 * time.Millisecond
	for _, rows := range [][]growth{queued, settled} {
		least, most := rows[0], rows[len(rows)-1]
		assert.LessOrEqual(t, most.overview, 2*least.overview+noise, "an overview, %s", most.state)
		assert.LessOrEqual(t, most.counts, 2*least.counts+noise, "the counts, %s", most.state)
		if soaking { // a page is shorter than the list
			assert.LessOrEqual(t, most.list, 2*least.list+noise, "a page of a list, %s", most.state)
		}
	}
}

// growthAPI starts a server that rejects some messages and accepts all others, and returns its address.
func growthAPI(t *testing.T) string {
	t.Helper()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		w.Header().Set("Content-Type", "application/json")
		switch {
		case req.URL.Path == "/oauth2/token":
			_, _ = io.WriteString(w, `{"access_token":"t","token_type":"bearer","expires_in":3600}`)
		case bytes.Contains(body, []byte(`"rejected-`)):
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"error":{"code":400,"status":"INVALID_ARGUMENT","message":"no"}}`)
		default:
			_, _ = io.WriteString(w, `{"message_id":"M","accepted_time":"2026-01-01T00:00:00Z"}`)
		}
	}))
	t.Cleanup(api.Close)
	return api.URL
}

// measureGrowth enqueues entries and sends them.
func measureGrowth(t *testing.T, api string, entries int) (queued, settled growth) {
	t.Helper()
	folder := t.TempDir()
	r := openGrown(t, folder)
	began := time.Now()
	enqueueGrowth(t, r, entries)
	queued = growth{entries: entries, state: relay.StateQueued, perSecond: float64(entries) / time.Since(began).Seconds()}
	r.Close()
	r = queued.measure(t, folder, relay.StateQueued, min(entries, 100))

	client, err := conversation.NewClient("project", conversation.WithOAuth2("key", "secret"), conversation.WithBaseURL(api),
		conversation.WithTokenURL(api+"/oauth2/token"))
	require.NoError(t, err)
	began = time.Now()
	stop := work(t, r, client, relay.WithRates(1e6, 1e6), relay.WithConcurrency(256))
	require.Eventually(t, func() bool {
		counts, err := r.Outbox().Counts(t.Context())
		return err == nil && counts[relay.StateAccepted]+counts[relay.StateRejected] == entries
	}, time.Duration(volume(1, 60))*time.Minute, 20*time.Millisecond, "every entry is sent")
	settled = growth{entries: entries, state: relay.StateAccepted, perSecond: float64(entries) / time.Since(began).Seconds()}
	stop()
	r.Close()
	settled.measure(t, folder, relay.StateRejected, rejectedOfGrowth).Close()
	return queued, settled
}

// enqueueGrowth enqueues entries of ten groups, of which some will be rejected.
func enqueueGrowth(t *testing.T, r *relay.Relay, entries int) {
	t.Helper()
	for e, err := range r.Outbox().EnqueueAll(t.Context(), func(yield func(*conversation.SendMessageRequest, relay.Entry) bool) {
		for i := range entries {
			id := fmt.Sprintf("entry-%07d", i)
			if i%(entries/rejectedOfGrowth) == 0 {
				id = fmt.Sprintf("rejected-%07d", i)
			}
			if !yield(message("app"), relay.Entry{ID: id, Group: "group-" + strconv.Itoa(i%10)}) {
				return
			}
		}
	}) {
		require.NoError(t, err, e.ID)
	}
}

func openGrown(t *testing.T, folder string) *relay.Relay {
	t.Helper()
	r, err := relay.Open(t.Context(), embedded.Dir(folder, embedded.WithSyncEvery(time.Second)), relay.WithWeakDurability())
	require.NoError(t, err)
	t.Cleanup(r.Close)
	return r
}

// measure opens the relay and measures it. A page of the entries with a state has so many.
func (g *growth) measure(t *testing.T, folder string, listed relay.State, page int) *relay.Relay {
	t.Helper()
	began := time.Now()
	r := openGrown(t, folder)
	g.opened = time.Since(began)
	overview := func() {
		view, err := r.Overview(t.Context())
		require.NoError(t, err)
		sum := 0
		for _, n := range view.States {
			sum += n
		}
		require.Equal(t, g.entries, sum)
	}
	began = time.Now()
	overview()
	g.first = time.Since(began)
	g.overview = medianTime(overview)
	g.counts = medianTime(func() {
		_, err := r.Outbox().Counts(t.Context())
		require.NoError(t, err)
	})
	g.list = medianTime(func() {
		found := 0
		for _, err := range r.Outbox().List(t.Context(), relay.ListParams{State: listed}) {
			require.NoError(t, err)
			if found++; found == page {
				break
			}
		}
		require.Equal(t, page, found)
	})
	g.heap, g.resident = memoryInUse(t)
	g.disk = sizeOf(t, folder)
	return r
}

// medianTime returns the median time of a call.
func medianTime(call func()) time.Duration {
	times := make([]time.Duration, 11)
	for i := range times {
		began := time.Now()
		call()
		times[i] = time.Since(began)
	}
	slices.Sort(times)
	return times[len(times)/2]
}
