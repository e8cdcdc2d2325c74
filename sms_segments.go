package conversation

import "strings"

// SMSEncoding is how the text of an SMS is encoded, which decides how much of it fits into one segment.
type SMSEncoding string

const (
	// SMSEncodingGSM7 is the 7-bit alphabet of 3GPP TS 23.038 with its extension table: 160 septets in a single SMS,
	// 153 in each segment of a longer one. A character of the extension table, such as € or [, takes two septets.
	SMSEncodingGSM7 SMSEncoding = "GSM_7BIT"
	// SMSEncodingUCS2 holds every other text: 70 UTF-16 code units in a single SMS, 67 in each segment of a longer one.
	// An emoji takes two or more code units.
	SMSEncodingUCS2 SMSEncoding = "UCS2"
)

// The basic alphabet of 3GPP TS 23.038, without its escape, and the extension table.
const (
	gsm7Basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsm7Extension = "\f^{}\\[~]|€"
)

// SMSSegments returns the number of segments that text takes as an SMS, and its encoding. SMS is billed by the segment. An
// empty string has none. A character is never split between two segments.
//
// The count is that of the GSM standard, without national language tables. A network, or a setting of the account that
// replaces characters, may arrive at another one.
func SMSSegments(text string) (segments int, encoding SMSEncoding) {
	if sizes, ok := gsm7Sizes(text); ok {
		return countSegments(sizes, 160, 153), SMSEncodingGSM7
	}
	return countSegments(ucs2Sizes(text), 70, 67), SMSEncodingUCS2
}

// gsm7Sizes returns the septets that each character takes, and whether the alphabet has them all.
func gsm7Sizes(text string) ([]int, bool) {
	sizes := make([]int, 0, len(text))
	for _, char := range text {
		switch {
		case strings.ContainsRune(gsm7Basic, char):
			sizes = append(sizes, 1)
		case strings.ContainsRune(gsm7Extension, char):
			sizes = append(sizes, 2)
		default:
			return nil, false
		}
	}
	return sizes, true
}

// ucs2Sizes returns the UTF-16 code units that each character takes.
func ucs2Sizes(text string) []int {
	sizes := make([]int, 0, len(text))
	for _, char := range text {
		if char > 0xFFFF {
			sizes = append(sizes, 2)
			continue
		}
		sizes = append(sizes, 1)
	}
	return sizes
}

// countSegments counts the segments of characters of these sizes, when a lone segment holds single units and each of
// several holds part.
func countSegments(sizes []int, single, part int) int {
	total := 0
	for _, size := range sizes {
		total += size
	}
	if total == 0 {
		return 0
	}
	if total <= single {
		return 1
	}
	segments, used := 1, 0
	for _, size := range sizes {
		if used+size > part {
			segments++
			used = 0
		}
		used += size
	}
	return segments
}
