package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
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
	file *os.File

	mu      sync.Mutex
	waiting *probe // begins when the one in progress has ended; nil if nobody waits
	running bool
	failed  error // that the engine reported; nil if it works
	writes  uint64
}

// probe is one write and sync.
type probe struct {
	done chan struct{}
	err  error
}

func newProber(path string) (*prober, error) {
	file, err := openFile(filepath.Join(path, probeFile), os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, folderError(path, err)
	}
	p := &prober{file: file}
	if err := p.write(); err != nil {
		_ = file.Close()
		return nil, folderError(path, err)
	}
	return p, nil
}

// confirm returns nil if everything that was acknowledged before the call is on the disk.
func (p *prober) confirm(ctx context.Context) error {
	next, err := p.join()
	if err != nil {
		return err
	}
	select {
	case <-next.done:
		return next.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// join returns the next probe, which has not begun.
func (p *prober) join() (*probe, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failed != nil {
		return nil, p.failed
	}
	if p.waiting == nil {
		p.waiting = &probe{done: make(chan struct{})}
	}
	if !p.running {
		p.running = true
		go p.run()
	}
	return p.waiting, nil
}

// run probes as long as somebody waits.
func (p *prober) run() {
	for {
		p.mu.Lock()
		next := p.waiting
		p.waiting = nil
		if next == nil {
			p.running = false
			p.mu.Unlock()
			return
		}
		p.mu.Unlock()
		err := p.write()
		p.mu.Lock()
		if next.err = err; err == nil {
			next.err = p.failed // the engine noticed first
		}
		p.mu.Unlock()
		close(next.done)
	}
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
