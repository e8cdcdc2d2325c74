package webhook

import (
	"context"
	"errors"
	"sync"
	"time"
)

// defaultNonces is the size of the memory that a receiver has by default.
const defaultNonces = 100_000

var (
	errAllInFlight = errors.New("webhook: the nonce memory is full of callbacks in flight: make it larger than WithMaxConcurrent")
	errNotInFlight = errors.New("webhook: the nonce is not in flight")
)

// NonceMemory is a [Deduper] in the memory of one process, of bounded size. It is lost when the process ends.
//
// A full memory drops the nonce that was committed first, though never one in flight; those that expired are dropped
// before. If all are in flight, Begin gives an error, so that the callback is answered 503 and delivered again. A
// callback whose nonce was dropped early can be replayed, or run again as a copy, as long as it is young enough for
// [WithMaxAge]. To drop none, the memory needs as many nonces as callbacks come in that time: 2,160,000 for 24 hours of
// 25 a second. A nonce of 26 characters takes about 150 bytes, so that these take about 310 MB.
type NonceMemory struct {
	// Now gives the time. Nil means [time.Now]. Set it, if at all, before the memory is used.
	Now func() time.Time

	size int

	mu       sync.Mutex
	known    map[string]*nonceRecord
	expiring map[int64][]*nonceRecord // the committed ones by the second in which they expire
	swept    int64                    // the second up to which all that expired is gone
	ring     nonceRecord              // its next is what was committed first, its previous what was committed last
}

// nonceRecord is what is known of a nonce.
type nonceRecord struct {
	nonce          string
	expires        int64        // Unix time
	previous, next *nonceRecord // its place in the ring; nil while it is in flight
	place          int          // its place among those that expire with it
}

// NewNonceMemory makes a memory for a number of nonces. It panics if the size is not above zero.
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

// Done implements [Deduper]. It gives an error for a nonce that is not in flight.
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

// keep puts a record that is in flight among the committed ones.
func (m *NonceMemory) keep(record *nonceRecord) {
	last := m.ring.previous
	record.previous, record.next = last, &m.ring
	last.next, m.ring.previous = record, record
	record.place = len(m.expiring[record.expires])
	m.expiring[record.expires] = append(m.expiring[record.expires], record)
}

// sweep drops what has expired. It takes one step for each second that has passed, so that no call looks at the nonces
// that stay.
func (m *NonceMemory) sweep(now int64) {
	for ; m.swept < now && len(m.expiring) > 0; m.swept++ {
		for _, record := range m.expiring[m.swept+1] {
			m.forget(record)
		}
		delete(m.expiring, m.swept+1)
	}
	m.swept = max(m.swept, now)
}

// drop forgets a committed record before it expires.
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

// forget takes a committed record out of all but those that expire with it.
func (m *NonceMemory) forget(record *nonceRecord) {
	record.previous.next, record.next.previous = record.next, record.previous
	delete(m.known, record.nonce)
}
