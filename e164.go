package conversation

import (
	"strings"
	"unicode"
)

// E164 returns the digits of a phone number in international format, without a plus sign: what the identity of a
// [ChannelIdentity] is on SMS, MMS, RCS, WhatsApp and Viber Business Messages. White space, dashes, dots and brackets are
// removed, and so is a leading plus sign or 00. Two spellings of one number become the same identity, and so one contact.
//
// E164 adds no country code: a number without one, such as 0555 123 456, is an [*ArgumentError], and so is anything that is not
// 7 to 15 digits then. It cannot know whether the number exists. The error does not show the number.
func E164(text string) (string, error) {
	number := strings.Map(func(char rune) rune {
		if unicode.IsSpace(char) || unicode.Is(unicode.Pd, char) || strings.ContainsRune(".()[]", char) {
			return -1
		}
		return char
	}, text)
	rest, international := strings.CutPrefix(number, "+")
	if !international {
		rest = strings.TrimPrefix(number, "00")
	}
	if problem := phoneNumberProblem(rest); problem != "" {
		return "", &ArgumentError{Operation: "E164", Field: "text", Reason: problem}
	}
	return rest, nil
}

// phoneNumberProblem describes what keeps digits from being a phone number with its country code. It does not show them.
func phoneNumberProblem(digits string) string {
	const fix = "write the country code, then the number"
	switch {
	case digits == "":
		return "holds no phone number: " + fix
	case strings.Trim(digits, "0123456789") != "":
		return "is not a phone number, which has digits only: " + fix
	case digits[0] == '0':
		return "begins with 0, so it has no country code: " + fix
	case len(digits) < 7 || len(digits) > 15:
		return "is not a phone number, which has 7 to 15 digits: " + fix
	}
	return ""
}
