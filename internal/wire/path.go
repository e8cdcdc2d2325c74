package wire

import (
	"net/url"
	"strings"
)

// EscapeSegment escapes an id for use as one segment of a path. It escapes colons too, so that an id cannot end in what
// the API reads as a verb, such as ":stop".
func EscapeSegment(id string) string {
	return strings.ReplaceAll(url.PathEscape(id), ":", "%3A")
}

// SegmentProblem returns why an id cannot be a segment of a path, or "" if it can.
func SegmentProblem(id string) string {
	switch strings.TrimSpace(id) {
	case "":
		return "is empty"
	case ".", "..":
		return "is a dot segment, which would lead to another path"
	}
	return TextProblem(id)
}

// HasDotSegment reports whether a segment of path is "." or "..".
func HasDotSegment(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

// ValidToken reports whether text is a token as defined by RFC 9110: the form of methods and header names.
func ValidToken(text string) bool {
	if text == "" {
		return false
	}
	for _, char := range text {
		isAlnum := char >= '0' && char <= '9' || char >= 'a' && char <= 'z' || char >= 'A' && char <= 'Z'
		if !isAlnum && !strings.ContainsRune("!#$%&'*+-.^_`|~", char) {
			return false
		}
	}
	return true
}

// ValidHeaderValue reports whether value can be sent as the value of a header.
func ValidHeaderValue(value string) bool {
	for i := range len(value) {
		if value[i] < ' ' && value[i] != '\t' || value[i] == 0x7f {
			return false
		}
	}
	return true
}
