package relayprogram

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
)

// printJSON prints a value as JSON.
func (c *call) printJSON(value any) error {
	encoder := json.NewEncoder(c.stdout)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// table prints rows as a table. The first row is the header.
func table(w io.Writer, rows ...[]string) error {
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(columns, strings.Join(cells(row), "\t"))
	}
	return columns.Flush()
}

func cells(row []string) []string {
	shown := slices.Clone(row)
	for i := range shown {
		shown[i] = cell(shown[i])
	}
	return shown
}

// cell quotes text that would break the table or the terminal.
func cell(text string) string {
	switch {
	case text == "":
		return "-"
	case strings.ContainsFunc(text, unicode.IsControl):
		return fmt.Sprintf("%q", text)
	}
	return text
}

// since formats the time from then to now.
func since(now, then time.Time) string {
	if then.IsZero() {
		return "-"
	}
	return max(0, now.Sub(then)).Round(time.Second).String()
}

// until formats the time from now to then.
func until(now, then time.Time) string {
	if then.IsZero() {
		return "-"
	}
	return max(0, then.Sub(now)).Round(time.Second).String()
}

// stamp formats a time.
func stamp(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05") }
