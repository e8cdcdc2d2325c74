package command

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
)

// saveJournal replaces a journal. After a crash the file is the old journal or the new one, never a part.
func saveJournal(path string, journal any) error {
	content, err := json.Marshal(journal)
	if err != nil {
		return err
	}
	replacement := path + ".new"
	if err := writeSynced(replacement, content); err != nil {
		return err
	}
	return os.Rename(replacement, path)
}

func writeSynced(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // The path is the user's.
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Sync(), file.Close())
}

// loadJournal decodes a journal, and reports whether there is one.
func loadJournal(path string, journal any) (found bool, err error) {
	content, err := os.ReadFile(path) //nolint:gosec // The path is the user's.
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal(content, journal); err != nil {
		return true, usageError("%s is not a journal of this command: remove it to begin anew", path)
	}
	return true, nil
}

// exists reports whether there is a file at a path. A path that cannot be examined counts as taken.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
