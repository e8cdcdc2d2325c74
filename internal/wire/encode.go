// Package wire reads and writes what the API and this module exchange: JSON, path segments and header values.
package wire

import (
	"bytes"
	"encoding/json"
	"sync"
)

// encodeBuffer is a buffer with the encoder that writes to it.
type encodeBuffer struct {
	text    bytes.Buffer
	encoder *json.Encoder
}

// maxPooledBytes is the capacity above which a buffer is not pooled, so that a rare large request frees its memory.
const maxPooledBytes = 64 << 10

var encodeBuffers = sync.Pool{New: func() any {
	buffer := &encodeBuffer{}
	buffer.encoder = json.NewEncoder(&buffer.text)
	buffer.encoder.SetEscapeHTML(false)
	return buffer
}}

// EncodeJSON is like [json.Marshal] but does not escape HTML. The result does not share memory with the pooled buffer:
// net/http may read a request body after its call has returned.
func EncodeJSON(value any) ([]byte, error) {
	buffer, _ := encodeBuffers.Get().(*encodeBuffer)
	if err := buffer.encoder.Encode(value); err != nil {
		return nil, err // the encoder returns this error from now on: drop it
	}
	text := bytes.TrimSuffix(buffer.text.Bytes(), []byte("\n"))
	if buffer.text.Cap() > maxPooledBytes {
		return text, nil
	}
	text = bytes.Clone(text)
	buffer.text.Reset()
	encodeBuffers.Put(buffer)
	return text, nil
}
