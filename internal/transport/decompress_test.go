package transport_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/internal/transport"
)

// compressed returns text as a writer compresses it.
func compressed(t *testing.T, text string, writer func(io.Writer) io.WriteCloser) string {
	t.Helper()
	var packed bytes.Buffer
	into := writer(&packed)
	_, err := io.WriteString(into, text)
	require.NoError(t, err)
	require.NoError(t, into.Close())
	return packed.String()
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	return compressed(t, text, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
}

func TestACompressedReplyIsReadWhateverItsLabel(t *testing.T) {
	t.Parallel()
	const plain = `{"message_id":"M"}`
	gzipBody := gzipped(t, plain)
	zlibBody := compressed(t, plain, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
	rawDeflate := compressed(t, plain, func(w io.Writer) io.WriteCloser {
		writer, err := flate.NewWriter(w, flate.BestCompression)
		require.NoError(t, err)
		return writer
	})
	damaged := gzipBody[:len(gzipBody)-8] + "damaged!"
	for name, tt := range map[string]struct {
		label, body string
		status      int
		want        string
		problem     string
		cause       error
	}{
		"gzip":                    {"gzip", gzipBody, 200, plain, "", nil},
		"x-gzip":                  {"x-gzip", gzipBody, 200, plain, "", nil},
		"gzip without a label":    {"", gzipBody, 200, plain, "", nil},
		"gzip with a wrong one":   {"br", gzipBody, 200, plain, "", nil},
		"gzip twice":              {"gzip, gzip", gzipped(t, gzipBody), 200, plain, "", nil},
		"gzip in an error":        {"x-gzip", gzipBody, 404, plain, "", nil},
		"deflate":                 {"deflate", zlibBody, 200, plain, "", nil},
		"zlib without a label":    {"", zlibBody, 200, plain, "", nil},
		"deflate without zlib":    {"Deflate", rawDeflate, 200, plain, "", nil},
		"plain":                   {"", plain, 200, plain, "", nil},
		"plain with a label":      {"x-gzip", plain, 200, plain, "", nil},
		"plain deflate":           {"deflate", plain, 200, plain, "", nil},
		"plain brotli":            {"br", " " + plain, 200, " " + plain, "", nil},
		"nothing":                 {"br", "", 200, "", "", nil},
		"gzip cut short":          {"", gzipBody[:len(gzipBody)-9], 200, plain, "the reply broke off", io.ErrUnexpectedEOF},
		"gzip damaged":            {"", damaged, 200, plain, "damaged", nil},
		"the magic number alone":  {"", "\x1f\x8b\x08", 200, "\x1f\x8b\x08", "", nil},
		"a word in x":             {"", "x\x5eword", 200, "x\x5eword", "", nil},
		"brotli":                  {"br", "\x0b\x05\x80", 200, "\x0b\x05\x80", "compressed with br", nil},
		"zstd":                    {"zstd", "\x28\xb5\x2f\xfd", 200, "\x28\xb5\x2f\xfd", "compressed with zstd", nil},
		"too large":               {"", gzipped(t, strings.Repeat("x", 51)), 200, strings.Repeat("x", 50), "larger than the limit", nil},
		"larger than its content": {"", gzipped(t, gzipped(t, gzipped(t, plain))), 200, plain, "", nil},
		"the largest limit":       {"", gzipBody, 200, plain, "", nil},
		"just not too large":      {"", gzipped(t, strings.Repeat("x", 50)), 200, strings.Repeat("x", 50), "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{"Content-Length": {"9"}}
			if tt.label != "" {
				header.Set("Content-Encoding", tt.label)
			}
			before := header.Clone()
			got, failure := exchange(t.Context(), func(*http.Request) (*http.Response, error) {
				resp := reply(tt.status, tt.body, -1)
				resp.Header = header
				return resp, nil
			}, func(req *transport.Request) {
				req.MaxBytes = 50
				if name == "the largest limit" {
					req.MaxBytes = math.MaxInt64 - 1
				}
			})
			require.Nil(t, failure)
			assert.Equal(t, tt.want, string(got.Body))
			assert.Equal(t, tt.cause, got.Cause)
			if tt.problem == "" {
				assert.Empty(t, got.Problem)
			}
			assert.Contains(t, got.Problem, tt.problem)
			assert.Equal(t, before, header, "the response may be shared")
			if tt.want != tt.body {
				assert.Empty(t, got.Header, "as net/http does")
			}
		})
	}
}
