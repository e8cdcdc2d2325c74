package conversationtest

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"

	"github.com/sinchgo/conversation/conversationtest/internal/schedule"
)

// sentBody is the body of a request. It records why the client could not send all of it.
type sentBody struct {
	io.Reader
	err     error
	release func()
}

func newSentBody(req *http.Request, tasks *schedule.Tasks) *sentBody {
	body := &sentBody{Reader: http.NoBody, release: func() {}}
	if req.Body == nil {
		return body
	}
	body.Reader = req.Body
	if req.GetBody != nil {
		return body
	}
	// It may be a pipe: closing it ends a read when the client disconnects or the server stops.
	sent := make(chan struct{})
	body.release = func() { close(sent) }
	go func() {
		select {
		case <-req.Context().Done():
			closeBody(req)
		case <-tasks.Stopped():
			closeBody(req)
		case <-sent:
		}
	}()
	return body
}

// Read implements [io.Reader].
func (b *sentBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}

// memoryBody is the body of an answer in memory.
type memoryBody struct {
	ctx   context.Context //nolint:containedctx // The context of the request, which ends reads.
	left  *bytes.Reader
	end   error           // The error after the bytes: io.EOF if the body is whole.
	tasks *schedule.Tasks // Nil, except for a body that stalls.

	once   sync.Once
	closed chan struct{}
}

// Read implements [io.Reader].
func (b *memoryBody) Read(p []byte) (int, error) {
	select {
	case <-b.closed:
		return 0, http.ErrBodyReadAfterClose
	default:
	}
	if b.left.Len() > 0 && b.ctx.Err() == nil {
		return b.left.Read(p)
	}
	if b.tasks != nil {
		select {
		case <-b.ctx.Done():
		case <-b.closed:
			return 0, http.ErrBodyReadAfterClose
		case <-b.tasks.Stopped():
		}
	}
	if b.ctx.Err() != nil && (b.left.Len() > 0 || b.tasks != nil) {
		return 0, context.Cause(b.ctx)
	}
	return 0, b.end
}

// Close implements [io.Closer].
func (b *memoryBody) Close() error {
	b.once.Do(func() { close(b.closed) })
	return nil
}

// unpacked is a gzip body, which is opened at the first read, as in package net/http.
type unpacked struct {
	io.ReadCloser
	reader *gzip.Reader
	err    error
}

// Read implements [io.Reader].
func (u *unpacked) Read(p []byte) (int, error) {
	if u.reader == nil && u.err == nil {
		u.reader, u.err = gzip.NewReader(u.ReadCloser)
	}
	if u.err != nil {
		return 0, u.err
	}
	return u.reader.Read(p)
}
