package conversationtest

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	mathrand "math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest/internal/schedule"
	"github.com/sinchgo/conversation/webhook"
)

// callbacks delivers events to webhooks.
type callbacks struct {
	config    CallbackConfig
	clock     *schedule.Clock
	workers   *schedule.Workers
	scripts   *schedule.Queue
	client    *http.Client // Nil in memory.
	handlers  *handlers
	publisher *publisher

	mu     sync.Mutex
	random *mathrand.Rand
	twice  int                        // How many of the next callbacks are delivered twice, whatever random picks.
	lanes  map[string]*schedule.Queue // By webhook or callback URL.
	paces  map[string]*schedule.Pace  // By app.
	ledger history[Callback]
	tokens map[conversation.ClientCredentials]callbackToken
}

func newCallbacks(config Config, clock *schedule.Clock, handlers *handlers, publisher *publisher) *callbacks {
	workers := schedule.NewWorkers(clock)
	return &callbacks{
		config:    config.Callbacks,
		clock:     clock,
		workers:   workers,
		scripts:   schedule.NewQueue(workers),
		client:    newCallbackClient(config),
		random:    mathrand.New(mathrand.NewPCG(config.Callbacks.Seed, 0)), //nolint:gosec // It must be reproducible.
		handlers:  handlers,
		publisher: publisher,
		lanes:     map[string]*schedule.Queue{},
		paces:     map[string]*schedule.Pace{},
		ledger:    history[Callback]{limit: config.LogLimit},
		tokens:    map[conversation.ClientCredentials]callbackToken{},
	}
}

// stop cancels the attempts that are in progress. Callbacks that wait are dropped.
func (c *callbacks) stop(cause error) {
	c.workers.Stop(cause)
	if c.client != nil {
		c.client.CloseIdleConnections()
	}
}

func (c *callbacks) all() []Callback {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ledger.all()
}

func (c *callbacks) after(number int) []numbered[Callback] {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ledger.after(number)
}

func (c *callbacks) find(number int) (Callback, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ledger.find(number)
}

func (c *callbacks) duplicate(count int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.twice += count
}

// take schedules a callback to a webhook, or to a callback URL, which has no id.
func (c *callbacks) take(to *storedWebhook, trigger conversation.WebhookTrigger, body json.RawMessage) {
	header := c.headers(func() http.Header { return newHeader(body, to.Secret, c.clock.Now()) })
	c.mu.Lock()
	defer c.mu.Unlock()
	for copied := range c.copies() {
		c.start(&Callback{
			WebhookID: to.ID,
			Trigger:   trigger,
			Target:    to.Target,
			Body:      body,
			Duplicate: copied > 0,
			to:        to,
		}, header, c.config.MaxAttempts, c.delay())
	}
}

// start schedules the first attempt of a callback after a delay, and returns a copy of the callback. The caller holds the
// mutex.
func (c *callbacks) start(entry *Callback, header func() http.Header, maxAttempts int, delay time.Duration) Callback {
	to := entry.to
	entry.number = c.ledger.add(entry, len(entry.Body))
	c.publisher.publish(feedCallback, numberedCallback{entry.number, *entry}, len(entry.Body))
	c.schedule(&delivery{
		entry:       entry,
		lane:        c.lane(cmp.Or(to.ID, to.Target)),
		pace:        c.pace(to.AppID),
		header:      header,
		maxAttempts: maxAttempts,
	}, 0, delay)
	return *entry
}

// headers returns the function that returns the headers of an attempt: those of the first one, unless each is signed anew.
func (c *callbacks) headers(sign func() http.Header) func() http.Header {
	if c.config.SignAgain {
		return sign
	}
	return sync.OnceValue(sign)
}

// newHeader returns the headers of a callback, with a signature if there is a secret.
func newHeader(body []byte, secret string, at time.Time) http.Header {
	header := http.Header{}
	if secret != "" {
		header = webhook.Sign(body, secret, rand.Text(), at)
	}
	header.Set("Content-Type", "application/json")
	return header
}

// copies returns how often the next callback is delivered. The caller holds the mutex.
func (c *callbacks) copies() int {
	drawn := c.random.Float64() < c.config.Duplicate
	switch {
	case c.twice > 0:
		c.twice--
		return 2
	case drawn:
		return 2
	default:
		return 1
	}
}

// delay returns how long the next callback is delayed. The caller holds the mutex.
func (c *callbacks) delay() time.Duration {
	if c.config.Reorder <= 0 {
		return 0
	}
	return time.Duration(c.random.Int64N(int64(c.config.Reorder)))
}

// lane returns the queue of a webhook or of a callback URL. The caller holds the mutex.
func (c *callbacks) lane(to string) *schedule.Queue {
	if c.lanes[to] == nil {
		c.lanes[to] = schedule.NewQueue(c.workers)
	}
	return c.lanes[to]
}

// pace returns the pace of an app. The caller holds the mutex.
func (c *callbacks) pace(appID string) *schedule.Pace {
	if c.paces[appID] == nil {
		c.paces[appID] = schedule.NewPace(c.config.Rate)
	}
	return c.paces[appID]
}
