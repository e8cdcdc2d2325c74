package pgconversation_test

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/pgconversation"
	"github.com/sinchgo/conversation/pgconversation/pgtest"
)

// outboxSoak is a run of an outbox whose workers are killed and whose server crashes, against a fake with faults.
type outboxSoak struct {
	orders, kills, restarts, abandoned int

	seed   uint64
	server *pgtest.Server
	pool   *pgxpool.Pool
	job    job

	fake     *conversationtest.Server
	appIDs   []string
	arrivals *arrivals
	sends    *meter // requests
	unsure   *meter // transactions whose commit failed, although it may have happened
}

// prepare starts the server and the fake. One request in twenty is accepted without a reply, one in a hundred is rejected, and a few get a 429.
func (s *outboxSoak) prepare(t *testing.T) {
	t.Helper()
	s.seed, s.arrivals, s.sends, s.unsure = seedOf(t), &arrivals{}, newMeter(), newMeter()
	s.server, s.pool = startServer(t)
	_, err := s.pool.Exec(t.Context(), `CREATE TABLE orders (id text PRIMARY KEY)`)
	require.NoError(t, err)
	s.fake = conversationtest.NewServer(conversationtest.Config{
		Latency: 20 * time.Millisecond,
		OnRequest: func(request conversationtest.Request, took time.Duration) {
			if s.arrivals.note(request, took) {
				s.sends.add()
			}
		},
	})
	t.Cleanup(s.fake.Close)
	s.createApps(t)
	s.addFaults()
	s.job = job{
		Role: "send", Name: "sender-", DSN: s.server.DSN("postgres"), ProjectID: s.fake.ProjectID(), KeyID: s.fake.KeyID(),
		KeySecret: s.fake.KeySecret(), BaseURL: s.fake.BaseURL(), TokenURL: s.fake.TokenURL(),
		AppRate: float64(volume(50, 350)), ProjectRate: float64(volume(90, 600)),
	}
}

func (s *outboxSoak) createApps(t *testing.T) {
	t.Helper()
	client := s.fake.NewClient(t)
	for i := range 3 {
		app, err := client.Apps.Create(t.Context(), &conversation.CreateAppRequest{
			DisplayName: "app " + strconv.Itoa(i),
			ChannelCredentials: []conversation.ChannelCredential{{
				Channel: conversation.ChannelSMS, StaticBearer: &conversation.StaticBearer{ClaimedIdentity: "plan", Token: "token"},
			}},
		})
		require.NoError(t, err)
		s.appIDs = append(s.appIDs, app.ID)
	}
}

func (s *outboxSoak) addFaults() {
	add := func(fault conversationtest.Fault) {
		fault.Operation = "Messages.Send"
		s.fake.Fault(fault)
	}
	for i := range volume(2, 20) {
		add(conversationtest.Fault{Kind: conversationtest.FaultRateLimit, Skip: i * s.orders / volume(2, 20), Times: 1})
	}
	add(conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 400, Skip: 20, Times: 1}) // so that there is at least one
	add(conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 400, Probability: 0.01, Seed: s.seed + 1})
	add(conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept, Probability: 0.05, Seed: s.seed})
}

// retrySoon is a retry policy without River's long waits.
type retrySoon struct{}

func (retrySoon) NextRetry(*rivertype.JobRow) time.Time { return time.Now().Add(time.Second) }

// runSender is the process that sends.
func runSender(ctx context.Context, j job, ready func()) error {
	pool, err := pgxpool.New(ctx, j.DSN+"&pool_max_conns=8")
	if err != nil {
		return err
	}
	defer pool.Close()
	client, err := j.client()
	if err != nil {
		return err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, pgconversation.NewWorker(client, pool, pgconversation.WithRates(j.AppRate, j.ProjectRate)))
	river.AddWorker(workers, pgconversation.NewUpkeep(pool, pgconversation.WithLease(30*time.Second)))
	riverClient, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		ID:      j.Name,
		Queues:  map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 100}},
		Workers: workers, PeriodicJobs: pgconversation.PeriodicJobs(), RetryPolicy: retrySoon{}, Logger: slog.New(slog.DiscardHandler),
		FetchCooldown: 20 * time.Millisecond, FetchPollInterval: 100 * time.Millisecond,
		JobTimeout: time.Second, RescueStuckJobsAfter: 2 * time.Second,
	})
	if err != nil {
		return err
	}
	for err = riverClient.Start(ctx); err != nil; err = riverClient.Start(ctx) { // the server may be about to start
		if ctx.Err() != nil {
			return err
		}
	}
	ready()
	<-ctx.Done()
	return riverClient.Stop(context.WithoutCancel(ctx))
}

// run places all orders, with workers that are killed and a server that crashes, and returns the outcome once every entry is settled.
func (s *outboxSoak) run(t *testing.T) *outboxResult {
	t.Helper()
	began := time.Now()
	s.abandon(t)
	workers := newWorkers(t, 3, s.job)
	random := func(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(s.seed, stream)) }
	expected := s.orders * 6 / 10 // is sent for certain
	var all sync.WaitGroup
	all.Go(func() { s.place(t) })
	all.Go(func() {
		atRandom(t, random(1), s.kills, expected, s.sends, func(i int) { workers.kill(t, int(random(uint64(i)).Uint32())) })
	})
	all.Go(func() {
		atRandom(t, random(2), s.restarts, expected, s.sends, func(int) { assert.NoError(t, s.server.Restart(t.Context(), "immediate")) })
	})
	all.Wait()
	t.Logf("all orders were placed after %v", time.Since(began).Round(time.Millisecond))
	require.Eventually(t, func() bool { return s.settled(t) }, time.Duration(volume(1, 30))*time.Minute, 200*time.Millisecond)
	workers.stop(t)
	t.Logf("%d orders, %d processes killed, %d crashes of the server, %d commits in doubt: %v",
		s.orders, len(workers.dead)+s.abandoned, s.restarts, s.unsure.count, time.Since(began).Round(time.Millisecond))
	assert.Len(t, workers.dead, s.kills)
	return s.result(t)
}

// settled reports whether the outbox has nothing left to do.
func (s *outboxSoak) settled(t *testing.T) bool {
	t.Helper()
	if !soaking && queueStuckJobs(t, s.pool) != nil {
		return false
	}
	var left int
	err := s.pool.QueryRow(t.Context(), `SELECT count(*) FROM conversation_outbox WHERE state IN ('queued', 'attempting')`).Scan(&left)
	return err == nil && left == 0
}

func TestAMessageIsSentOnceIfItsTransactionCommitsWhateverIsKilled(t *testing.T) { //nolint:paralleltest // It measures rates.
	s := &outboxSoak{orders: volume(250, 100_000), kills: volume(3, 50), restarts: volume(1, 5), abandoned: volume(1, 10)}
	s.prepare(t)
	s.run(t).judge(t)
	s.arrivals.check(t, s.job.AppRate, s.job.ProjectRate)
}
