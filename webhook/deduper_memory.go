package webhook

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/sinchgo/conversation/internal/redact"
)

// defaultKeys is the default size of a receiver's memory.
const defaultKeys = 100_000

var (
	errAllInFlight = errors.New("webhook: the MemoryDeduper is full of callbacks in flight: its size must be above WithMaxConcurrent")
	errNotInFlight = errors.New("webhook: the key is not in flight")
)

// MemoryDeduper is a [Deduper] in the memory of one process. Its size is bounded, and it is lost when the process ends.
//
// It reads no clock, so a wrong one causes nothing to be forgotten. It drops a key only to make room for another: of the
// committed keys, the one whose callback was delivered longest ago, and never one in flight. If all are in flight, Begin
// returns an error, so that the callback is answered with 503 and redelivered. Once a key has been dropped, the handler
// runs again for a duplicate that is not older than [WithMaxAge]. To drop none too early, the memory needs the size of all
// callbacks of that time: 2,160,000 for 24 hours at 25 per second. A key uses about 150 bytes, so these use about 320 MB.
type MemoryDeduper struct {
	size int

	mu    sync.Mutex
	known map[string]*keyRecord
	ring  keyRecord // the committed records: next was delivered longest ago, previous last
}

// keyRecord is the state of a key.
type keyRecord struct {
	key            string
	previous, next *keyRecord // the neighbors in the ring; nil while in flight
}

// NewMemoryDeduper returns a memory for size keys. It panics if size is not above zero.
func NewMemoryDeduper(size int) *MemoryDeduper {
	if size <= 0 {
		panic("webhook: NewMemoryDeduper: the size must be above zero")
	}
	m := &MemoryDeduper{size: size, known: map[string]*keyRecord{}}
	m.ring.previous, m.ring.next = &m.ring, &m.ring
	return m
}

// Begin implements [Deduper]. It ignores the time, because it forgets nothing when that has passed.
func (m *MemoryDeduper) Begin(_ context.Context, key string, _ time.Time) (State, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if found := m.known[key]; found != nil {
		if found.inFlight() {
			return StateInFlight, nil
		}
		found.unlink()
		m.append(found)
		return StateCommitted, nil
	}
	if len(m.known) >= m.size {
		oldest := m.ring.next
		if oldest == &m.ring {
			return 0, errAllInFlight
		}
		oldest.unlink()
		delete(m.known, oldest.key)
	}
	m.known[key] = &keyRecord{key: key}
	return StateNew, nil
}

// Done implements [Deduper]. It returns an error for a key that is not in flight.
func (m *MemoryDeduper) Done(_ context.Context, key string, committed bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	record := m.known[key]
	switch {
	case record == nil || !record.inFlight():
		return errNotInFlight
	case committed:
		m.append(record)
	default:
		delete(m.known, key)
	}
	return nil
}

func (r *keyRecord) inFlight() bool { return r.next == nil }

// append adds a record to the end of the ring.
func (m *MemoryDeduper) append(record *keyRecord) {
	last := m.ring.previous
	record.previous, record.next = last, &m.ring
	last.next, m.ring.previous = record, record
}

// unlink removes a record from the ring.
func (r *keyRecord) unlink() { r.previous.next, r.next.previous = r.next, r.previous }

// String describes the memory without its keys.
func (m *MemoryDeduper) String() string {
	return fmt.Sprintf("webhook.MemoryDeduper{size: %d}", m.size)
}

// Format implements [fmt.Formatter], so that no verb reads the fields, which other goroutines write.
func (m *MemoryDeduper) Format(state fmt.State, verb rune) { redact.Print(state, verb, m.String()) }

// LogValue implements [slog.LogValuer].
func (m *MemoryDeduper) LogValue() slog.Value { return slog.StringValue(m.String()) }
