package webhook

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// maxNonceBytes is the length of the longest nonce.
const maxNonceBytes = 256

// signatureHeaders are the values of the headers of a signed callback. The nonce has no dot and the timestamp is a plain
// number, so the signed bytes can be split in one way only.
type signatureHeaders struct {
	mac              [sha256.Size]byte
	nonce, timestamp string
}

// headerNames are the names of the signature headers, by their indices.
var headerNames = [...]string{HeaderSignature, HeaderNonce, HeaderTimestamp, HeaderAlgorithm}

const (
	ofSignature = iota
	ofNonce
	ofTimestamp
	ofAlgorithm
)

// strictBase64 accepts one encoding of each value only.
var strictBase64 = base64.StdEncoding.Strict()

// readSignatureHeaders checks the form of the headers, but not the signature.
func readSignatureHeaders(header http.Header) (signatureHeaders, error) {
	given := givenValues(header)
	encoded, err := given.value(ofSignature)
	if err != nil {
		return signatureHeaders{}, err
	}
	if encoded == "" {
		return signatureHeaders{}, notSigned(header)
	}
	nonce, nonceErr := given.value(ofNonce)
	timestamp, timestampErr := given.value(ofTimestamp)
	name, nameErr := given.value(ofAlgorithm)
	if err := errors.Join(nonceErr, timestampErr, nameErr); err != nil {
		return signatureHeaders{}, err
	}
	signed := signatureHeaders{nonce: nonce, timestamp: timestamp}
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
	case !decodeMAC(&signed.mac, encoded):
		err = fmt.Errorf("%w: %s is not the base64 of 32 bytes", ErrBadSignature, HeaderSignature)
	}
	if err != nil {
		return signatureHeaders{}, err
	}
	return signed, nil
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
	given := givenValues(header)
	present := make([]string, 0, len(headerNames))
	for i, name := range headerNames {
		if given[i].present {
			present = append(present, name)
		}
	}
	return present
}

// givenHeaders are what a request has for each of headerNames.
type givenHeaders [len(headerNames)]givenValue

// givenValue is what a request has for a header. Equal copies count as one.
type givenValue struct {
	single  string
	found   bool
	differs bool // whether there is another value
	present bool // whether one of the values is not empty
}

// givenValues reads the signature headers. It ignores the case of the names. A comma always separates two values, since a
// proxy may join the lines of a header.
func givenValues(header http.Header) (given givenHeaders) {
	for key, lines := range header {
		if len(key) < len(HeaderSignature) { // the shortest of them
			continue
		}
		for i, name := range headerNames {
			if len(key) != len(name) || !strings.EqualFold(key, name) {
				continue
			}
			for _, line := range lines {
				given[i].addLine(line)
			}
		}
	}
	return given
}

// value returns the value of a header, or "" if there is none.
func (g *givenHeaders) value(of int) (string, error) {
	if g[of].differs {
		return "", malformed(headerNames[of], "is duplicated, with different values")
	}
	return g[of].single, nil
}

// addLine adds the values of a line.
func (v *givenValue) addLine(line string) {
	if strings.IndexByte(line, ',') < 0 {
		v.add(line)
		return
	}
	for value := range strings.SplitSeq(line, ",") {
		v.add(strings.Trim(value, " \t"))
	}
}

func (v *givenValue) add(value string) {
	v.differs = v.differs || v.found && value != v.single
	v.present = v.present || value != ""
	v.single, v.found = value, true
}

// plainNumber reports whether s is a number of digits only, without a leading zero.
func plainNumber(s string) bool {
	const longest = 12 // thirty thousand years
	return s != "" && len(s) <= longest && strings.Trim(s, "0123456789") == "" && (s == "0" || s[0] != '0')
}

// decodeMAC decodes a signature, which is the base64 of 32 bytes, with padding. It reports whether the signature has this form,
// which is the only one of these bytes.
func decodeMAC(mac *[sha256.Size]byte, encoded string) bool {
	const length = 44
	if len(encoded) != length {
		return false
	}
	var source, decoded [length]byte
	copy(source[:], encoded)
	n, err := strictBase64.Decode(decoded[:], source[:])
	return err == nil && n == copy(mac[:], decoded[:])
}
