package relay_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"runtime"
	"runtime/pprof"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
)

// jobVariable holds the job as JSON if this binary is a worker process. Tests start such processes to kill them.
const jobVariable = "RELAY_TEST_JOB"

// testsAtOnce is the minimum number of parallel tests, which wait most of the time.
const testsAtOnce = 4

// TestMain runs the tests, or the job that this process was started for.
func TestMain(m *testing.M) {
	if text := os.Getenv(jobVariable); text != "" {
		os.Exit(runJob(text))
	}
	flag.Parse()
	if err := flag.Set("test.parallel", strconv.Itoa(max(testsAtOnce, runtime.GOMAXPROCS(0)))); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// job describes what a worker process does.
type job struct {
	Role string `json:"role"` // a key of roles
	Seed uint64 `json:"seed"` // of the worker's random numbers

	NATS      string `json:"nats"`       // address of the engine
	Weak      bool   `json:"weak"`       // the engine is a single server that does not sync
	ProjectID string `json:"project_id"` // of the fake, like the fields after it
	KeyID     string `json:"key_id"`
	KeySecret string `json:"key_secret"`
	BaseURL   string `json:"base_url"`
	TokenURL  string `json:"token_url"`

	Sends   int           `json:"sends"` // concurrent requests of an outbox worker
	Rate    float64       `json:"rate"`
	Project float64       `json:"project"`
	Lease   time.Duration `json:"lease"`

	Secret  string `json:"secret"`  // of the callbacks
	Failing int    `json:"failing"` // one handler call in so many fails
	Log     string `json:"log"`     // the folder where the handlers write their log
	InOrder bool   `json:"in_order"`

	Node node `json:"node"` // a server of a cluster
}

// roles are the kinds of worker processes. Each calls ready with its address when it is ready, and works until the
// context ends.
var roles = map[string]func(ctx context.Context, j job, ready func(address string)) error{
	"node": runNode, "outbox": runOutbox, "inbox": runInbox, "enqueue": runEnqueue,
}

// runJob is the main function of a worker process. It ends when its standard input does, and so whenever the process
// that started it ends.
func runJob(text string) int {
	var j job
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		fmt.Fprintln(os.Stderr, "the job:", err)
		return 2
	}
	signal.Ignore(os.Interrupt) // the parent gets it too, and then closes the input
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
		time.AfterFunc(processPatience, func() {
			fmt.Fprintln(os.Stderr, "the worker did not end with its context")
			_ = pprof.Lookup("goroutine").WriteTo(os.Stderr, 1)
			os.Exit(3) //nolint:revive // A worker that hangs must not outlive its test.
		})
	}()
	ready := func(address string) { fmt.Println("ready " + address) } //nolint:forbidigo // Its parent reads it.
	if err := roles[j.Role](ctx, j, ready); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintf(os.Stderr, "the %s worker: %v\n", j.Role, err)
		return 1
	}
	return 0
}

// dial connects to the engine and reconnects forever, as a worker should.
func dial(address string) (*nats.Conn, error) {
	return nats.Connect(address, nats.MaxReconnects(-1), nats.ReconnectWait(50*time.Millisecond), nats.RetryOnFailedConnect(false))
}

// options returns the options for the engine.
func (j job) options() []relay.Option {
	if j.Weak {
		return []relay.Option{relay.WithWeakDurability()}
	}
	return nil
}

// client returns a client of the fake.
func (j job) client() (*conversation.Client, error) {
	return conversation.NewClient(j.ProjectID, conversation.WithOAuth2(j.KeyID, j.KeySecret),
		conversation.WithBaseURL(j.BaseURL), conversation.WithTokenURL(j.TokenURL))
}

// soaking reports whether the tests run at full volume.
var soaking = os.Getenv("CONVERSATION_SOAK") != ""

// volume returns how much a test does: usually, or in a soak.
func volume(usual, soak int) int {
	if soaking {
		return soak
	}
	return usual
}

// seedOf returns CONVERSATION_SEED, or a new seed, which it logs.
func seedOf(t *testing.T) uint64 {
	t.Helper()
	seed := rand.Uint64()
	if given := os.Getenv("CONVERSATION_SEED"); given != "" {
		parsed, err := strconv.ParseUint(given, 10, 64)
		require.NoError(t, err, "CONVERSATION_SEED")
		seed = parsed
	}
	t.Logf("CONVERSATION_SEED=%d", seed)
	return seed
}
