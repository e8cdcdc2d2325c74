package redact_test

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/internal/redact"
)

// odd are strings that stand between the digits of a number without being letters.
var odd = []string{
	"", " ", "-", "_", ",", ".", "/", "(", ") ", "|", "*", "~", ":", "#", "'", "%", `\`, "&", "+", " - ", "\u00a0", "\u00ad", "\u200b", "\u200e",
	"\u2060", "\u202f", "\ufeff", "\u2011", "\u3000", "\u30fc", "\u3164", "\U000e0020", "\xa0", "\x00", "\x1b", "\u009b", "\ufe0f\u20e3", "•",
}

// scripts are the zeros of scripts that have digits of their own.
var scripts = []rune{'0', '\u0660', '\u06f0', '\u0966', '\u0e50', '\uff10', '\U0001d7ce', '\U0001e950'}

// spell returns digits with what is odd between them, in the digits of a script.
func spell(digits, between string, zero rune) string {
	spelt := make([]string, 0, len(digits))
	for _, digit := range digits {
		spelt = append(spelt, string(zero+digit-'0'))
	}
	return strings.Join(spelt, between)
}

func TestANumberWithAPlusSignIsMaskedHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	escapes := map[string]func(string) string{
		"as it is":      func(text string) string { return text },
		"in a URL":      url.QueryEscape,
		"in a path":     url.PathEscape,
		"in a URL's":    func(text string) string { return url.QueryEscape(url.QueryEscape(text)) },
		"in Go or JSON": func(text string) string { return strings.Trim(strconv.QuoteToASCII(text), `"`) },
		"in HTML":       html.EscapeString,
	}
	for _, plus := range []string{"+", "\uff0b", "\ufe62", "+\u200e", "\u200e+ ("} {
		for i, between := range odd {
			zero := scripts[i%len(scripts)]
			for name, escape := range escapes {
				got := redact.OneLine("to " + escape(plus+spell("46701234567", between, zero)) + " it said")
				assert.Regexp(t, `^to \S{1,30} ?\(?\*{7} it said$`, got, "%s, %q, %q, %q", name, plus, between, zero)
			}
		}
	}
	for _, entity := range []string{"&nbsp;", "&#8206;", "&#x200E;", "&shy;"} {
		assert.Equal(t, "&#43;*******", redact.OneLine("&#43;"+spell("46701234567", entity, '0')), entity)
	}
}

func TestDigitsInARowAreMaskedInEveryScript(t *testing.T) {
	t.Parallel()
	for _, zero := range scripts {
		for _, between := range []string{"", "\u200e", "\u200b", "\ufeff", "\ufe0f\u20e3", "\x00"} {
			assert.Equal(t, "id *******.", redact.OneLine("id "+spell("4670123", between, zero)+"."), "%q, %q", zero, between)
		}
		assert.Equal(t, "id "+spell("467012", "", zero)+".", redact.OneLine("id "+spell("467012", "", zero)+"."))
	}
}

func TestWhatIsNoPhoneNumberIsNotMasked(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"1,234,567 and 123 456 789", "at 12:30:15+02:00", "C++ 17, +1 of 123456", "+46 and 123456", "+123456", "100%2012", "%2B%2B12", "2026-11-28 10:00:00",
		"app 01H7QZ8X3J", "+++", "a+b+1", "&#49;&amp;", `\u0031\`, "%", "%2", "%zz123456",
	} {
		assert.Equal(t, text, redact.OneLine(text))
	}
}

// oracle finds a number in text that was masked: 7 digits in a row, or after a plus sign with no letter between them.
var oracle = []*regexp.Regexp{
	regexp.MustCompile(`(?:\pN[\p{Mn}\p{Me}\p{Mc}\p{Cf}]*){7}`),
	regexp.MustCompile(`[+\x{ff0b}]\PL*(?:\pN\PL*){7}`),
}

func FuzzMaskedTextHoldsNoNumber(f *testing.F) {
	for _, between := range odd {
		for _, zero := range scripts {
			f.Add("a+"+spell("46701234567", between, zero)+" b", between)
		}
	}
	f.Add("%2B46%C2%A070%2012345%3667", "%2B")
	f.Add("\u2066123 +1", `\u0031`)
	f.Fuzz(func(t *testing.T, text, more string) {
		masked := redact.OneLine(text + more)
		decoded, err := url.QueryUnescape(redact.Mask(text + url.QueryEscape(more)))
		if err != nil {
			decoded = ""
		}
		for _, shown := range []string{masked, redact.Mask(text), decoded} {
			for _, number := range oracle {
				if found := number.FindString(shown); found != "" {
					t.Fatalf("%q is shown in %q", found, shown)
				}
			}
		}
		for _, char := range masked {
			if unicode.IsControl(char) || unicode.Is(unicode.Bidi_Control, char) || char == unicode.ReplacementChar && !strings.ContainsRune(text+more, char) {
				t.Fatalf("%q is not escaped in %q", char, masked)
			}
		}
		if again := redact.OneLine(text + more); again != masked {
			t.Fatal(fmt.Sprint("another result: ", again))
		}
	})
}
