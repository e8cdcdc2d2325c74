package conversation

import (
	"context"
	"math"
	"sync"
	"time"
)

const (
	// pacerPatience is how long 429 may be the only answer.
	pacerPatience = time.Minute
	// pacerCatchUp is how much time lost to a late timer is made up for.
	pacerCatchUp = 10 * time.Millisecond
	// pacerFloor is the rate that no 429 slows a pacer below. The pauses that the server asks for come on top.
	pacerFloor = 1.0
	// pacerCut is what is left of the rate when the server turns requests away.
	pacerCut = 0.8
	// pacerGrowth is what each accepted request adds to a reduced rate: it grows by a tenth in a second.
	pacerGrowth = 0.1
)

// pacer spaces requests evenly, and follows 429s: all requests wait as long as the server asks for, then go on at a
// lower rate, which grows again with each request that is accepted.
type pacer struct {
	policy RetryPolicy

	mu       sync.Mutex
	limit    float64   // requests a second at most; +Inf for no limit
	rate     float64   // requests a second now
	next     time.Time // when the next request may start
	refused  float64   // the rate that was too much the last time; 0 when unknown. Around it, the rate grows slowly
	began    time.Time // when the first one did
	accepted int

	strikes     int       // times it slowed down since a request was accepted
	strikesFrom time.Time // the first of them
	slowed      time.Time // the last time it slowed down
}

func newPacer(limit float64, policy RetryPolicy) *pacer {
	return &pacer{policy: policy, limit: limit, rate: limit}
}

// restrict sets the limit of a pacer that had none, and of which one request was taken.
func (p *pacer) restrict(limit float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.limit, p.rate = limit, limit
	p.next = time.Now().Add(p.interval())
}

// take lets one request start, or gives the time to wait before asking again.
func (p *pacer) take() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if now.Before(p.next) {
		return p.next.Sub(now)
	}
	if p.began.IsZero() {
		p.began, p.next = now, now
	}
	if onTime := now.Add(-pacerCatchUp); p.next.Before(onTime) {
		p.next = onTime
	}
	p.next = p.next.Add(p.interval())
	return 0
}

// interval is the time between two requests.
func (p *pacer) interval() time.Duration {
	return time.Duration(min(float64(time.Second)/p.rate, float64(math.MaxInt64/2)))
}

// wait blocks until a request may start, or the context ends.
func (p *pacer) wait(ctx context.Context) error {
	for delay := p.take(); delay > 0; delay = p.take() {
		if err := wait(ctx, delay); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// success notes that a request was accepted.
func (p *pacer) success() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.accepted++
	p.strikes = 0
	growth := pacerGrowth
	if math.Abs(p.rate-p.refused) < p.refused/10 {
		growth /= 10
	}
	p.rate = min(p.limit, p.rate+growth)
}

// throttled notes that a request was answered with 429, and reports whether to make it again.
func (p *pacer) throttled(ctx context.Context, started time.Time, asked time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	fresh := started.After(p.slowed) // and not under way when the last 429 came
	if fresh {
		if p.strikes == 0 {
			p.strikesFrom = now
		}
		p.strikes++
	}
	delay, worthIt := retryDelay(ctx, p.policy, p.strikes, asked)
	if !worthIt || p.policy.MaxAttempts == 1 || now.Sub(p.strikesFrom) > pacerPatience {
		return false
	}
	if fresh {
		p.slowed = now
		p.slowDown(now)
	}
	if until := now.Add(delay); (fresh || asked > 0) && p.next.Before(until) {
		p.next = until
	}
	return true
}

// slowDown lowers the rate. Without a limit, it starts from the rate at which requests were accepted so far.
func (p *pacer) slowDown(now time.Time) {
	if math.IsInf(p.rate, 1) {
		p.rate = float64(p.accepted) / max(1, now.Sub(p.began).Seconds())
	} else {
		p.refused = p.rate
	}
	p.rate = min(p.limit, max(pacerFloor, p.rate*pacerCut))
}
