package conversation_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// limitedServer accepts perSecond requests a second after it turned the first ones away. It counts by the second.
type limitedServer struct {
	perSecond, burst float64
	turnedAway       int // requests at the start
	retryAfter       string

	left              float64
	requests          int
	began, last       time.Time
	accepted, refused [60]int
}

func (s *limitedServer) answer(int, int) step {
	now := time.Now()
	if s.requests++; s.requests == 1 {
		s.began, s.last = now, now
	}
	s.left = min(s.burst, s.left+now.Sub(s.last).Seconds()*s.perSecond)
	s.last = now
	second := min(int(now.Sub(s.began).Seconds()), len(s.accepted)-1)
	if s.requests <= s.turnedAway || s.left < 1 {
		s.refused[second]++
		return step{status: http.StatusTooManyRequests, header: map[string]string{"Retry-After": s.retryAfter}}
	}
	s.left--
	s.accepted[second]++
	return accepts
}

func sum(counts []int) float64 {
	total := 0
	for _, count := range counts {
		total += count
	}
	return float64(total)
}

// A 429 that comes before much was accepted says nothing about the rate of the server. The highest rate has many messages: `make test`
// tries it with one burst and without Retry-After, `make soak` with all.
func TestSendManyFindsTheRateOfAServerAfterAnEarly429(t *testing.T) {
	t.Parallel()
	for _, perSecond := range []float64{5, 50, 400} {
		for _, burst := range []float64{1, 20} {
			for _, turnedAway := range []int{1, 32} {
				for _, retryAfter := range []string{"", "1"} {
					if perSecond == 400 && (burst > 1 || retryAfter != "") && !soak {
						continue
					}
					t.Run(fmt.Sprint(perSecond, burst, turnedAway, retryAfter), func(t *testing.T) {
						t.Parallel()
						synctest.Test(t, func(t *testing.T) {
							limited := &limitedServer{perSecond: perSecond, burst: burst, turnedAway: turnedAway, retryAfter: retryAfter}
							client, taken := bulkClient(t, &bulkServer{latency: 20 * time.Millisecond, answer: limited.answer}), 0
							count := int(20 * perSecond)
							result, err := client.Messages.SendMany(t.Context(), numbered(0, count, &taken), unlimited)
							require.NoError(t, err)
							assert.Equal(t, count, result.Accepted)
							assert.GreaterOrEqual(t, float64(slices.Max(limited.accepted[:10])), 0.8*perSecond, "found within 10 s: %v", limited.accepted)
							assert.GreaterOrEqual(t, sum(limited.accepted[10:15]), 0.65*5*perSecond, "kept: %v", limited.accepted)
							assert.LessOrEqual(t, sum(limited.refused[10:]), 0.01*float64(count)+5, "not exceeded for long: %v", limited.refused)
						})
					})
				}
			}
		}
	}
}
