package pgconversation_test

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/conversationtest"
)

// arrivals are the times at which sends arrived at the fake, of each app.
type arrivals struct {
	mu   sync.Mutex
	apps map[string][]time.Time
}

// note is called after each request, and reports whether it is a send.
func (a *arrivals) note(request conversationtest.Request, took time.Duration) bool {
	at := time.Now().Add(-took)
	if !strings.HasSuffix(request.Path, "messages:send") {
		return false
	}
	var sent struct {
		AppID string `json:"app_id"`
	}
	_ = json.Unmarshal(request.Body, &sent) // a truncated body belongs to no app
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.apps == nil {
		a.apps = map[string][]time.Time{}
	}
	a.apps[sent.AppID] = append(a.apps[sent.AppID], at)
	return true
}

// check compares the arrivals with the rates.
func (a *arrivals) check(t *testing.T, app, project float64) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	var all []time.Time
	ofApp := 0
	for _, times := range a.apps {
		all = append(all, times...)
		ofApp = max(ofApp, mostInASecond(times))
	}
	ofAll := mostInASecond(all)
	t.Logf("%d requests, in one second at most %d of an app (limit %v), %d in all (limit %v)", len(all), ofApp, app, ofAll, project)
	assert.LessOrEqual(t, float64(ofApp), app, "requests of one app in a second")
	assert.LessOrEqual(t, float64(ofAll), project, "requests in a second")
}

// mostInASecond returns the maximum number of times in any window of one second.
func mostInASecond(times []time.Time) int {
	sorted := slices.SortedFunc(slices.Values(times), time.Time.Compare)
	most, first := 0, 0
	for i, last := range sorted {
		for last.Sub(sorted[first]) >= time.Second {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}

func TestTheMostInASecondIsCounted(t *testing.T) {
	t.Parallel()
	zero := time.Now()
	for _, tt := range []struct {
		milliseconds []int
		want         int
	}{
		{nil, 0},
		{[]int{5}, 1},
		{[]int{0, 1000}, 1},
		{[]int{0, 999}, 2},
		{[]int{999, 0}, 2},
		{[]int{0, 500, 1100, 1200, 1499, 1500}, 4},
	} {
		var times []time.Time
		for _, ms := range tt.milliseconds {
			times = append(times, zero.Add(time.Duration(ms)*time.Millisecond))
		}
		assert.Equal(t, tt.want, mostInASecond(times), "%v", tt.milliseconds)
	}
}
