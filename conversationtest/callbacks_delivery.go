package conversationtest

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/sinchgo/conversation/conversationtest/internal/schedule"
)

// maxRetryDelay is the longest time between two attempts.
const maxRetryDelay = time.Hour

// delivery is a callback that is being delivered. Its attempts come one after another.
type delivery struct {
	entry       *Callback // In the ledger.
	lane        *schedule.Queue
	pace        *schedule.Pace
	header      func() http.Header
	attempts    int
	maxAttempts int
}

// schedule queues an attempt after a delay from the one before, which was behind its time.
func (c *callbacks) schedule(d *delivery, behind, delay time.Duration) {
	d.lane.AddNext(behind, delay, func(ctx context.Context, behind time.Duration) {
		if !c.config.Parallel {
			c.deliver(ctx, d, behind)
			return
		}
		c.workers.GoJob(func() { c.deliver(ctx, d, behind) })
	})
}

// deliver makes an attempt, and schedules another if it fails.
func (c *callbacks) deliver(ctx context.Context, d *delivery, behind time.Duration) {
	if !c.clock.Pause(ctx, d.pace.Next(c.clock.Steady())) {
		return
	}
	d.attempts++
	header, now := d.header(), c.clock.Now()
	c.note(d, func(entry *Callback) {
		entry.Header, entry.Time, entry.Attempts = header, now, d.attempts
	})
	began := time.Now()
	got, err := c.post(ctx, d, header)
	if err == nil && (got.status < 200 || got.status > 299) {
		err = fmt.Errorf("it was answered with %d", got.status)
	}
	attempt := newCallbackAttempt(now, time.Since(began), header, got, err)
	c.note(d, func(entry *Callback) {
		entry.add(attempt)
		entry.GivenUp = err != nil && d.attempts >= d.maxAttempts
		c.ledger.resize(entry.number, entry.size())
		c.publisher.publish(feedAttempt, numberedCallback{entry.number, *entry}, entry.size())
		if err != nil && !entry.GivenUp { // Who sees the failure may move the clock to the retry.
			c.schedule(d, behind, c.retryDelay(d.attempts))
		}
	})
}

// note changes the entry of the delivery in the ledger.
func (c *callbacks) note(d *delivery, change func(*Callback)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(d.entry)
}

// retryDelay returns the time between an attempt that failed and the next one.
func (c *callbacks) retryDelay(attempts int) time.Duration {
	delay := c.config.RetryDelay
	for range attempts - 1 {
		delay = min(2*delay, maxRetryDelay)
	}
	return delay
}

// post makes one attempt. If the webhook has client credentials, the request has
// a token.
func (c *callbacks) post(ctx context.Context, d *delivery, header http.Header) (callbackAnswer, error) {
	slow := fmt.Errorf("there was no answer within %s", c.config.Timeout)
	ctx, cancel := context.WithTimeoutCause(ctx, c.config.Timeout, slow)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.entry.Target, bytes.NewReader(d.entry.Body))
	if err != nil {
		return callbackAnswer{}, err
	}
	r.Header = header
	if credentials := d.entry.to.ClientCredentials; credentials != nil {
		return c.postWithToken(r, *credentials)
	}
	return c.exchange(r)
}

// exchange sends a request to the handler of its URL, or over the network.
func (c *callbacks) exchange(r *http.Request) (callbackAnswer, error) {
	if handler := c.handler(r.URL); handler != nil {
		return c.handle(handler, r)
	}
	return c.exchangeOverNetwork(r)
}

// newCallbackClient returns the client for targets without a handler, or nil in memory. The client follows no redirects
// and uses no proxy.
func newCallbackClient(config Config) *http.Client {
	if config.InMemory {
		return nil
	}
	return &http.Client{
		Transport:     &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (c *callbacks) exchangeOverNetwork(r *http.Request) (callbackAnswer, error) {
	if c.client == nil {
		return callbackAnswer{}, errNoHandler
	}
	resp, err := c.client.Do(r)
	if err != nil {
		return callbackAnswer{}, cmp.Or(context.Cause(r.Context()), err)
	}
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxAnswer)) // What matters of a callback's answer is the status.
	_ = resp.Body.Close()
	return callbackAnswer{resp.StatusCode, resp.Header.Get("Content-Type"), body}, nil
}
