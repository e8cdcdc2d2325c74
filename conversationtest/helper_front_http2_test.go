package conversationtest_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// http2Conn is the server's end of a connection that speaks HTTP/2, frame by frame.
type http2Conn struct {
	front  *front
	conn   net.Conn
	framer *http2.Framer
	ended  chan struct{}
	// out holds the writes of frames. The reader must not write: on a pipe, both ends could wait for each other.
	out chan func()
}

// http2Stream is a request that may still be incomplete.
type http2Stream struct {
	head  *http2.MetaHeadersFrame
	body  []byte
	leave context.CancelFunc // Set when the request is complete.
}

// serveHTTP2 answers the requests of a connection.
func (f *front) serveHTTP2(conn net.Conn) {
	c := &http2Conn{
		front: f, conn: conn, framer: http2.NewFramer(conn, conn),
		ended: make(chan struct{}), out: make(chan func(), 1000),
	}
	c.framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	go c.writeFrames()
	defer close(c.ended)
	defer func() { _ = conn.Close() }()
	if _, err := io.ReadFull(conn, make([]byte, len(http2.ClientPreface))); err != nil {
		return
	}
	c.out <- func() { _ = c.framer.WriteSettings() }
	c.readFrames()
}

func (c *http2Conn) writeFrames() {
	for {
		select {
		case write := <-c.out:
			write()
		case <-c.ended:
			return
		}
	}
}

// readFrames answers each request when it is complete, until the connection ends.
func (c *http2Conn) readFrames() {
	streams := map[uint32]*http2Stream{}
	defer func() {
		for _, stream := range streams {
			if stream.leave != nil {
				stream.leave()
			}
		}
	}()
	for {
		frame, err := c.framer.ReadFrame()
		if err != nil {
			return
		}
		id := frame.Header().StreamID
		switch frame := frame.(type) {
		case *http2.SettingsFrame:
			if !frame.IsAck() {
				c.out <- func() { _ = c.framer.WriteSettingsAck() }
			}
		case *http2.PingFrame:
			if data := frame.Data; !frame.IsAck() {
				c.out <- func() { _ = c.framer.WritePing(true, data) }
			}
		case *http2.RSTStreamFrame:
			streams[id].leave()
		case *http2.MetaHeadersFrame:
			streams[id] = &http2Stream{head: frame}
			c.begin(id, streams[id], frame.StreamEnded())
		case *http2.DataFrame:
			streams[id].body = append(streams[id].body, frame.Data()...)
			c.begin(id, streams[id], frame.StreamEnded())
		}
	}
}

// begin answers a request if it is complete.
func (c *http2Conn) begin(id uint32, stream *http2Stream, whole bool) {
	if !whole {
		return
	}
	var ctx context.Context
	ctx, stream.leave = context.WithCancel(context.Background())
	go c.answer(ctx, id, stream.head, stream.body)
}

// answer answers a request, or injects the planned fault.
func (c *http2Conn) answer(ctx context.Context, id uint32, head *http2.MetaHeadersFrame, body []byte) {
	fault := c.front.meet()
	switch fault {
	case wireGoAway:
		c.out <- func() { _ = c.framer.WriteGoAway(max(id, 2)-2, http2.ErrCodeNo, nil) }
		return
	case wireRefused:
		c.reset(id, http2.ErrCodeRefusedStream)
		return
	default:
	}
	header := http.Header{}
	for _, field := range head.RegularFields() {
		header.Add(field.Name, field.Value)
	}
	resp, answer, err := c.front.handle(ctx, head.PseudoValue("method"), head.PseudoValue("path"), header, bodyOf(body)) //nolint:bodyclose // It was read.
	switch {
	case ctx.Err() != nil:
	case err != nil, fault == wireCut:
		c.out <- func() { _ = c.conn.Close() }
	case fault == wireGoAwayLate:
		c.out <- func() { _ = c.framer.WriteGoAway(id, http2.ErrCodeNo, nil) }
		c.out <- func() { _ = c.conn.Close() }
	case fault == wireProtocolError:
		c.reset(id, http2.ErrCodeProtocol)
	case fault == wireInternalError:
		c.reset(id, http2.ErrCodeInternal)
	case fault == wireCancelHalf:
		c.write(id, resp, answer[:len(answer)/2], false)
		c.reset(id, http2.ErrCodeCancel)
	case fault == wireGoAwayKept:
		c.out <- func() { _ = c.framer.WriteGoAway(id, http2.ErrCodeNo, nil) }
		c.write(id, resp, answer, true)
	default:
		c.write(id, resp, answer, true)
	}
}

func (c *http2Conn) reset(id uint32, code http2.ErrCode) {
	c.out <- func() { _ = c.framer.WriteRSTStream(id, code) }
}

// write sends an answer.
func (c *http2Conn) write(id uint32, resp *http.Response, body []byte, whole bool) {
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	fields := []hpack.HeaderField{{Name: ":status", Value: strconv.Itoa(resp.StatusCode)}}
	for name, values := range resp.Header {
		fields = append(fields, hpack.HeaderField{Name: strings.ToLower(name), Value: values[0]})
	}
	for _, field := range fields {
		_ = encoder.WriteField(field) // A buffer returns no error.
	}
	c.out <- func() {
		_ = c.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: block.Bytes(), EndHeaders: true})
		_ = c.framer.WriteData(id, whole, body)
	}
}

// bodyOf returns data as a body.
func bodyOf(data []byte) io.ReadCloser { return io.NopCloser(bytes.NewReader(data)) }
