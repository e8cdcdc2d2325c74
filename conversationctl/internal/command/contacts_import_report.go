package command

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/internal/console"
)

// importCounts is the result of an import.
type importCounts struct {
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	Failed    int `json:"failed"`
}

func (c *importCounts) add(line *contactLine, action conversation.UpsertAction) {
	switch {
	case line.problem != "":
		c.Failed++
	case action == conversation.UpsertCreated:
		c.Created++
	case action == conversation.UpsertUpdated:
		c.Updated++
	default:
		c.Unchanged++
	}
}

// failedLine is a line of the file of failed lines, and of the result of a dry run.
type failedLine struct {
	Line   int64  `json:"line"`
	Reason string `json:"reason"`
	Input  string `json:"input,omitempty"`
}

// saveInterval is how much work a kill can undo: what is done again changes nothing, and counts as unchanged.
const saveInterval = 200 * time.Millisecond

// importReport records the outcome of each line. Its methods are called in the order of the lines.
type importReport struct {
	p           *program
	journal     *importJournal
	journalPath string // empty for a dry run
	failedPath  string
	failed      *os.File // nil before the first failed line
	saved       time.Time
	dryRun      *console.Table // of failed lines; nil for an import
	progress    *console.Progress
}

func newImportReport(i *contactsImport, project string, lines *contactLines) (*importReport, error) {
	report := &importReport{p: i.p, journal: &importJournal{}}
	if i.dryRun {
		report.dryRun = i.p.NewTable("LINE", "REASON")
		report.progress = &console.Progress{}
		return report, nil
	}
	report.journalPath, report.failedPath = i.journal, i.failed
	var err error
	if report.journal, err = openImportJournal(i.journal, i.failed, project, lines); err != nil {
		return nil, err
	}
	if !exists(i.failed) {
		report.journal.FailedSize = 0
	} else if report.failed, err = openFailed(i.failed, report.journal.FailedSize); err != nil {
		return nil, err
	}
	report.progress = i.p.NewProgress(report.journal.Size, "Importing", "bytes")
	report.progress.Add(int(report.journal.Offset))
	return report, nil
}

// add records that a line was imported, or failed.
func (r *importReport) add(line *contactLine, action conversation.UpsertAction) error {
	if line.problem != "" {
		if err := r.addFailed(failedLine{line.number, line.problem, line.text}); err != nil {
			return err
		}
	}
	r.journal.add(line, action)
	r.progress.Add(int(line.end - r.journal.Offset))
	r.journal.Offset, r.journal.Line = line.end, line.last
	if time.Since(r.saved) < saveInterval {
		return nil
	}
	return r.save()
}

func (r *importReport) addFailed(line failedLine) error {
	if r.dryRun != nil {
		line.Input = ""
		if r.p.JSON {
			return r.p.PrintJSONLine(line)
		}
		return r.dryRun.Row(strconv.FormatInt(line.Line, 10), line.Reason)
	}
	if r.failed == nil {
		var err error
		if r.failed, err = openFailed(r.failedPath, 0); err != nil {
			return err
		}
	}
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(line); err != nil {
		return err
	}
	n, err := r.failed.Write(encoded.Bytes())
	r.journal.FailedSize += int64(n)
	return err
}

// save writes the journal, after the failed lines that it counts.
func (r *importReport) save() error {
	if r.dryRun != nil {
		return nil
	}
	if r.failed != nil {
		if err := r.failed.Sync(); err != nil {
			return err
		}
	}
	r.saved = time.Now()
	return saveJournal(r.journalPath, r.journal)
}

// close ends the report of a run, and returns the error of the command. The argument is why the run stopped before the end of
// the file; nil at the end.
func (r *importReport) close(stopped error) error {
	r.progress.Close()
	if r.failed != nil {
		defer r.failed.Close() //nolint:errcheck // It is synced.
	}
	if r.dryRun != nil {
		return r.closeDryRun(stopped)
	}
	if err := r.save(); err != nil || stopped != nil {
		return fmt.Errorf("stopped after line %d: %w (run the same command again to go on)", r.journal.Line, errors.Join(stopped, err))
	}
	if err := os.Remove(r.journalPath); err != nil {
		return err
	}
	if err := r.print(); err != nil {
		return err
	}
	if r.journal.Failed > 0 {
		return fmt.Errorf("%s failed: see %s", counted(r.journal.Failed, "line"), r.failedPath)
	}
	return nil
}

func (r *importReport) print() error {
	counts := r.journal.importCounts
	if r.p.JSON {
		return r.p.PrintJSON(counts)
	}
	table := r.p.NewTable("CREATED", "UPDATED", "UNCHANGED", "FAILED")
	if err := table.Row(strconv.Itoa(counts.Created), strconv.Itoa(counts.Updated), strconv.Itoa(counts.Unchanged), strconv.Itoa(counts.Failed)); err != nil {
		return err
	}
	return table.Close()
}

func (r *importReport) closeDryRun(stopped error) error {
	if !r.p.JSON && r.journal.Failed > 0 {
		stopped = errors.Join(stopped, r.dryRun.Close())
	}
	switch {
	case stopped != nil:
		return stopped
	case r.journal.Failed > 0:
		return fmt.Errorf("%d of %d lines would fail", r.journal.Failed, r.journal.Failed+r.journal.Created)
	}
	r.p.Note("All %d lines can be sent.", r.journal.Created)
	return nil
}
