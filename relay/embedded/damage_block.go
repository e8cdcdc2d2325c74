package embedded

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"strings"

	"github.com/minio/highwayhash"
)

// A block is a file of records:
//
//	length(4, the highest bit for headers) sequence(8) time(8) subject length(2) subject [header length(4) headers] body checksum(8)
const (
	recordHead    = 22
	recordSum     = 8
	recordHeaders = 1 << 31
	recordMost    = 32 << 20
	sequenceMarks = 3 << 62 // of removed messages
)

// badRange is a part of a block that is not a record.
type badRange struct{ from, to int }

// blockReader reads the records of a block.
type blockReader struct {
	hash   hash.Hash64
	outbox bool // of a stream whose bodies without headers are JSON
}

func newBlockReader(stream string, index int) (*blockReader, error) {
	key := sha256.Sum256(fmt.Appendf(nil, "%s-%d", stream, index))
	sum, err := highwayhash.New64(key[:])
	return &blockReader{hash: sum, outbox: strings.HasSuffix(stream, "_OUTBOX")}, err
}

// badRanges returns the parts of a block that are no records.
func (r *blockReader) badRanges(block []byte) []badRange {
	var bad []badRange
	for at := 0; at < len(block); {
		if size := r.record(block[at:]); size > 0 {
			at += size
			continue
		}
		next := at + 1
		for next < len(block) && r.record(block[next:]) == 0 {
			next++
		}
		bad = append(bad, badRange{at, next})
		at = next
	}
	return bad
}

// record returns the length of the record at the start of data, or 0 if there is none.
func (r *blockReader) record(data []byte) int {
	if len(data) < recordHead+recordSum {
		return 0
	}
	length := binary.LittleEndian.Uint32(data)
	size := int(length &^ recordHeaders)
	if size < recordHead+recordSum || size > recordMost || size > len(data) {
		return 0
	}
	return r.recordOf(data[:size], length&recordHeaders != 0)
}

func (r *blockReader) recordOf(record []byte, headers bool) int {
	subjectEnd := recordHead + int(binary.LittleEndian.Uint16(record[20:]))
	rest, sumAt := subjectEnd, len(record)-recordSum
	if headers {
		rest += 4
	}
	if rest > sumAt {
		return 0
	}
	r.hash.Reset()
	_, _ = r.hash.Write(record[4:20])
	_, _ = r.hash.Write(record[recordHead:subjectEnd])
	_, _ = r.hash.Write(record[rest:sumAt])
	if !bytes.Equal(r.hash.Sum(nil), record[sumAt:]) {
		return 0
	}
	removed := binary.LittleEndian.Uint64(record[4:])&sequenceMarks != 0
	if !removed && !r.lengthsFit(record[recordHead:subjectEnd], record[subjectEnd:sumAt], headers) {
		return 0
	}
	return len(record)
}

// lengthsFit checks the lengths of the subject and of the headers, which no checksum covers.
func (r *blockReader) lengthsFit(subject, rest []byte, headers bool) bool {
	if headers {
		size := int(binary.LittleEndian.Uint32(rest))
		rest = rest[4:]
		return size <= len(rest) && bytes.HasPrefix(rest, []byte("NATS/1.0")) && bytes.HasSuffix(rest[:size], []byte("\r\n\r\n"))
	}
	if !r.outbox {
		return true
	}
	return len(subject) > 0 && subject[len(subject)-1] != '{' && (len(rest) == 0 || rest[0] == '{') && !bytes.ContainsAny(subject, "{} \"")
}

// isTorn reports whether the last part of the last block can be a record that a power cut has cut short.
func (r *blockReader) isTorn(part []byte) bool {
	if len(part) < recordHead+recordSum || isZero(part[:recordHead]) || isZero(part[len(part)-recordSum:]) {
		return true
	}
	length := binary.LittleEndian.Uint32(part)
	if int(length&^recordHeaders) <= len(part) {
		return false
	}
	return r.recordOf(part, length&recordHeaders != 0) == 0 // else only the length is wrong
}

func isZero(data []byte) bool { return len(bytes.Trim(data, "\x00")) == 0 }
