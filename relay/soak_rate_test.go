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

// arrival is a send that arrived at the fake.
type arrival struct {
	id, app string // of a truncated body empty
	at      time.Time
}

// arrivals are the sends that arrived at the fake.
type arrivals struct {
	mu  sync.Mutex
	all []arrival
}

// note is called after each request.
func (a *arrivals) note(request conversationtest.Request, took time.Duration) bool {
	at := time.Now().Add(-took)
	if !strings.HasSuffix(request.Path, "messages:send") {
		return false
	}
	var sent struct {
		AppID         string `json:"app_id"`
		CorrelationID string `json:"correlation_id"`
	}
	_ = json.Unmarshal(request.Body, &sent) // a truncated body belongs to no app
	a.mu.Lock()
	defer a.mu.Unlock()
	a.all = append(a.all, arrival{id: sent.CorrelationID, app: sent.AppID, at: at})
	return true
}

// byID returns the times at which the sends of each entry arrived.
func (a *arrivals) byID() map[string][]time.Time {
	return a.by(func(one arrival) string { return one.id })
}

// by returns the times of the arrivals with each key.
func (a *arrivals) by(key func(arrival) string) map[string][]time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	times := map[string][]time.Time{}
	for _, one := range a.all {
		times[key(one)] = append(times[key(one)], one.at)
	}
	return times
}

// mostBy returns the maximum number in any one second of the arrivals with the same key.
func (a *arrivals) mostBy(key func(arrival) string) int {
	most := 0
	for _, times := range a.by(key) {
		most = max(most, mostInASecond(times))
	}
	return most
}

// most returns the maximum number in any one second, of one app and of all.
func (a *arrivals) most() (ofApp, ofAll int) {
	return a.mostBy(func(one arrival) string { return one.app }), a.mostBy(func(arrival) string { return "" })
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
