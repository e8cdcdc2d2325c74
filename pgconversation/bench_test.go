package pgconversation_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/pgconversation"
)

// bareArgs are those of a job that does nothing, with which the benchmarks compare an entry.
type bareArgs struct {
	ID  string `json:"id"`
	App string `json:"app"`
}

func (bareArgs) Kind() string { return "bare" }

type bareWorker struct{ river.WorkerDefaults[bareArgs] }

func (bareWorker) Work(context.Context, *river.Job[bareArgs]) error { return nil }

// acceptAll accepts every message, within the process.
func acceptAll(req *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, req.Body)
	_ = req.Body.Close()
	body := []byte(`{"message_id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","accepted_time":"2026-11-29T00:00:00Z"}`)
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req, ContentLength: int64(len(body)),
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(body)),
	}, nil
}

// bench compares entries with bare jobs.
type bench struct {
	b      *testing.B
	pool   *pgxpool.Pool
	client *conversation.Client
	insert *river.Client[pgx.Tx]
	n      int // orders so far
}

func newBench(b *testing.B) *bench {
	b.Helper()
	c := &bench{b: b, pool: newDatabase(b)}
	var err error
	c.client, err = conversation.NewClient("P", conversation.WithRegion(conversation.RegionEU), conversation.WithBasicAuth("K", "S"),
		conversation.WithHTTPClient(&http.Client{Transport: roundTrip(acceptAll)}))
	require.NoError(b, err)
	c.insert, err = river.NewClient(riverpgxv5.New(c.pool), &river.Config{})
	require.NoError(b, err)
	return c
}

// inserts inserts orders, so many in a transaction, as 8 concurrent callers do.
func (c *bench) inserts(orders, inOne int, insert func(tx pgx.Tx, id string) error) {
	c.b.Helper()
	var next atomic.Int64
	next.Store(int64(c.n))
	c.n += orders
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for last := next.Add(int64(inOne)); last <= int64(c.n); last = next.Add(int64(inOne)) {
				if err := pgx.BeginFunc(c.b.Context(), c.pool, func(tx pgx.Tx) error {
					for n := last - int64(inOne); n < last; n++ {
						if err := insert(tx, fmt.Sprint("order-", n)); err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					c.b.Error(err)
				}
			}
		})
	}
	all.Wait()
}

func (c *bench) insertBare(tx pgx.Tx, id string) error {
	_, err := c.insert.InsertTx(c.b.Context(), tx, bareArgs{ID: id, App: "A"}, &river.InsertOpts{Priority: 4})
	return err
}

func (c *bench) insertEntry(tx pgx.Tx, id string) error {
	req := &conversation.SendMessageRequest{AppID: "A", Recipient: conversation.ToContact("C"), Message: conversation.Text("Your order is on its way.")}
	return pgconversation.InsertTx(c.b.Context(), c.insert, tx, req, pgconversation.Entry{ID: id})
}

// work works all jobs, with the settings of config.
func (c *bench) work(jobs int, config river.Config) {
	config.Workers = river.NewWorkers()
	river.AddWorker(config.Workers, bareWorker{})
	river.AddWorker(config.Workers, pgconversation.NewWorker(c.client, c.pool, pgconversation.WithRates(1e6, 1e6)))
	client, err := river.NewClient(riverpgxv5.New(c.pool), &config)
	require.NoError(c.b, err)
	completed, cancel := client.SubscribeConfig(&river.SubscribeConfig{Kinds: []river.EventKind{river.EventKindJobCompleted}, ChanSize: jobs})
	defer cancel()
	require.NoError(c.b, client.Start(c.b.Context()))
	for range jobs {
		<-completed
	}
	require.NoError(c.b, client.Stop(c.b.Context()))
}

// spent is the time of one side in a round.
type spent struct{ clock, cpu float64 }

func (c *bench) spent(do func()) spent {
	cpu, clock := cpuTime(c.b, c.pool), time.Now()
	do()
	return spent{time.Since(clock).Seconds(), (cpuTime(c.b, c.pool) - cpu).Seconds()}
}

// report reports the medians of the rounds: how many times the time of bare jobs the entries needed, and their rate.
func (c *bench) report(orders int, bare, entries []spent) {
	clock, cpu, rate := make([]float64, len(bare)), make([]float64, len(bare)), make([]float64, len(bare))
	for i := range bare {
		clock[i], cpu[i], rate[i] = entries[i].clock/bare[i].clock, entries[i].cpu/bare[i].cpu, float64(orders)/entries[i].clock
	}
	for unit, values := range map[string][]float64{"x-bare": clock, "x-bare-cpu": cpu, "orders/s": rate} {
		slices.Sort(values)
		c.b.ReportMetric(values[len(values)/2], unit)
	}
	c.b.ReportMetric(0, "ns/op")
}

// BenchmarkInsert inserts orders with a message, and with a bare job, in turn.
func BenchmarkInsert(b *testing.B) {
	const orders = 2000
	c := newBench(b)
	var bare, entries []spent
	for b.Loop() {
		bare = append(bare, c.spent(func() { c.inserts(orders, 1, c.insertBare) }))
		entries = append(entries, c.spent(func() { c.inserts(orders, 1, c.insertEntry) }))
	}
	c.report(orders, bare, entries)
}

// BenchmarkWork sends messages, and works bare jobs, in turn. With the default configuration River works at most 1,000 jobs a second, in which there is
// time for both. With the others the processor is the limit, and entries need two to three times the time of bare jobs: each is updated twice, when
// its attempt begins and ends, beside the two updates of its job, and its message is decoded and sent.
func BenchmarkWork(b *testing.B) {
	for name, config := range map[string]struct {
		workers  int
		cooldown time.Duration
		orders   int // many for each worker, so that it is the rate that counts
	}{
		"default":      {100, river.FetchCooldownDefault, 2_000},
		"200 workers":  {200, time.Millisecond, 4_000},
		"1000 workers": {1000, 10 * time.Millisecond, 10_000},
	} {
		b.Run(name, func(b *testing.B) {
			c := newBench(b)
			settings := river.Config{
				Queues:        map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: config.workers}},
				FetchCooldown: config.cooldown, FetchPollInterval: max(config.cooldown, 10*time.Millisecond),
			}
			var bare, entries []spent
			for b.Loop() {
				c.inserts(config.orders, 100, c.insertBare)
				bare = append(bare, c.spent(func() { c.work(config.orders, settings) }))
				c.inserts(config.orders, 100, c.insertEntry)
				entries = append(entries, c.spent(func() { c.work(config.orders, settings) }))
			}
			c.report(config.orders, bare, entries)
		})
	}
}
