package command

import "strings"

// These functions are used in place of encoding/csv, which reads a file without a quote to its end into memory, and changes
// \r\n inside a cell into \n.

// csvRecordEnd returns the length of the first record of data with its line end, and 0 if data ends within it.
func csvRecordEnd(data []byte, atEOF bool) int {
	atStart, quoted, open := true, false, false // of the cell; it began with a quote; the quote is not closed
	for i, char := range data {
		switch {
		case char == '"' && atStart:
			quoted, open = true, true
		case char == '"' && quoted:
			open = !open
		case char == '\n' && !open:
			return i + 1
		case char == ',' && !open:
			atStart, quoted = true, false
			continue
		}
		atStart = false
	}
	if atEOF && !open {
		return len(data)
	}
	return 0
}

// splitCSV returns the cells of a record without its line end, and reports whether the quotes are well-formed.
func splitCSV(record string) (cells []string, ok bool) {
	for rest := record; ; rest = rest[1:] {
		var cell string
		if unquoted, found := strings.CutPrefix(rest, `"`); found {
			if cell, rest, ok = quotedCell(unquoted); !ok {
				return nil, false
			}
		} else {
			cell, _, _ = strings.Cut(rest, ",")
			rest = rest[len(cell):]
			if strings.Contains(cell, `"`) {
				return nil, false
			}
		}
		if cells = append(cells, cell); rest == "" {
			return cells, true
		}
		if rest[0] != ',' {
			return nil, false
		}
	}
}

// quotedCell returns a cell, and what follows its closing quote.
func quotedCell(text string) (cell, rest string, ok bool) {
	var content strings.Builder
	for {
		before, after, found := strings.Cut(text, `"`)
		if !found {
			return "", "", false
		}
		content.WriteString(before)
		if text, found = strings.CutPrefix(after, `"`); !found {
			return content.String(), after, true
		}
		content.WriteByte('"')
	}
}
