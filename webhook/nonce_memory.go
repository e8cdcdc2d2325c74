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

// defaultNonces is the default size of a receiver's memory.
const defaultNonces = 100_000

var (
	errAllInFlight = errors.New("webhook: the nonce memory is full of callbacks in flight: its size must be above WithMaxConcurrent")
	errNotInFlight = errors.New("webhook: the nonce is not in flight")
)

// NonceMemory is a [Deduper] in the memory of one process. Its size is bounded, and it is lost when the process ends.
//
// A full memory drops expired nonces first, then the one that was committed first, and never one in flight. If all are in
// flight, Begin returns an error, so that the callback is answered with 503 and redelivered. If a nonce was dropped before
// it expired, its callback can be replayed, and its handler can run again for a duplicate, until [WithMaxAge]. To drop
// none, the memory needs the size of all callbacks of that time: 2,160,000 for 24 hours at 25 per second. A nonce of 26
// characters uses about 150 bytes, so these use about 310 MB.
type NonceMemory struct {
	// Now returns the current time. If nil, [time.Now] is used. It must not be changed once the memory is in use.
	Now func() time.Time

	size int

	mu       sync.Mutex
	known    map[string]*nonceRecord
	expiring map[int64][]*nonceRecord // the committed records by the second in which they expire
	swept    int64                    // the second up to which expired records have been removed
	ring     nonceRecord              // the committed records: next is the first that was committed, previous the last
}

// nonceRecord is the state of a nonce.
type nonceRecord struct {
	nonce          string
	expires        int64        // Unix time
	previous, next *nonceRecord // the neighbors in the ring; nil while in flight
	place          int          // the index among the records that expire in the same second
}

// NewNonceMemory returns a memory for size nonces. It panics if size is not above zero.
func NewNonceMemory(size int) *NonceMemory {
	if size <= 0 {
		panic("webhook: NewNonceMemory: the size must be above zero")
	}
	m := &NonceMemory{size: size, known: map[string]*nonceRecord{}, expiring: map[int64][]*nonceRecord{}}
	m.ring.previous, m.ring.next = &m.ring, &m.ring
	return m
}

// Begin implements [Deduper].
func (m *NonceMemory) Begin(_ context.Context, nonce string, until time.Time) (State, error) {
	now := time.Now
	if m.Now != nil {
		now = m.Now
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sweep(now().Unix())
	if found := m.known[nonce]; found != nil {
		if found.inFlight() {
			return StateInFlight, nil
		}
		return StateCommitted, nil
	}
	if len(m.known) >= m.size {
		oldest := m.ring.next
		if oldest == &m.ring {
			return 0, errAllInFlight
		}
		m.drop(oldest)
	}
	m.known[nonce] = &nonceRecord{nonce: nonce, expires: until.Unix() + 1}
	return StateNew, nil
}

// Done implements [Deduper]. It returns an error for a nonce that is not in flight.
func (m *NonceMemory) Done(_ context.Context, nonce string, committed bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	record := m.known[nonce]
	switch {
	case record == nil || !record.inFlight():
		return errNotInFlight
	case !committed || record.expires <= m.swept:
		delete(m.known, nonce)
	default:
		m.keep(record)
	}
	return nil
}

func (r *nonceRecord) inFlight() bool { return r.next == nil }

// keep adds a record that was in flight to the committed records.
func (m *NonceMemory) keep(record *nonceRecord) {
	last := m.ring.previous
	record.previous, record.next = last, &m.ring
	last.next, m.ring.previous = record, record
	record.place = len(m.expiring[record.expires])
	m.expiring[record.expires] = append(m.expiring[record.expires], record)
}

// sweep removes the expired records. It does one step for each second that has passed, and never visits the records that
// have not expired.
func (m *NonceMemory) sweep(now int64) {
	for ; m.swept < now && len(m.expiring) > 0; m.swept++ {
		for _, record := range m.expiring[m.swept+1] {
			m.forget(record)
		}
		delete(m.expiring, m.swept+1)
	}
	m.swept = max(m.swept, now)
}

// drop removes a committed record before it expires.
func (m *NonceMemory) drop(record *nonceRecord) {
	peers := m.expiring[record.expires]
	last := peers[len(peers)-1]
	peers[record.place], last.place = last, record.place
	peers[len(peers)-1] = nil
	m.expiring[record.expires] = peers[:len(peers)-1]
	if len(peers) == 1 {
		delete(m.expiring, record.expires)
	}
	m.forget(record)
}

// forget removes a committed record from the ring and the map, but not from m.expiring.
func (m *NonceMemory) forget(record *nonceRecord) {
	record.previous.next, record.next.previous = record.next, record.previous
	delete(m.known, record.nonce)
}

// String describes the memory without its nonces.
func (m *NonceMemory) String() string { return fmt.Sprintf("webhook.NonceMemory{size: %d}", m.size) }

// Format implements [fmt.Formatter], so that no verb reads the fields, which other goroutines write.
func (m *NonceMemory) Format(state fmt.State, verb rune) { redact.Print(state, verb, m.String()) }

// LogValue implements [slog.LogValuer].
func (m *NonceMemory) LogValue() slog.Value { return slog.StringValue(m.String()) }
