package embedded

import (
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
)

// removedMark marks the record that removes a message, and erasedMark one whose content was erased.
const (
	removedMark = 1 << 62
	erasedMark  = 1 << 63
)

// erase overwrites the messages that were removed, in a store that no server has open. The server leaves them in their block
// until it is full and rewritten: text and numbers of settled entries would stay readable.
func erase(path string) error {
	streams := filepath.Join(path, filepath.FromSlash(streamsFolder))
	return eachFolder(streams, func(stream string) error {
		e := &eraser{folder: filepath.Join(streams, stream, "msgs"), stream: stream, removed: make(map[uint64]bool)}
		var meta struct {
			MaxMsgsPer int64 `json:"max_msgs_per_subject"`
		}
		content, err := readFile(filepath.Join(streams, stream, "meta.inf"))
		if err != nil || json.Unmarshal(content, &meta) != nil {
			return nil //nolint:nilerr // The server does not know the stream either.
		}
		if meta.MaxMsgsPer == 1 {
			e.last = make(map[string]uint64)
		}
		if err := e.eachBlock(e.collect); err != nil {
			return err
		}
		return e.eachBlock(e.rewrite)
	})
}

// eraser erases the removed messages of a stream.
type eraser struct {
	folder, stream string
	removed        map[uint64]bool
	last           map[string]uint64 // the number of the last message by subject, if a stream keeps one of each
}

func (e *eraser) eachBlock(do func(name string, block []byte, reader *blockReader) error) error {
	entries, err := os.ReadDir(e.folder)
	if err != nil {
		return nil //nolint:nilerr // A stream without messages.
	}
	for _, entry := range entries {
		index, ok := blockIndex(entry.Name())
		if !ok {
			continue
		}
		name := filepath.Join(e.folder, entry.Name())
		block, err := readFile(name)
		if err != nil {
			return err
		}
		reader, err := newBlockReader(e.stream, index)
		if err != nil {
			return err
		}
		if err := do(name, block, reader); err != nil {
			return err
		}
	}
	return nil
}

// collect finds out which messages were removed.
func (e *eraser) collect(_ string, block []byte, reader *blockReader) error {
	for at := 0; at < len(block); {
		size := reader.record(block[at:])
		if size == 0 {
			return nil
		}
		number := binary.LittleEndian.Uint64(block[at+4:])
		if number&removedMark != 0 {
			e.removed[number&^removedMark] = true
		} else if e.last != nil {
			subject := subjectOf(block[at:])
			e.last[subject] = max(e.last[subject], number&^uint64(erasedMark))
		}
		at += size
	}
	return nil
}

// rewrite replaces a block if it has messages to erase.
func (e *eraser) rewrite(name string, block []byte, reader *blockReader) error {
	changed := false
	for at := 0; at < len(block); {
		size := reader.record(block[at:])
		if size == 0 {
			break
		}
		record := block[at : at+size]
		if number := binary.LittleEndian.Uint64(record[4:]); number&sequenceMarks == 0 && (e.removed[number] || e.last[subjectOf(record)] > number) {
			reader.erase(record)
			changed = true
		}
		at += size
	}
	if !changed {
		return nil
	}
	return replaceFile(name, block)
}

func subjectOf(record []byte) string {
	return string(record[recordHead : recordHead+int(binary.LittleEndian.Uint16(record[20:]))])
}

// erase turns a record into one of the same length without content.
func (r *blockReader) erase(record []byte) {
	sumAt := len(record) - recordSum
	binary.LittleEndian.PutUint32(record, uint32(len(record))) //nolint:gosec // At most recordMost.
	binary.LittleEndian.PutUint64(record[4:], binary.LittleEndian.Uint64(record[4:])|erasedMark)
	clear(record[12:sumAt])
	r.hash.Reset()
	_, _ = r.hash.Write(record[4:20])
	_, _ = r.hash.Write(record[recordHead:sumAt])
	copy(record[sumAt:], r.hash.Sum(nil))
}
