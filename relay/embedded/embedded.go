// Package embedded runs the engine of a relay in the process, with its files in a folder. It links the NATS server, which
// those with a cluster do not need.
//
// [Dir] opens the folder, and holds it until the relay is closed: one process at a time. With [WithListen] further processes
// of the same user reach the engine in that process: they open [Attach] with the same folder.
//
// What the engine has acknowledged is on the disk. Neither a process that is killed nor a power cut loses it, unless
// [WithSyncEvery] asks for less.
package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/internal/option"
)

const (
	// startTime is how long the server may take to accept connections, once it has read its files.
	startTime = 30 * time.Second
	// drainTime is how long Close waits for what is under way on the connection.
	drainTime = 10 * time.Second
	// reconnectWait is the pause between two tries to connect again.
	reconnectWait = 100 * time.Millisecond
	// maxPayload is the largest message, in bytes: a callback may have a body of 1 MiB, and then come its headers.
	maxPayload = 2 << 20
)

// ErrNotRunning is the error of [Attach] when no process has the folder open with [WithListen].
var ErrNotRunning = errors.New("embedded: no process has the folder open with WithListen")

// ErrInUse is the error of [Dir] when another relay has the folder open.
var ErrInUse = errors.New("embedded: the folder is already open, in another process or in this one")

type dir struct {
	path string
	opts []Option
}

// Dir runs the engine in this process, with its files under path, which is made if need be. The folder belongs to this
// relay until it is closed: another that opens it gets [ErrInUse] after two seconds. Keep the folder on a disk of this
// machine, not on a network drive.
//
// The files hold messages and callbacks as they are. A folder that is made here can be read by its owner only.
func Dir(path string, opts ...Option) relay.Source { return dir{path, opts} }

// Connect starts the server.
func (d dir) Connect(ctx context.Context) (*relay.Engine, error) {
	chosen, err := option.Apply(opDir, defaultSettings(), d.opts)
	if err != nil {
		return nil, err
	}
	path, err := absolutePath(opDir, d.path)
	if err != nil {
		return nil, err
	}
	held, err := lockFolder(ctx, path)
	if err != nil {
		return nil, err
	}
	engine, err := start(path, chosen)
	if err != nil {
		return nil, errors.Join(err, held.Close())
	}
	nc, err := connect(engine, chosen.token)
	if err == nil {
		err = writeAddress(path, engine, chosen)
	}
	if err != nil {
		stop(engine, nc)
		return nil, errors.Join(fmt.Errorf("embedded: Dir: %s: %w", path, err), held.Close())
	}
	var once sync.Once
	return &relay.Engine{Conn: nc, Replicas: 1, Close: func() {
		once.Do(func() {
			_ = os.Remove(filepath.Join(path, addressFile))
			stop(engine, nc)
			_ = held.Close()
		})
	}}, nil
}

// start runs the server until it takes connections.
func start(path string, chosen settings) (*server.Server, error) {
	// The server makes its own folder under StoreDir, named jetstream.
	engine, err := server.NewServer(&server.Options{
		ServerName: "relay", JetStream: true, StoreDir: path, SyncAlways: chosen.syncEvery == 0, SyncInterval: chosen.syncEvery,
		JetStreamMaxStore: cmp.Or(chosen.maxBytes, -1), MaxPayload: maxPayload,
		DontListen: chosen.host == "", Host: chosen.host, Port: chosen.port, Authorization: chosen.token,
		NoSigs: true, NoLog: true, DisableJetStreamBanner: true,
	})
	if err != nil {
		return nil, fmt.Errorf("embedded: Dir: %s: %w", path, err)
	}
	log := &serverLog{to: chosen.logger}
	engine.SetLoggerV2(log, false, false, false)
	engine.Start()
	if problem := log.fatal(); problem != "" {
		err = fmt.Errorf("embedded: Dir: %s: the server did not start: %s", path, problem)
	} else if !engine.ReadyForConnections(startTime) {
		err = fmt.Errorf("embedded: Dir: %s: the server takes no connections after %s", path, startTime)
	}
	if err != nil {
		stop(engine, nil)
		return nil, err
	}
	return engine, nil
}

func connect(engine *server.Server, token string) (*nats.Conn, error) {
	return nats.Connect("", append(connectOptions(), nats.InProcessServer(engine), nats.Token(token))...)
}

// connectOptions are the options of every connection: it comes back as long as it is open.
func connectOptions() []nats.Option {
	return []nats.Option{
		nats.MaxReconnects(-1), nats.ReconnectWait(reconnectWait), nats.IgnoreAuthErrorAbort(), nats.IgnoreDiscoveredServers(),
		nats.DrainTimeout(drainTime), nats.Name("relay"),
	}
}

// stop ends the connection, which may be nil, and the server when its files are written.
func stop(engine *server.Server, nc *nats.Conn) {
	if nc != nil {
		drain(nc)
	}
	engine.Shutdown()
	engine.WaitForShutdown()
}

// drain ends a connection when what is under way on it has ended.
func drain(nc *nats.Conn) {
	closed := make(chan struct{})
	nc.SetClosedHandler(func(*nats.Conn) { close(closed) })
	if err := nc.Drain(); err != nil { // such as one that is not connected
		nc.Close()
		return
	}
	select {
	case <-closed:
	case <-time.After(drainTime + time.Second):
		nc.Close()
	}
}
