package pgconversation

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

// memoryPace is the record in memory. Its clock differs from the local one, and its answers take a while.
type memoryPace struct {
	lock   chan struct{}
	rec    *paceRecord
	ahead  time.Duration // of the clock of the server
	slow   time.Duration // an answer takes at most this long in each direction
	broken error
	grants int
}

func newMemoryPace() *memoryPace {
	m := &memoryPace{lock: make(chan struct{}, 1), rec: newRecord(0), ahead: 77 * time.Minute}
	m.lock <- struct{}{}
	return m
}

func (m *memoryPace) travel() {
	if m.slow > 0 {
		time.Sleep(rand.N(m.slow))
	}
}

func (m *memoryPace) now() time.Time { return time.UnixMicro(time.Now().Add(m.ahead).UnixMicro()) }

func (m *memoryPace) change(_ context.Context, apps []string, do func(rec *paceRecord, asked, heard, server time.Time) error) error {
	<-m.lock
	defer func() { m.lock <- struct{}{} }()
	if m.broken != nil {
		return m.broken
	}
	m.grants++
	own := &paceRecord{project: m.rec.project, apps: make(map[string]*appPace)}
	for _, app := range apps {
		if m.rec.apps[app] == nil {
			m.rec.apps[app] = &appPace{}
		}
		own.apps[app] = m.rec.apps[app]
	}
	asked := time.Now()
	m.travel()
	server := m.now()
	m.travel()
	err := do(own, asked, time.Now(), server)
	m.travel()
	m.rec.project = own.project
	return err
}

func (m *memoryPace) pause(_ context.Context, app string, wait time.Duration) error {
	<-m.lock
	defer func() { m.lock <- struct{}{} }()
	m.rec.apps[app].until = m.now().Add(wait)
	return m.broken
}

// process returns the pacer of another process.
func (m *memoryPace) process(app, project float64) *pacer {
	p := newPacer(nil, nil, app, project)
	p.change, p.pause = m.change, m.pause
	return p
}

// sends are the times at which requests left, and the jobs that were snoozed.
type sends struct {
	mu      sync.Mutex
	left    map[string][]time.Time
	order   []int
	snoozed []time.Duration
}

// send sends one request, and after a snooze again if it is to be repeated.
func (s *sends) send(ctx context.Context, p *pacer, app string, priority int, connect time.Duration, again bool) {
	for {
		t, err := p.take(ctx, app, priority)
		if err == nil {
			time.Sleep(connect)
			err = p.gate(ctx, &t)
		}
		if s.record(app, priority, err) || !again {
			return
		}
		wait := againAfter
		if snooze, ok := errors.AsType[*snoozeError](err); ok {
			wait = snooze.after
		}
		time.Sleep(wait)
	}
}

func (s *sends) record(app string, priority int, err error) (sent bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if snooze, ok := errors.AsType[*snoozeError](err); ok {
		s.snoozed = append(s.snoozed, snooze.after)
	}
	if err != nil {
		return false
	}
	if s.left == nil {
		s.left = make(map[string][]time.Time)
	}
	s.left[app] = append(s.left[app], time.Now())
	s.order = append(s.order, priority)
	return true
}

func (s *sends) all() []time.Time {
	var all []time.Time
	for _, times := range s.left {
		all = append(all, times...)
	}
	return all
}
