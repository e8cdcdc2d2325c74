package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// roomTry is the interval between two looks whether a full disk has room again.
	roomTry = 500 * time.Millisecond
	// roomBytes is the room that a full disk must have before the server is restarted.
	roomBytes = 1 << 20
	// roomFile is written to find out.
	roomFile = "engine.room"
)

var errFull = errors.New("embedded: the disk of the engine is full, no space left: free some, and the engine goes on by itself")

// host runs the server in a folder. When the disk is full, it waits for room and restarts the server, which cannot write
// again before that.
type host struct {
	path   string
	chosen settings
	lock   *flock.Flock
	probe  *prober

	flusher *flusher

	ending chan struct{} // closed by close
	full   chan struct{} // receives when the disk is full
	group  sync.WaitGroup

	mu     sync.Mutex
	engine *server.Server // nil while it is restarted
}

// open starts the server.
func (h *host) open() error {
	probe, err := newProber(h.path)
	if err != nil {
		return err
	}
	if err := checkStore(h.path, h.chosen); err != nil {
		probe.close()
		return err
	}
	h.probe, h.ending, h.full = probe, make(chan struct{}), make(chan struct{}, 1)
	h.flusher = newFlusher(h.path, probe)
	if err := h.start(); err != nil {
		probe.close()
		return err
	}
	h.group.Go(h.watch)
	return nil
}

func (h *host) start() error {
	engine, err := start(h.path, h.chosen, &serverLog{to: h.chosen.logger, failed: h.failed})
	if err != nil {
		return err
	}
	err = h.removeLeftovers(engine)
	if err == nil {
		err = writeAddress(h.path, engine, h.chosen)
	}
	if err != nil {
		shutDown(engine)
		return fmt.Errorf("embedded: Dir: %s: %w", h.path, err)
	}
	h.mu.Lock()
	h.engine = engine
	h.mu.Unlock()
	return nil
}

// removeLeftovers removes what a power cut leaves behind, before others use the server.
func (h *host) removeLeftovers(engine *server.Server) error {
	nc, err := nats.Connect("", nats.InProcessServer(engine), nats.Token(h.chosen.token))
	if err != nil {
		return err
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	known := make(map[string]bool)
	found := js.StreamNames(ctx)
	for name := range found.Name() {
		stream, err := js.Stream(ctx, name)
		if err != nil {
			return err
		}
		consumers := stream.ConsumerNames(ctx)
		for consumer := range consumers.Name() {
			known[filepath.Join(name, consumersFolder, consumer)] = true
		}
		if consumers.Err() != nil {
			return consumers.Err()
		}
	}
	if found.Err() != nil {
		return found.Err()
	}
	return removeLeftovers(h.path, known)
}

// InProcessConn connects to the server, also after a restart.
func (h *host) InProcessConn() (net.Conn, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.engine == nil {
		return nil, errFull
	}
	return h.engine.InProcessConn()
}

func (h *host) connect() (*nats.Conn, error) {
	return nats.Connect("", append(connectOptions(), nats.InProcessServer(h), nats.Token(h.chosen.token))...)
}

// failed is called when the server can no longer write. Nothing that it acknowledges is relied on from then on.
func (h *host) failed(problem string) {
	if !strings.Contains(problem, syscall.ENOSPC.Error()) {
		// A failed sync may have left holes in the files that are not visible before the next start, so do not go on.
		h.probe.fail(fmt.Errorf("embedded: the disk of the engine fails: check it, and restart the process: %s", problem))
		return
	}
	h.probe.fail(errFull)
	select {
	case h.full <- struct{}{}:
	default:
	}
}

// watch restarts the server each time after the disk was full.
func (h *host) watch() {
	for {
		select {
		case <-h.ending:
			return
		case <-h.full:
		}
		h.chosen.logger.LogAttrs(context.Background(), slog.LevelError, "The disk of the engine is full: no space left. Nothing is stored or sent until there is room.")
		if !h.awaitRoom() {
			return
		}
	}
}

// awaitRoom waits for room, and restarts the server. It reports false when the host is closed.
func (h *host) awaitRoom() bool {
	ticker := time.NewTicker(roomTry)
	defer ticker.Stop()
	for {
		if h.hasRoom() {
			err := h.restart()
			if err == nil {
				h.chosen.logger.LogAttrs(context.Background(), slog.LevelInfo, "The disk of the engine has room again.")
				return true
			}
			h.chosen.logger.LogAttrs(context.Background(), slog.LevelError, "The engine cannot be restarted: trying again.", slog.String("error", err.Error()))
		}
		select {
		case <-ticker.C:
		case <-h.ending:
			return false
		}
	}
}

// hasRoom reports whether the disk has room.
func (h *host) hasRoom() bool {
	name := filepath.Join(h.path, roomFile)
	file, err := openFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return false
	}
	_, err = file.Write(make([]byte, roomBytes))
	err = errors.Join(err, file.Sync(), file.Close())
	return errors.Join(err, os.Remove(name)) == nil
}

// restart replaces the server.
func (h *host) restart() error {
	h.mu.Lock()
	before := h.engine
	h.engine = nil
	h.mu.Unlock()
	if before != nil {
		shutDown(before)
	}
	select {
	case <-h.full: // of the server before
	default:
	}
	h.probe.fail(nil)
	h.flusher.reset()
	err := h.start()
	if err != nil {
		h.probe.fail(errFull)
	}
	return err
}

// close stops the server and unlocks the folder.
func (h *host) close(nc *nats.Conn) {
	_ = os.Remove(filepath.Join(h.path, addressFile))
	if nc != nil {
		drain(nc)
	}
	close(h.ending)
	h.group.Wait()
	if h.engine != nil {
		shutDown(h.engine)
		if h.probe.failure() == nil {
			err := erase(h.path)
			if err == nil {
				err = writeSums(h.path)
			}
			if err != nil {
				h.chosen.logger.LogAttrs(context.Background(), slog.LevelWarn, "The store was closed, but removed messages may be readable.", slog.String("error", err.Error()))
			}
		}
	}
	h.probe.close()
	_ = h.lock.Close()
}
