package console

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
	"unicode/utf8"
)

// tablePage is how many rows are aligned with each other, so that a table of any length needs the memory of so many.
const tablePage = 100

// Table prints rows in aligned columns. Rows are printed in groups, as they come.
type Table struct {
	console *Console
	columns *tabwriter.Writer
	header  []string
	rows    int
}

// NewTable returns a table with a header. The header is printed before the first row.
func (c *Console) NewTable(header ...string) *Table {
	// The cells have no escape sequences, which the tabwriter would count as visible.
	return &Table{console: c, columns: tabwriter.NewWriter(c.Out, 0, 0, 2, ' ', tabwriter.StripEscape), header: header}
}

// Row adds a row.
func (t *Table) Row(cells ...string) error {
	if t.rows == 0 {
		fmt.Fprintln(t.columns, strings.Join(t.header, "\t"))
	}
	shown := make([]string, len(cells))
	for i, cell := range cells {
		shown[i] = Cell(cell)
	}
	fmt.Fprintln(t.columns, strings.Join(shown, "\t"))
	if t.rows++; t.rows%tablePage == 0 {
		return t.columns.Flush()
	}
	return nil
}

// Close prints the rows that are left. A table without rows prints a note on Err.
func (t *Table) Close() error {
	if t.rows == 0 {
		fmt.Fprintln(t.console.Err, "There are none.")
	}
	return t.columns.Flush()
}

// Cell returns text for one cell or line: what would break the table or change the terminal is quoted, and nothing is shown
// as "-".
func Cell(text string) string {
	switch {
	case text == "":
		return "-"
	case !utf8.ValidString(text), strings.ContainsFunc(text, func(char rune) bool { return !unicode.IsPrint(char) }):
		return fmt.Sprintf("%q", text)
	}
	return text
}

// Stamp formats a time in UTC, for a cell.
func Stamp(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format("2006-01-02 15:04:05")
}
