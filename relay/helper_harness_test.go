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
)

// jobVariable makes this binary a worker process: it holds the job as JSON. Tests start such processes to kill them.
const jobVariable = "RELAY_TEST_JOB"

// testsAtOnce is how many tests run in parallel at least: most of them wait most of the time.
const testsAtOnce = 4

// TestMain runs the tests, or the one job that this process was started for.
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

// job is what a worker process does, and what it needs for that.
type job struct {
	Role string `json:"role"` // one of roles
	Seed uint64 `json:"seed"` // of what the worker draws by lot

	NATS      string `json:"nats"`       // where the engine is
	ProjectID string `json:"project_id"` // of the fake, as what follows
	KeyID     string `json:"key_id"`
	KeySecret string `json:"key_secret"`
	BaseURL   string `json:"base_url"`
	TokenURL  string `json:"token_url"`

	Sends   int           `json:"sends"` // at once, of a worker of an outbox
	Rate    float64       `json:"rate"`
	Project float64       `json:"project"`
	Lease   time.Duration `json:"lease"`

	Secret  string `json:"secret"`  // of the callbacks
	Failing int    `json:"failing"` // one call of the functions in so many fails
	Log     string `json:"log"`     // the folder of what the functions note

	Node node `json:"node"` // a server of a cluster
}

// roles are what a worker process can be. Each tells that it is ready, with what others need to know to reach it, and works
// until the context ends.
var roles = map[string]func(ctx context.Context, j job, ready func(address string)) error{
	"node": runNode, "outbox": runOutbox, "inbox": runInbox,
}

// runJob is the main function of a worker process. It ends when its standard input does, and so with the process that
// started it, whatever happens to that.
func runJob(text string) int {
	var j job
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		fmt.Fprintln(os.Stderr, "the job:", err)
		return 2
	}
	signal.Ignore(os.Interrupt) // The process that started this one gets it too, and closes the input then.
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

// dial connects to the engine as a worker should: without end.
func dial(address string) (*nats.Conn, error) {
	return nats.Connect(address, nats.MaxReconnects(-1), nats.ReconnectWait(50*time.Millisecond), nats.RetryOnFailedConnect(false))
}

// client gives a client of the fake.
func (j job) client() (*conversation.Client, error) {
	return conversation.NewClient(j.ProjectID, conversation.WithOAuth2(j.KeyID, j.KeySecret),
		conversation.WithBaseURL(j.BaseURL), conversation.WithTokenURL(j.TokenURL))
}

// soaking has the tests run at their long volumes.
var soaking = os.Getenv("CONVERSATION_SOAK") != ""

// volume is how much a test does: usually, and in a soak.
func volume(usual, soak int) int {
	if soaking {
		return soak
	}
	return usual
}

// seedOf is that of CONVERSATION_SEED, or a new one, which is logged.
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
