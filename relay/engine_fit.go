package relay

import (
	"bytes"
	"compress/gzip"
	"io"
	"maps"
	"math"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// headerRoom is reserved for the headers of an entry: the longest subjects, twice, and a schedule.
	headerRoom = 2 << 10
	// maxHeaders is the size of the headers that the engine accepts in a message, less those that it adds itself.
	maxHeaders = 1<<16 - headerRoom
	// shortReason is the length to which the reason of a dead letter is cut if the letter does not fit otherwise.
	shortReason = 100

	encodingHeader = "Relay-Encoding"   // "gzip" for a body that did not fit as it is
	cutHeader      = "Relay-Letter-Cut" // number of bytes that were cut off the body of a dead letter
)

// fits reports whether the engine accepts a message.
func (r *Relay) fits(msg *nats.Msg) bool {
	return headerSize(msg.Header) <= maxHeaders && len(msg.Data) <= r.bodyRoom(msg.Header)
}

// bodyRoom returns how many bytes of body the engine accepts in a message with some headers.
func (r *Relay) bodyRoom(header nats.Header) int {
	limit := r.engine.Conn.MaxPayload()
	if limit <= 0 {
		return math.MaxInt
	}
	return max(0, int(limit)-headerSize(header))
}

// headerSize returns the size of the headers of a message with those that are added when it is published.
func headerSize(header nats.Header) int {
	size := len("NATS/1.0\r\n\r\n") + len("Nats-Expected-Last-Subject-Sequence: 0\r\n")
	for name, values := range header {
		for _, value := range values {
			size += len(name) + len(value) + len(": \r\n")
		}
	}
	return size
}

// fit compresses the body of a message that does not fit. It reports whether the message fits then.
func (r *Relay) fit(msg *nats.Msg) bool {
	if r.fits(msg) {
		return true
	}
	small := &nats.Msg{Header: cloneHeader(msg.Header), Data: compress(msg.Data)}
	small.Header.Set(encodingHeader, "gzip")
	if !r.fits(small) {
		return false
	}
	msg.Header, msg.Data = small.Header, small.Data
	return true
}

// fitLetter cuts a dead letter until it fits: its reason, the size of its body by compression, its other headers, and in the
// end its body.
func (r *Relay) fitLetter(msg *nats.Msg) {
	if r.fits(msg) {
		return
	}
	if reason := msg.Header.Get(reasonHeader); len(reason) > shortReason {
		short := &nats.Msg{Header: cloneHeader(msg.Header), Data: msg.Data}
		short.Header.Set(reasonHeader, cutText(reason, shortReason))
		if r.fits(short) {
			msg.Header = short.Header
			return
		}
	}
	if r.fit(msg) {
		return
	}
	msg.Header = nats.Header{
		reasonHeader: {cutText(msg.Header.Get(reasonHeader), shortReason)}, triesHeader: {msg.Header.Get(triesHeader)},
	}
	if r.fit(msg) {
		return
	}
	msg.Header.Set(reasonHeader, msg.Header.Get(reasonHeader)+" (the end of the body was cut off)")
	msg.Header.Set(cutHeader, strconv.Itoa(len(msg.Data))) // as long as the number will be, or longer
	keep := min(len(msg.Data), r.bodyRoom(msg.Header))
	msg.Header.Set(cutHeader, strconv.Itoa(len(msg.Data)-keep))
	msg.Data = msg.Data[:keep]
}

func cloneHeader(header nats.Header) nats.Header {
	all := make(nats.Header, len(header)+1)
	maps.Copy(all, header)
	return all
}

func compress(body []byte) []byte {
	var small bytes.Buffer
	writer := gzip.NewWriter(&small)
	_, _ = writer.Write(body) // a buffer accepts everything
	_ = writer.Close()
	return small.Bytes()
}

// bodyOf returns the body of a stored message.
func bodyOf(header nats.Header, data []byte) []byte {
	if header.Get(encodingHeader) == "" {
		return data
	}
	return decompress(data)
}

// decompress returns what [compress] compressed, or data if it is something else.
func decompress(data []byte) []byte {
	reader, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return data
	}
	body, err := io.ReadAll(reader)
	if err != nil {
		return data
	}
	return body
}

// plainMsg is a delivered message with its body.
type plainMsg struct {
	jetstream.Msg

	body []byte
}

// plainOf returns a message whose Data is its body.
func plainOf(msg jetstream.Msg) jetstream.Msg {
	if msg.Headers().Get(encodingHeader) == "" {
		return msg
	}
	return plainMsg{msg, bodyOf(msg.Headers(), msg.Data())}
}

// Data returns the body.
func (m plainMsg) Data() []byte { return m.body }
