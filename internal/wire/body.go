package wire

import "bytes"

// byteOrderMark is the mark of UTF-8. JSON must not begin with it, but some servers write it.
var byteOrderMark = []byte("\ufeff")

// TrimBody returns a JSON body without a byte order mark and the white space around it.
func TrimBody(body []byte) []byte {
	return bytes.TrimSpace(TrimMark(bytes.TrimSpace(body)))
}

// TrimMark returns a JSON body without a byte order mark, and otherwise as it is.
func TrimMark(body []byte) []byte { return bytes.TrimPrefix(body, byteOrderMark) }
