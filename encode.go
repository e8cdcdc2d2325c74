package conversation

import (
	"bytes"
	"encoding/json"
	"sync"
)

// encodeBuffer is a place to write JSON to, with its encoder.
type encodeBuffer struct {
	text    bytes.Buffer
	encoder *json.Encoder
}

// maxPooledBytes keeps a rare large request from holding on to its memory.
const maxPooledBytes = 64 << 10

var encodeBuffers = sync.Pool{New: func() any {
	buffer := &encodeBuffer{}
	buffer.encoder = json.NewEncoder(&buffer.text)
	buffer.encoder.SetEscapeHTML(false)
	return buffer
}}

// encodeJSON is json.Marshal without the escapes that only HTML needs. The result is a copy: net/http may read a body after
// its call is over, so that only the buffer of the encoder can be used again.
func encodeJSON(value any) ([]byte, error) {
	buffer, _ := encodeBuffers.Get().(*encodeBuffer)
	if err := buffer.encoder.Encode(value); err != nil {
		return nil, err // the encoder is spoiled
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
