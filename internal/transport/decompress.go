package transport

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
)

// net/http decompresses gzip that it asked for by itself. Servers and proxies also compress what nobody asked to be
// compressed, name it otherwise or not at all, and middleware that sets Accept-Encoding turns the decompression of net/http
// off. So the body decides, not the label.

const (
	// maxLayers bounds how often a body may have been compressed.
	maxLayers = 3
	// compressionOverhead is how much larger than its content a small compressed body may be.
	compressionOverhead = 1 << 10
)

// decompress decompresses the body. It stops somewhere above limit.
func (r *Reply) decompress(limit int64) {
	most := min(limit, math.MaxInt64-compressionOverhead) + compressionOverhead
	for range maxLayers {
		source := decompressor(r.Header, r.Body)
		if source == nil {
			break
		}
		plain, err := io.ReadAll(io.LimitReader(source, most))
		if len(plain) == 0 && err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			break // it only looked compressed
		}
		r.Body = plain
		r.Header = withoutEncoding(r.Header)
		switch {
		case err == nil, r.Problem != "":
		case errors.Is(err, io.ErrUnexpectedEOF):
			r.Problem, r.Cause = brokenOff(err), err
		default:
			r.Problem = "the reply is compressed, and damaged"
		}
	}
	if name := unknownEncoding(r.Header, r.Body); name != "" && r.Problem == "" {
		r.Problem = "the reply is compressed with " + name + ", which is not supported: leave Accept-Encoding to net/http"
	}
}

// decompressor returns a reader of what is compressed in body, or nil. No JSON and no page begins as gzip or zlib does.
func decompressor(header http.Header, body []byte) io.Reader {
	switch {
	case bytes.HasPrefix(body, []byte("\x1f\x8b\x08")):
		if source, err := gzip.NewReader(bytes.NewReader(body)); err == nil {
			return source
		}
	case len(body) > 1 && body[0] == 0x78 && slices.Contains([]byte{0x01, 0x5e, 0x9c, 0xda}, body[1]):
		if source, err := zlib.NewReader(bytes.NewReader(body)); err == nil {
			return source
		}
	case encoding(header) == "deflate" && !isPlain(body): // without the header of zlib
		return flate.NewReader(bytes.NewReader(body))
	}
	return nil
}

// unknownEncoding returns the name of a compression that the standard library lacks, if the body is compressed with it.
func unknownEncoding(header http.Header, body []byte) string {
	switch name := encoding(header); name {
	case "br", "zstd", "compress", "x-compress":
		if !isPlain(body) {
			return name
		}
	}
	return ""
}

// encoding returns the last Content-Encoding, which was applied last.
func encoding(header http.Header) string {
	all := strings.Join(header.Values("Content-Encoding"), ",")
	return strings.ToLower(strings.TrimSpace(all[strings.LastIndex(all, ",")+1:]))
}

// isPlain reports whether a body is empty or begins as JSON and pages do.
func isPlain(body []byte) bool {
	body = bytes.TrimSpace(body)
	return len(body) == 0 || slices.Contains([]byte("{[<\"n\xef"), body[0])
}

// withoutEncoding returns a copy of header without what it states of the compressed body, as net/http does.
func withoutEncoding(header http.Header) http.Header {
	header = header.Clone()
	header.Del("Content-Encoding")
	header.Del("Content-Length")
	return header
}
