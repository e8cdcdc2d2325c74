package command

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// recorder appends records to a file. It is safe for concurrent use.
type recorder struct {
	mu   sync.Mutex
	file *os.File
	torn bool // whether the last line has no end
}

// newRecorder opens a file that only its owner can read, or creates it.
func newRecorder(path string) (*recorder, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600) //nolint:gosec // The operator names the file.
	if err != nil {
		return nil, err
	}
	torn, err := lacksNewline(file)
	if err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &recorder{file: file, torn: torn}, nil
}

// lacksNewline reports whether the last line of a file was cut off, as by a process that was killed.
func lacksNewline(file *os.File) (bool, error) {
	info, err := file.Stat()
	if err != nil || info.Size() == 0 || !info.Mode().IsRegular() {
		return false, err
	}
	last := make([]byte, 1)
	_, err = file.ReadAt(last, info.Size()-1)
	return last[0] != '\n', err
}

// add appends a record in one write.
func (r *recorder) add(one record) error {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(one); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	content := line.Bytes()
	if r.torn {
		content = append([]byte("\n"), content...)
	}
	n, err := r.file.Write(content)
	if n == len(content) {
		r.torn = false
		return nil
	}
	if n > 0 && !r.cut(n) {
		r.torn = true
	}
	return cmp.Or(err, io.ErrShortWrite)
}

// cut removes the last bytes of the file, those of a record that did not fit, and reports whether it could.
func (r *recorder) cut(bytes int) bool {
	info, err := r.file.Stat()
	return err == nil && info.Mode().IsRegular() && r.file.Truncate(info.Size()-int64(bytes)) == nil
}

// close writes the file to the disk. A file that is not on a disk, such as a pipe, cannot be synced.
func (r *recorder) close() error {
	info, err := r.file.Stat()
	if err == nil && info.Mode().IsRegular() {
		err = r.file.Sync()
	}
	return errors.Join(err, r.file.Close())
}
