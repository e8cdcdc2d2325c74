package embedded

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	// sumsFile has the checksum of each file of the store. It exists between a clean end and the next start.
	sumsFile = "engine.sums"
	// storeFolder is the folder that the server creates.
	storeFolder = "jetstream"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// writeSums writes the checksums of a store that the server has closed.
func writeSums(path string) error {
	sums := make(map[string]uint32)
	err := filepath.WalkDir(filepath.Join(path, storeFolder), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return errors.Join(err, syncFolder(name))
		}
		data, err := readSynced(name)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(path, name)
		sums[filepath.ToSlash(relative)] = crc32.Checksum(data, castagnoli)
		return err
	})
	if err != nil {
		return err
	}
	return writeSumsOf(path, sums)
}

// readSynced returns the content of a file, which it has written to the disk.
func readSynced(name string) ([]byte, error) {
	file, err := openFile(name, os.O_RDWR)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	if err := file.Sync(); err != nil {
		return nil, err
	}
	return io.ReadAll(file)
}

func writeSumsOf(path string, sums map[string]uint32) error {
	var content bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		fmt.Fprintf(&content, "%08x %q\n", sums[name], name)
	}
	fmt.Fprintf(&content, "%08x\n", crc32.Checksum(content.Bytes(), castagnoli))
	return replaceFile(filepath.Join(path, sumsFile), content.Bytes())
}

// takeSums returns the checksums by file, and removes them, because the server is about to change the files. It returns
// false after an unclean end.
func takeSums(path string) (map[string]uint32, bool, error) {
	name := filepath.Join(path, sumsFile)
	content, err := readFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, false, nil
	}
	if err == nil {
		err = os.Remove(name)
	}
	if err == nil {
		err = syncFolder(path)
	}
	if err != nil {
		return nil, false, err
	}
	sums, ok := parseSums(content)
	return sums, ok, nil
}

func parseSums(content []byte) (map[string]uint32, bool) {
	const last = 9 // the checksum of the file itself
	if len(content) < last || fmt.Sprintf("%08x\n", crc32.Checksum(content[:len(content)-last], castagnoli)) != string(content[len(content)-last:]) {
		return nil, false
	}
	sums := make(map[string]uint32)
	for line := range strings.Lines(string(content[:len(content)-last])) {
		var sum uint32
		var name string
		if _, err := fmt.Sscanf(line, "%x %q\n", &sum, &name); err != nil {
			return nil, false
		}
		sums[name] = sum
	}
	return sums, true
}

// replaceFile writes a file so that it has its old or its new content after a power cut.
func replaceFile(name string, content []byte) error {
	temporary := name + ".new"
	file, err := openFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(temporary, name); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(name))
}

// readFile reads a file of the folder of the engine.
func readFile(name string) ([]byte, error) {
	return os.ReadFile(name) //nolint:gosec // The caller names the folder.
}

// openFile opens a file of the folder of the engine.
func openFile(name string, flag int) (*os.File, error) {
	return os.OpenFile(name, flag, 0o600) //nolint:gosec // The caller names the folder.
}

// syncFolder writes the names of the files in a folder to the disk, where the system can do that.
func syncFolder(path string) error {
	folder, err := openFile(path, os.O_RDONLY)
	if err != nil {
		return err
	}
	_ = folder.Sync() // Windows does not sync folders.
	return folder.Close()
}
