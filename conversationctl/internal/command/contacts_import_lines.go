package command

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/sinchgo/conversation"
)

// longestLine is how much memory a line can need, in bytes.
const longestLine = 1 << 20

// contactLine is one contact of a file: a line, or several if a cell has line breaks.
type contactLine struct {
	number  int64  // of its first line in the file, from 1
	last    int64  // number of its last line
	end     int64  // offset of the byte after it
	text    string // without the line end; empty if it is too long
	contact *conversation.Contact
	problem string // why there is no contact; empty if there is one
}

// contactLines reads a file of contacts.
type contactLines struct {
	file     *os.File
	format   contactFormat
	columns  []string // of CSV
	scanner  *bufio.Scanner
	offset   int64 // of what is read next
	number   int64 // of lines that were read
	skipping bool  // in a line that is too long
}

// openContactLines opens a file, and reads the header of CSV.
func openContactLines(path string, format contactFormat) (*contactLines, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() { // Before Open, which waits for the writer of a pipe.
		return nil, usageError("FILE: %s is not a regular file, so an import could not be resumed: copy it to one", path)
	}
	file, err := os.Open(path) //nolint:gosec // The path is the user's.
	if err != nil {
		return nil, usageError("FILE: %w", err)
	}
	lines := &contactLines{file: file, format: format}
	if err := lines.start(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return lines, nil
}

func (l *contactLines) start() error {
	l.scan()
	if l.format == formatJSONL {
		return nil
	}
	header, _, found := l.record()
	columns, ok := splitCSV(header)
	if !found || !ok {
		return usageError("FILE: %s does not begin with a line of the columns %s", l.file.Name(), strings.Join(contactColumns, ", "))
	}
	l.columns = columns
	return checkColumns(columns)
}

// startsAt reports whether a line starts at an offset, or the file ends there.
func (l *contactLines) startsAt(offset int64) bool {
	around := make([]byte, 2) // the byte before the offset and the one after it
	if offset == 0 {
		return true
	}
	n, err := l.file.ReadAt(around, offset-1)
	return n > 0 && (around[0] == '\n' || n == 1 && errors.Is(err, io.EOF))
}

// seek continues at the line after one of an earlier run.
func (l *contactLines) seek(offset, number int64) error {
	if _, err := l.file.Seek(offset, io.SeekStart); err != nil {
		return err
	}
	l.offset, l.number = offset, number
	l.scan()
	return nil
}

func (l *contactLines) scan() {
	l.scanner = bufio.NewScanner(l.file)
	l.scanner.Buffer(nil, longestLine+1)
	l.scanner.Split(l.split)
}

// split is the [bufio.SplitFunc] of the file.
func (l *contactLines) split(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if len(data) == 0 {
		return 0, nil, nil
	}
	line := bytes.IndexByte(data, '\n') + 1
	end := line
	if l.format == formatCSV && !l.skipping {
		end = csvRecordEnd(data, atEOF)
		if end > line && !isCSV(data[:end]) {
			end = line // A quote is not closed: only the line with it is lost.
		}
	}
	switch {
	case end > 0:
	case !atEOF && len(data) < longestLine:
		return 0, nil, nil
	case line > 0:
		end = line
	default:
		end = len(data)
	}
	return end, data[:end], nil
}

// record returns the next record without its line end, and its number. Blank lines are left out.
func (l *contactLines) record() (text string, number int64, found bool) {
	for l.scanner.Scan() {
		content := l.scanner.Bytes()
		isFirst, tooLong := l.offset == 0, l.skipping
		l.skipping = len(content) >= longestLine && !bytes.HasSuffix(content, []byte("\n"))
		number = l.number + 1
		l.offset += int64(len(content))
		l.number += int64(bytes.Count(content, []byte("\n")))
		if l.skipping {
			continue
		}
		if tooLong {
			return "", number, true
		}
		if isFirst {
			content = bytes.TrimPrefix(content, []byte("\ufeff"))
		}
		if text = withoutLineEnd(content); strings.TrimSpace(text) != "" {
			return text, number, true
		}
	}
	found, l.skipping = l.skipping, false
	return "", number, found
}

// next returns the next contact. It returns nil at the end of the file.
func (l *contactLines) next() (*contactLine, error) {
	text, number, found := l.record()
	if !found {
		return nil, l.scanner.Err()
	}
	line := &contactLine{number: number, last: l.number, end: l.offset, text: text}
	switch {
	case text == "":
		line.problem = "is longer than 1 MiB: shorten it"
	case !utf8.ValidString(text):
		line.problem = "is not UTF-8: save the file as UTF-8"
	case l.format == formatJSONL:
		line.contact, line.problem = contactOfJSON(text)
	default:
		line.contact, line.problem = l.contactOfCSV(text)
	}
	return line, nil
}

func (l *contactLines) contactOfCSV(text string) (contact *conversation.Contact, problem string) {
	cells, ok := splitCSV(text)
	if !ok {
		return nil, `has a quote that is not closed or is in a cell without quotes: put the cell in quotes, and write "" for a quote in it`
	}
	return contactOfCells(l.columns, cells)
}

func contactOfJSON(text string) (contact *conversation.Contact, problem string) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&contact)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, "is not valid JSON: it is cut short"
	}
	if err != nil {
		return nil, "is not a contact: " + decodeProblem(err)
	}
	if contact == nil || decoder.More() {
		return nil, "is not one JSON object: write one contact a line"
	}
	return contact, ""
}

func isCSV(record []byte) bool {
	_, ok := splitCSV(withoutLineEnd(record))
	return ok
}

func withoutLineEnd(record []byte) string {
	return strings.TrimSuffix(strings.TrimSuffix(string(record), "\n"), "\r")
}

// Close closes the file.
func (l *contactLines) Close() error { return l.file.Close() }
