package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/sinchgo/conversation/relay/internal/shared"
)

// probeFile is written and synced to learn whether the disk still works.
const probeFile = "engine.probe"

// prober confirms that what the engine acknowledged is on the disk.
//
// A sync that is in progress while a file system fails can return nil although nothing was written: when the journal of
// ext4 is aborted, a sync that waits for its transaction may find it gone, and takes that for success. A sync that begins
// after the failure never does. So an acknowledgement is proven by a write and a sync that begin after it, in the same file
// system, and succeed: the file system worked then, and so it did before.
//
// One sync confirms all acknowledgements that came before it began.
type prober struct {
	file  *os.File
	calls shared.Calls

	mu     sync.Mutex
	failed error // that the engine reported; nil if it works
	writes uint64
}

func newProber(path string) (*prober, error) {
	file, err := openFile(filepath.Join(path, probeFile), os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, folderError(path, err)
	}
	p := &prober{file: file}
	p.calls.Do = p.probe
	if err := p.write(); err != nil {
		_ = file.Close()
		return nil, folderError(path, err)
	}
	return p, nil
}

// confirm returns nil if everything that was acknowledged before the call is on the disk.
func (p *prober) confirm(ctx context.Context) error {
	if err := p.failure(); err != nil {
		return err
	}
	return p.calls.Wait(ctx)
}

// probe is one write and sync.
func (p *prober) probe(context.Context) error {
	if err := p.write(); err != nil {
		return err
	}
	return p.failure() // the engine noticed first
}

func (p *prober) write() error {
	p.writes++
	if _, err := p.file.WriteAt(fmt.Appendf(nil, "%20d\n", p.writes), 0); err != nil {
		return fmt.Errorf("embedded: the disk of the engine fails: %w", err)
	}
	if err := p.file.Sync(); err != nil {
		return fmt.Errorf("embedded: the disk of the engine fails: %w", err)
	}
	return nil
}

// fail makes every call fail. Only errFull can be taken back, with nil.
func (p *prober) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failed == nil || errors.Is(p.failed, errFull) {
		p.failed = err
	}
}

// failure returns why the engine cannot write, or nil.
func (p *prober) failure() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failed
}

func (p *prober) close() { _ = p.file.Close() }
