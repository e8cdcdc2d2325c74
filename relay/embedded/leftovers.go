package embedded

import (
	"errors"
	"os"
	"path/filepath"
)

// Folders of the server.
const (
	streamsFolder   = "jetstream/$G/streams"
	consumersFolder = "obs"
)

// removeLeftovers removes the positions of consumers that the server does not know, because a power cut came before their
// descriptions were on the disk. A new consumer of the same name would go on at the old position, and skip what was stored
// since. known has the paths of the others.
func removeLeftovers(path string, known map[string]bool) error {
	streams := filepath.Join(path, filepath.FromSlash(streamsFolder))
	return eachFolder(streams, func(stream string) error {
		return eachFolder(filepath.Join(streams, stream, consumersFolder), func(consumer string) error {
			relative := filepath.Join(stream, consumersFolder, consumer)
			if known[relative] {
				return nil
			}
			return os.RemoveAll(filepath.Join(streams, relative))
		})
	})
}

// eachFolder calls do with the name of each folder in a folder, which need not exist.
func eachFolder(path string, do func(name string) error) error {
	entries, err := os.ReadDir(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		if err := do(entry.Name()); err != nil {
			return err
		}
	}
	return nil
}
