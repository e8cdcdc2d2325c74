package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

const (
	// lockFile is locked as long as a process has the folder open. The lock ends with the process, even if it crashes;
	// the file stays.
	lockFile = "engine.lock"
	// lockTime is how long to wait for another process to release the folder, for example one that is being replaced.
	lockTime = 2 * time.Second
	lockTry  = 20 * time.Millisecond
)

// absolutePath returns the absolute path, which stays valid if the process changes its directory.
func absolutePath(operation, path string) (string, error) {
	if path == "" {
		return "", argumentError(operation, "path", "is empty: name the folder of the engine")
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("%s: %s: %w", operation, path, err)
	}
	return absolute, nil
}

// lockFolder creates the folder and locks it.
func lockFolder(ctx context.Context, path string) (*flock.Flock, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, folderError(path, err)
	}
	lock := flock.New(filepath.Join(path, lockFile), flock.SetPermissions(0o600))
	waiting, stop := context.WithTimeout(ctx, lockTime)
	defer stop()
	held, err := lock.TryLockContext(waiting, lockTry)
	switch {
	case ctx.Err() != nil:
		return nil, errors.Join(ctx.Err(), lock.Close())
	case err != nil && waiting.Err() == nil:
		return nil, errors.Join(folderError(path, err), lock.Close())
	case !held:
		return nil, errors.Join(fmt.Errorf("%w: %s: open it with embedded.WithListen(\"127.0.0.1:0\") there, and use embedded.Attach "+
			"with the same path here", ErrInUse, path), lock.Close())
	}
	// A crashed process may have left it behind.
	if err := os.Remove(filepath.Join(path, addressFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, errors.Join(folderError(path, err), lock.Close())
	}
	return lock, nil
}

// isLocked reports whether a process has the folder open.
func isLocked(path string) bool {
	name := filepath.Join(path, lockFile)
	if _, err := os.Stat(name); err != nil {
		return false
	}
	lock := flock.New(name)
	defer func() { _ = lock.Close() }()
	free, err := lock.TryRLock()
	return err != nil || !free
}

func folderError(path string, err error) error {
	info, statErr := os.Stat(path)
	switch {
	case statErr == nil && !info.IsDir():
		return fmt.Errorf("embedded: Dir: %s is a file: name a folder", path)
	case errors.Is(err, os.ErrPermission):
		return fmt.Errorf("embedded: Dir: %s is not writable: change its permissions, or name another folder: %w", path, err)
	}
	return fmt.Errorf("embedded: Dir: %s cannot be used: %w", path, err)
}
