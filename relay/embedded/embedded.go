// Package embedded runs the engine of a relay in the process, with its files in a folder: a queue without a server to
// operate.
//
//	r, err := relay.Open(ctx, embedded.Dir("/var/lib/shop/relay"))
//	if err != nil {
//		return err
//	}
//	defer r.Close()
//
// [Dir] opens the folder and locks it until the relay is closed, so that one process at a time has it open. With
// [WithListen] further processes of the same user can use that engine: they open [Attach] with the same folder. Processes
// on several machines need a cluster, [relay.Conn], and not this package, which links the NATS server.
//
// What the engine has acknowledged is on the disk. Neither a killed process nor a power cut loses it, unless
// [WithSyncEvery] relaxes that, which requires [relay.WithWeakDurability].
package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/internal/option"
)

const (
	// startTime is how long the server may take to accept connections after it has read its files.
	startTime = 30 * time.Second
	// drainTime is how long Close waits for calls in progress on the connection.
	drainTime = 10 * time.Second
	// reconnectWait is the wait between two attempts to reconnect.
	reconnectWait = 100 * time.Millisecond
	// maxPayload is the largest message, in bytes: a callback may have a body of 1 MiB, plus its headers.
	maxPayload = 2 << 20
)

// ErrNotRunning is returned by [Attach] if no process has the folder open with [WithListen].
var ErrNotRunning = errors.New("embedded: no process has the folder open with WithListen")

// ErrInUse is returned by [Dir] if another relay has the folder open.
var ErrInUse = errors.New("embedded: the folder is already open, in another process or in this one")

type dir struct {
	path string
	opts []Option
}

// Dir runs the engine in this process, with its files in the folder path, which it creates if necessary. The folder is
// locked until the relay is closed: opening it again fails with [ErrInUse] after two seconds. Keep it on a local disk,
// not on a network drive.
//
// The files hold messages and callbacks unencrypted. A folder that Dir creates is readable by its owner only.
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
	h := &host{path: path, chosen: chosen, lock: held}
	if err := h.open(); err != nil { //nolint:contextcheck // It only logs.
		return nil, errors.Join(err, held.Close())
	}
	nc, err := h.connect()
	if err == nil {
		err = h.answerConfirms(nc) //nolint:contextcheck // Each answer has a separate context.
	}
	if err != nil {
		h.close(nc) //nolint:contextcheck // It only logs.
		return nil, fmt.Errorf("embedded: Dir: %s: %w", path, err)
	}
	var once sync.Once
	engine := &relay.Engine{
		Conn: nc, Replicas: 1, Durability: chosen.durability(),
		Close: func() { once.Do(func() { h.close(nc) }) }, //nolint:contextcheck // Closing only logs.
	}
	if chosen.syncEvery == 0 {
		engine.Confirm = h.confirm
	} else {
		engine.Flush = h.flush
	}
	return engine, nil
}

// start runs the server and waits until it accepts connections.
func start(path string, chosen settings, log *serverLog) (*server.Server, error) {
	// The server creates the folder jetstream in StoreDir.
	engine, err := server.NewServer(&server.Options{
		ServerName: "relay", JetStream: true, StoreDir: path, SyncAlways: chosen.syncEvery == 0, SyncInterval: chosen.syncEvery,
		JetStreamMaxStore: cmp.Or(chosen.maxBytes, -1), MaxPayload: maxPayload,
		DontListen: chosen.host == "", Host: chosen.host, Port: chosen.port, Authorization: chosen.token,
		NoSigs: true, NoLog: true, DisableJetStreamBanner: true,
	})
	if err != nil {
		return nil, fmt.Errorf("embedded: Dir: %s: %w", path, err)
	}
	engine.SetLoggerV2(log, false, false, false)
	engine.Start()
	if problem := log.fatal(); problem != "" {
		err = fmt.Errorf("embedded: Dir: %s: the server did not start: %s", path, problem)
	} else if !engine.ReadyForConnections(startTime) {
		err = fmt.Errorf("embedded: Dir: %s: the server accepts no connections after %s", path, startTime)
	}
	if err != nil {
		shutDown(engine)
		return nil, err
	}
	return engine, nil
}

// connectOptions returns the options of every connection, which reconnects as long as it is open.
func connectOptions() []nats.Option {
	return []nats.Option{
		nats.MaxReconnects(-1), nats.ReconnectWait(reconnectWait), nats.IgnoreAuthErrorAbort(), nats.IgnoreDiscoveredServers(),
		nats.DrainTimeout(drainTime), nats.Name("relay"),
	}
}

func shutDown(engine *server.Server) {
	engine.Shutdown()
	engine.WaitForShutdown()
}

// drain closes a connection after the calls in progress.
func drain(nc *nats.Conn) {
	closed := make(chan struct{})
	nc.SetClosedHandler(func(*nats.Conn) { close(closed) })
	if err := nc.Drain(); err != nil { // if it is not connected, for example
		nc.Close()
		return
	}
	select {
	case <-closed:
	case <-time.After(drainTime + time.Second):
		nc.Close()
	}
}
