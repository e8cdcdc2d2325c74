package command

import (
	"os"

	"github.com/gofrs/flock"
)

// lockFile keeps other exports and imports away from a file until unlock is called, or the process ends. The name is that of
// its flag or argument.
func lockFile(name, path string) (unlock func(), err error) {
	lock := flock.New(path, flock.SetFlag(os.O_RDONLY))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, usageError("%s: %s cannot be locked: %w", name, path, err)
	}
	if !locked {
		return nil, usageError("%s: %s is in use by another export or import: wait for its end", name, path)
	}
	return func() { _ = lock.Unlock() }, nil // The end of the process unlocks it, too.
}
