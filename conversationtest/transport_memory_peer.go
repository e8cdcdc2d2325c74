package conversationtest

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"

	"github.com/sinchgo/conversation/conversationtest/internal/schedule"
)

// memoryPeer is a client in memory. It records the answer.
type memoryPeer struct {
	header  http.Header
	status  int
	body    bytes.Buffer
	end     error // The error in place of the rest, if the answer is cut.
	stalled bool
}

// Header implements [http.ResponseWriter].
func (p *memoryPeer) Header() http.Header { return p.header }

// WriteHeader implements [http.ResponseWriter].
func (p *memoryPeer) WriteHeader(status int) { p.status = status }

// Write implements [http.ResponseWriter].
func (p *memoryPeer) Write(data []byte) (int, error) { return p.body.Write(data) }

func (p *memoryPeer) cut(graceful bool) {
	switch {
	case p.status != 0:
		p.end = io.ErrUnexpectedEOF
	case graceful:
		p.end = io.EOF
	default:
		p.end = &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	}
}

func (p *memoryPeer) stall() {
	p.stalled = true
	p.end = io.ErrUnexpectedEOF // For when the server stops.
}

// response returns the answer as package net/http returns it to a client.
func (p *memoryPeer) response(req *http.Request, tasks *schedule.Tasks) *http.Response {
	body := &memoryBody{ctx: req.Context(), left: bytes.NewReader(p.body.Bytes()), end: io.EOF, closed: make(chan struct{})}
	if p.end != nil {
		body.end = p.end
	}
	if p.stalled {
		body.tasks = tasks
	}
	length, _ := strconv.ParseInt(p.header.Get("Content-Length"), 10, 64) // It is always set.
	resp := &http.Response{
		Status:     fmt.Sprintf("%03d %s", p.status, http.StatusText(p.status)),
		StatusCode: p.status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: p.header, Body: body, ContentLength: length, Request: req,
	}
	switch {
	case req.Method == http.MethodHead:
		resp.Body = http.NoBody
	case asksForGzip(req) && p.header.Get("Content-Encoding") == "gzip":
		resp.Body, resp.Uncompressed, resp.ContentLength = &unpacked{ReadCloser: body}, true, -1
		p.header.Del("Content-Encoding")
		p.header.Del("Content-Length")
	}
	return resp
}
