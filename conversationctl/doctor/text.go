package doctor

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestText is the length in bytes at which the words of a server are cut.
const longestText = 300

// phoneNumber is what may be a phone number: 7 or more digits in a row, or after a plus sign with punctuation between them.
var phoneNumber = regexp.MustCompile(`\+[\p{Nd} ().\-/]{6,}\p{Nd}|\p{Nd}{7,}`)

// said returns the words of a server as one printable line without phone numbers.
func said(text string) string {
	line := phoneNumber.ReplaceAllString(strings.Join(strings.Fields(text), " "), "*******")
	var out strings.Builder
	for i, char := range line {
		switch {
		case i > longestText:
			return out.String() + "..."
		case char == utf8.RuneError, unicode.In(char, unicode.C, unicode.Zl, unicode.Zp):
			out.WriteString(strings.Trim(strconv.QuoteRuneToASCII(char), "'"))
		default:
			out.WriteRune(char)
		}
	}
	return out.String()
}

// origin returns the scheme and host of a URL. Its path and query may hold a secret.
func origin(address *url.URL) string {
	return address.Scheme + "://" + said(address.Host)
}

// shownAddress returns the origin of an address.
func shownAddress(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return "its address"
	}
	return origin(parsed)
}

// uniqueID is the form of the ids that the platform assigns: a ULID or a UUID.
var uniqueID = regexp.MustCompile(`^([0-9A-HJKMNP-TV-Z]{26}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$`)

// shownID returns an id. One that does not have the form of an id of the platform may be anything, such as a phone number.
func shownID(id string) string {
	if uniqueID.MatchString(id) {
		return id
	}
	return said(id)
}
