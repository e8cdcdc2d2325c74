package embedded

import "encoding/binary"

// The first bytes of the position of a consumer.
const (
	positionMagic   = 22
	positionVersion = 2
)

// isPosition reports whether content can be the position of a consumer: it has no checksum, but its numbers depend on each
// other.
func isPosition(content []byte) bool {
	if len(content) == 0 || isZero(content) {
		return true // not yet written
	}
	if len(content) < 2 || content[0] != positionMagic || content[1] != positionVersion {
		return false
	}
	read := numbers{rest: content[2:]}
	floorDelivery, floor, delivery, delivered := read.next(), read.next(), read.next(), read.next()
	pending := read.next()
	if read.bad || floor > delivered || floorDelivery > delivery || pending > uint64(len(content)) {
		return false
	}
	if pending == 0 {
		return isRedelivered(&read)
	}
	read.next() // the base of the times
	for range pending {
		message, attempt := read.next(), read.next()
		read.next() // the time
		if read.bad || message == 0 || attempt == 0 || floor+message > delivered || floorDelivery+attempt > delivery {
			return false
		}
	}
	return isRedelivered(&read)
}

// isRedelivered reads the last part, the messages that were delivered more than once.
func isRedelivered(read *numbers) bool {
	count := read.next()
	for range min(count, uint64(len(read.rest))) {
		read.next()
		read.next()
	}
	return !read.bad
}

// numbers reads numbers of variable length.
type numbers struct {
	rest []byte
	bad  bool
}

func (n *numbers) next() uint64 {
	value, size := binary.Uvarint(n.rest)
	if size <= 0 {
		n.bad = true
		return 0
	}
	n.rest = n.rest[size:]
	return value
}
