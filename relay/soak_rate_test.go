package relay_test

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

// arrivals are the times at which sends arrived at the fake, by app.
type arrivals struct {
	mu    sync.Mutex
	byApp map[string][]time.Time
}

// note is called after each request.
func (a *arrivals) note(request conversationtest.Request, took time.Duration) bool {
	now := time.Now()
	if !strings.HasSuffix(request.Path, "messages:send") {
		return false
	}
	var sent struct {
		AppID string `json:"app_id"`
	}
	_ = json.Unmarshal(request.Body, &sent) // a truncated body belongs to no app
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.byApp == nil {
		a.byApp = map[string][]time.Time{}
	}
	a.byApp[sent.AppID] = append(a.byApp[sent.AppID], now.Add(-took))
	return true
}

// most returns the maximum number in any one second, of one app and of all.
func (a *arrivals) most() (ofApp, ofAll int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var all []time.Time
	for _, times := range a.byApp {
		all = append(all, times...)
		ofApp = max(ofApp, mostInASecond(times))
	}
	return ofApp, mostInASecond(all)
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

// check compares the arrivals with the rates.
func (a *arrivals) check(t *testing.T, app, project float64) {
	t.Helper()
	ofApp, ofAll := a.most()
	t.Logf("most requests in one second: %d of an app (limit %v), %d in all (limit %v)", ofApp, app, ofAll, project)
	assert.LessOrEqual(t, float64(ofApp), app, "requests of one app in a second")
	assert.LessOrEqual(t, float64(ofAll), project, "requests in a second")
}

func TestTheMostInASecondIsCounted(t *testing.T) {
	t.Parallel()
	zero := time.Now()
	at := func(milliseconds ...int) []time.Time {
		var times []time.Time
		for _, ms := range milliseconds {
			times = append(times, zero.Add(time.Duration(ms)*time.Millisecond))
		}
		return times
	}
	for _, tt := range []struct {
		times []time.Time
		want  int
	}{
		{nil, 0},
		{at(5), 1},
		{at(0, 1000), 1},
		{at(0, 999), 2},
		{at(999, 0), 2},
		{at(0, 500, 1100, 1200, 1499, 1500), 4},
	} {
		assert.Equal(t, tt.want, mostInASecond(tt.times), "%v", tt.times)
	}
}
