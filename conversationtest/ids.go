package conversationtest

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"sync"
	"time"
)

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// idMaker creates ids in the form of the platform: 26 characters, of the time in milliseconds and a random tail.
// Each id is greater than the previous one, even within a millisecond and when the clock goes back.
type idMaker struct {
	mu     sync.Mutex
	millis uint64
	hi, lo uint64
}

func (m *idMaker) next(now time.Time) string {
	millis := uint64(max(now.UnixMilli(), 0))

	m.mu.Lock()
	defer m.mu.Unlock()
	if millis > m.millis || m.hi == 0 && m.lo == 0 {
		m.start(millis)
	} else {
		m.increment()
	}
	return encodeID(m.hi, m.lo)
}

// start draws a new tail of 80 bits. Its first bit is zero, so that increments never carry into the time.
func (m *idMaker) start(millis uint64) {
	var tail [10]byte
	_, _ = rand.Read(tail[:]) // It never returns an error.
	tail[0] &= 0x7f
	m.millis = millis
	m.hi = millis<<16 | uint64(binary.BigEndian.Uint16(tail[:2]))
	m.lo = binary.BigEndian.Uint64(tail[2:])
}

func (m *idMaker) increment() {
	m.lo++
	if m.lo == 0 {
		m.hi++
	}
}

func encodeID(hi, lo uint64) string {
	var id [26]byte
	for i := len(id) - 1; i >= 0; i-- {
		id[i] = crockford[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return string(id[:])
}

// newUUID returns a random id in the form of the ids of projects and access keys.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // It never returns an error.
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
