package command

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/sinchgo/conversation"
)

// exportState is the position of an export, and what it exports. It is kept in a file until the export is complete.
type exportState struct {
	Project    string               `json:"project_id"`
	Format     contactFormat        `json:"format"`
	ExternalID string               `json:"external_id,omitempty"`
	Channel    conversation.Channel `json:"channel,omitempty"`
	Identity   string               `json:"identity,omitempty"`

	PageToken string `json:"page_token"` // of the page to write next
	Offset    int64  `json:"offset"`     // in bytes, of that page in the file
	Contacts  int    `json:"contacts"`   // in the file before it
}

// exportTarget is where an export writes: a file with a state beside it, or stdout.
type exportTarget struct {
	to     io.Writer
	file   *os.File // nil for stdout
	unlock func()   // of file
	state  exportState
}

func statePath(out string) string { return out + ".state" }

// startExport creates the file of an export. It writes the state first, so that a file without one is complete.
func startExport(out string, state exportState) (*exportTarget, error) {
	if exists(out) {
		if exists(statePath(out)) {
			return nil, usageError("--out: %s has a part of an export: add --resume to go on with it, or name another file", out)
		}
		return nil, usageError("--out: %s exists: name another file", out)
	}
	if err := saveJournal(statePath(out), state); err != nil {
		return nil, usageError("--out: %w", err)
	}
	return openExport(out, state)
}

// resumeExport opens the file of an export that did not end, and cuts off what was written after the state.
func resumeExport(out string, wanted exportState) (*exportTarget, error) {
	var state exportState
	found, err := loadJournal(statePath(out), &state)
	switch {
	case err != nil:
		return nil, err
	case !found && exists(out):
		return nil, usageError("--resume: there is no %s: %s is complete, or was not written by this command", statePath(out), out)
	case !found:
		return startExport(out, wanted)
	}
	same := state
	same.PageToken, same.Offset, same.Contacts = "", 0, 0
	if same != wanted {
		return nil, usageError("--resume: %s is of an export from another project, in another format or with other filters: pass those, or name another file", statePath(out))
	}
	return openExport(out, state)
}

func openExport(out string, state exportState) (*exportTarget, error) {
	file, err := os.OpenFile(out, os.O_WRONLY|os.O_CREATE, 0o600) //nolint:gosec // The path is the user's.
	if err != nil {
		return nil, err
	}
	unlock, err := lockFile("--out", out)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	target := &exportTarget{to: file, file: file, unlock: unlock, state: state}
	if err := target.seek(); err != nil {
		unlock()
		return nil, errors.Join(err, file.Close())
	}
	return target, nil
}

// seek cuts the file off at the offset of the state.
func (t *exportTarget) seek() error {
	info, err := t.file.Stat()
	if err != nil {
		return err
	}
	if info.Size() < t.state.Offset {
		return usageError("--resume: %s is shorter than %s describes: remove both to begin anew", t.file.Name(), statePath(t.file.Name()))
	}
	if err := t.file.Truncate(t.state.Offset); err != nil {
		return err
	}
	_, err = t.file.Seek(t.state.Offset, io.SeekStart)
	return err
}

// write writes a page and then the state after it. The last page has no such state: complete follows.
func (t *exportTarget) write(page *conversation.Page[conversation.Contact]) error {
	encoded, err := encodeContacts(t.state.Format, page.Items, t.state.Offset == 0)
	if err != nil {
		return err
	}
	if _, err := t.to.Write(encoded); err != nil {
		return err
	}
	t.state.Offset += int64(len(encoded))
	t.state.Contacts += len(page.Items)
	t.state.PageToken = page.NextPageToken
	if t.file == nil || !page.HasNext() {
		return nil
	}
	if err := t.file.Sync(); err != nil {
		return err
	}
	return saveJournal(statePath(t.file.Name()), t.state)
}

// complete removes the state.
func (t *exportTarget) complete() error {
	if err := t.file.Sync(); err != nil {
		return err
	}
	return os.Remove(statePath(t.file.Name()))
}

// stopped adds to an error how to go on. A file without contacts is removed.
func (t *exportTarget) stopped(err error) error {
	switch {
	case t.file == nil:
		return err
	case t.state.Offset == 0:
		return errors.Join(err, os.Remove(t.file.Name()), os.Remove(statePath(t.file.Name())))
	}
	return fmt.Errorf("%w (%s has a part of the contacts: run the command again with --resume)", err, t.file.Name())
}

// Close closes the file.
func (t *exportTarget) Close() error {
	if t.file == nil {
		return nil
	}
	t.unlock()
	return t.file.Close()
}

// encodeContacts encodes contacts as lines of a file. The first line of a file in CSV is the header.
func encodeContacts(format contactFormat, contacts []conversation.Contact, first bool) ([]byte, error) {
	var lines bytes.Buffer
	if format == formatJSONL {
		encoder := json.NewEncoder(&lines)
		encoder.SetEscapeHTML(false)
		for i := range contacts {
			if err := encoder.Encode(&contacts[i]); err != nil {
				return nil, err
			}
		}
		return lines.Bytes(), nil
	}
	table := csv.NewWriter(&lines)
	if first {
		_ = table.Write(contactColumns) // Error returns it.
	}
	for i := range contacts {
		_ = table.Write(contactCells(&contacts[i])) // As above.
	}
	table.Flush()
	return lines.Bytes(), table.Error()
}
