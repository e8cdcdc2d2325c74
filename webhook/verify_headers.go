package webhook

import (
	"encoding/base64"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
)

// maxNonceBytes is the length of the longest nonce.
const maxNonceBytes = 256

// signatureHeaders are the values of the headers of a signed callback. The nonce has no dot and the timestamp is a plain
// number, so the signed bytes can be split in one way only.
type signatureHeaders struct {
	signature, nonce, timestamp string
}

// headerNames are the names of the signature headers.
var headerNames = []string{HeaderSignature, HeaderNonce, HeaderTimestamp, HeaderAlgorithm}

// readSignatureHeaders checks the form of the headers, but not the signature.
func readSignatureHeaders(header http.Header) (signatureHeaders, error) {
	given, err := singleValue(header, HeaderSignature)
	if err != nil {
		return signatureHeaders{}, err
	}
	if given == "" {
		return signatureHeaders{}, notSigned(header)
	}
	nonce, nonceErr := singleValue(header, HeaderNonce)
	timestamp, timestampErr := singleValue(header, HeaderTimestamp)
	name, nameErr := singleValue(header, HeaderAlgorithm)
	if err := errors.Join(nonceErr, timestampErr, nameErr); err != nil {
		return signatureHeaders{}, err
	}
	switch {
	case nonce == "":
		err = malformed(HeaderNonce, "is missing")
	case len(nonce) > maxNonceBytes:
		err = malformed(HeaderNonce, "is too long")
	case strings.Contains(nonce, "."):
		err = malformed(HeaderNonce, "has a dot")
	case timestamp == "":
		err = malformed(HeaderTimestamp, "is missing")
	case !plainNumber(timestamp):
		err = malformed(HeaderTimestamp, "is not a number of seconds")
	case name != "" && name != algorithm:
		err = fmt.Errorf("%w: only %s is supported", ErrUnknownAlgorithm, algorithm)
	case !isHMAC(given):
		err = fmt.Errorf("%w: %s is not the base64 of 32 bytes", ErrBadSignature, HeaderSignature)
	}
	if err != nil {
		return signatureHeaders{}, err
	}
	return signatureHeaders{signature: given, nonce: nonce, timestamp: timestamp}, nil
}

// notSigned returns the error for a request without a signature.
func notSigned(header http.Header) error {
	if len(presentHeaders(header)) > 0 {
		return fmt.Errorf("%w: %s is missing, though another signature header is there", ErrNotSigned, HeaderSignature)
	}
	return fmt.Errorf("%w: no signature header is there: the webhook has no secret, or the request is not from Sinch", ErrNotSigned)
}

// malformed returns the error for a header.
func malformed(name, problem string) error {
	return fmt.Errorf("%w: %s %s", ErrMalformed, name, problem)
}

// presentHeaders returns the names of the signature headers that have a value.
func presentHeaders(header http.Header) []string {
	return slices.DeleteFunc(slices.Clone(headerNames), func(name string) bool {
		for value := range values(header, name) {
			if value != "" {
				return false
			}
		}
		return true
	})
}

// singleValue returns the value of a header, or "" if there is none. Equal copies count as one.
func singleValue(header http.Header, name string) (string, error) {
	single, found := "", false
	for value := range values(header, name) {
		if found && value != single {
			return "", malformed(name, "is duplicated, with different values")
		}
		single, found = value, true
	}
	return single, nil
}

// values returns the values of a header. It ignores the case of the name. A comma always separates two values, since a
// proxy may join the lines of a header.
func values(header http.Header, name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for key, lines := range header {
			if len(key) != len(name) || !strings.EqualFold(key, name) {
				continue
			}
			for _, line := range lines {
				if !eachValue(line, yield) {
					return
				}
			}
		}
	}
}

// eachValue calls yield with the values of a line.
func eachValue(line string, yield func(string) bool) bool {
	if !strings.Contains(line, ",") {
		return yield(line)
	}
	for value := range strings.SplitSeq(line, ",") {
		if !yield(strings.Trim(value, " \t")) {
			return false
		}
	}
	return true
}

// plainNumber reports whether s is a number of digits only, without a leading zero.
func plainNumber(s string) bool {
	const longest = 12 // thirty thousand years
	return s != "" && len(s) <= longest && strings.Trim(s, "0123456789") == "" && (s == "0" || s[0] != '0')
}

// isHMAC reports whether a signature has the form of one: the base64 of 32 bytes, with padding.
func isHMAC(given string) bool {
	const length = 44
	if len(given) != length {
		return false
	}
	var decoded [length]byte
	n, err := base64.StdEncoding.Strict().Decode(decoded[:], []byte(given))
	return err == nil && n == 32
}
