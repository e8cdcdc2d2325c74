package command

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
)

// importJournal is the position of an import. Each line before it is done, and none after it counts as done: a line that was
// imported after the journal was saved is imported again, which changes nothing.
type importJournal struct {
	importSource
	importCounts
	Offset     int64 `json:"offset"` // in bytes, of the first line that is not done
	Line       int64 `json:"line"`   // number of lines before it
	FailedSize int64 `json:"failed_size"`
}

// importSource is what must not change during an import.
type importSource struct {
	Project  string        `json:"project_id"`
	Format   contactFormat `json:"format"`
	Size     int64         `json:"size"`
	Modified int64         `json:"modified"`    // in nanoseconds since 1970
	Head     string        `json:"head_sha256"` // of the first headBytes
}

const headBytes = 64 << 10

func sourceOf(file *os.File, format contactFormat, project string) (importSource, error) {
	info, err := file.Stat()
	if err != nil {
		return importSource{}, err
	}
	head := sha256.New()
	if _, err := io.Copy(head, io.NewSectionReader(file, 0, headBytes)); err != nil {
		return importSource{}, err
	}
	return importSource{
		Project: project, Format: format, Size: info.Size(), Modified: info.ModTime().UnixNano(), Head: hex.EncodeToString(head.Sum(nil)),
	}, nil
}

// openImportJournal returns the journal of an earlier run, and moves lines to its position. Without one it begins a journal.
func openImportJournal(path, failedPath, project string, lines *contactLines) (*importJournal, error) {
	source, err := sourceOf(lines.file, lines.format, project)
	if err != nil {
		return nil, err
	}
	var journal importJournal
	found, err := loadJournal(path, &journal)
	switch {
	case err != nil:
		return nil, err
	case !found && exists(failedPath):
		return nil, usageError("--failed: %s exists from an earlier import: remove it, or name another file", failedPath)
	case !found:
		journal = importJournal{importSource: source, Offset: lines.offset, Line: lines.number}
		if err := saveJournal(path, &journal); err != nil {
			return nil, usageError("--journal: %w", err)
		}
		return &journal, nil
	case journal.importSource != source:
		return nil, usageError("FILE: %s is not as it was when %s was written, or was imported in another format or to another project: "+
			"remove the journal and the file of --failed to import it from the start, which changes no contact twice", lines.file.Name(), path)
	}
	if !lines.startsAt(journal.Offset) || journal.Line < 0 || journal.FailedSize < 0 {
		return nil, usageError("--journal: %s was changed, so the position is unknown: remove it and the file of --failed to import FILE from the start, "+
			"which changes no contact twice", path)
	}
	return &journal, lines.seek(journal.Offset, journal.Line)
}

// openFailed opens the file of failed lines, and cuts off what was written after the journal.
func openFailed(path string, size int64) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600) //nolint:gosec // The path is the user's.
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && info.Size() > size {
		err = file.Truncate(size)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}
