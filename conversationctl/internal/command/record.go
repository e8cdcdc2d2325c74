package command

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/sinchgo/conversation/webhook"
)

// recordedHeaders are the headers that a record has. Others, such as Authorization, may be secret.
var recordedHeaders = []string{
	"Content-Type", webhook.HeaderSignature, webhook.HeaderNonce, webhook.HeaderTimestamp, webhook.HeaderAlgorithm,
}

// record is a callback in a file: one JSON object a line.
type record struct {
	Received   time.Time   `json:"received"`
	Header     http.Header `json:"header"`
	Body       *string     `json:"body,omitempty"`
	BodyBase64 []byte      `json:"body_base64,omitempty"` // a body that is not UTF-8
}

func newRecord(received time.Time, body []byte, header http.Header) record {
	kept := http.Header{}
	for _, name := range recordedHeaders {
		if values := header.Values(name); len(values) > 0 {
			kept[http.CanonicalHeaderKey(name)] = values
		}
	}
	if !utf8.Valid(body) {
		return record{Received: received, Header: kept, BodyBase64: body}
	}
	text := string(body)
	return record{Received: received, Header: kept, Body: &text}
}

// body returns the body as it was received.
func (r record) body() []byte {
	if r.Body != nil {
		return []byte(*r.Body)
	}
	return r.BodyBase64
}

// maxRecord is the size of the longest line, in bytes. A callback has at most 1 MiB, which JSON may escape.
const maxRecord = 16 << 20

// errNotRecord reports a line that has no record, such as the last one of a listen that was killed.
var errNotRecord = errors.New("is not a recorded callback")

// recordReader reads records one at a time.
type recordReader struct {
	lines *bufio.Scanner
	line  int // of the last record, from 1
}

func newRecordReader(from io.Reader) *recordReader {
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, maxRecord)
	return &recordReader{lines: lines}
}

// next returns the next record. It returns [io.EOF] at the end, and errNotRecord for a line to skip.
func (r *recordReader) next() (record, error) {
	for r.lines.Scan() {
		r.line++
		line := bytes.TrimSpace(r.lines.Bytes())
		if len(line) == 0 {
			continue
		}
		var read record
		if err := json.Unmarshal(line, &read); err != nil || read.Body == nil && read.BodyBase64 == nil {
			return record{}, errNotRecord
		}
		if read.Header == nil {
			read.Header = http.Header{}
		}
		return read, nil
	}
	if err := r.lines.Err(); err != nil {
		r.line++
		return record{}, err
	}
	return record{}, io.EOF
}
