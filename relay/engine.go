package relay

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"
)

// oldestServer is the first NATS release with delayed messages.
var oldestServer = [2]int{2, 12}

// Source locates the engine: [Conn], or Dir or Attach of package embedded.
type Source interface {
	// Connect returns the engine. [Open] calls it once.
	Connect(ctx context.Context) (*Engine, error)
}

// Engine is a NATS JetStream server or cluster.
type Engine struct {
	Conn     *nats.Conn // the connection for all calls
	Replicas int        // copies of each stream without [WithReplicas]; 0 for 3 on a cluster, otherwise 1
	Close    func()     // undoes Connect; may be nil

	// Durability is what a power cut of one server costs, as far as the source knows.
	Durability Durability
	// Confirm returns nil if everything that the engine acknowledged before the call is on its disk. It is called before
	// an acknowledgement is relied on, and may be nil if the engine does not need it.
	Confirm func(ctx context.Context) error
	// Flush returns nil if everything that the engine acknowledged before the call is on its disk, which it syncs if necessary. It
	// is called before a message is sent, and may be nil if Confirm does the same or the engine cannot.
	Flush func(ctx context.Context) error
}

type connection struct{ nc *nats.Conn }

// Conn uses the engine behind a connection, such as your own cluster. [Relay.Close] leaves the connection open. Set
// nats.MaxReconnects(-1), so that workers survive a restart of the engine.
//
// A client cannot see how a server syncs its files. With one replica, [Open] requires [WithSyncedServer] or
// [WithWeakDurability].
func Conn(nc *nats.Conn) Source { return connection{nc} }

func (c connection) Connect(context.Context) (*Engine, error) {
	if c.nc == nil {
		return nil, argumentError(opOpen, "Conn", "has a nil connection: pass the result of nats.Connect")
	}
	return &Engine{Conn: c.nc}, nil
}

// check returns an error for an engine that cannot be used.
func (e *Engine) check() error {
	if e == nil || e.Conn == nil {
		return errors.New("relay: Open: the source returned no connection")
	}
	if !e.Conn.IsConnected() {
		return fmt.Errorf("relay: Open: the connection to NATS is %s: check that the server runs, and its address", strings.ToLower(e.Conn.Status().String()))
	}
	if version := e.Conn.ConnectedServerVersion(); olderThan(version, oldestServer) {
		return fmt.Errorf("relay: Open: the server is NATS %s: at least %d.%d is needed", version, oldestServer[0], oldestServer[1])
	}
	return nil
}

// replicas returns the number of copies of each stream.
func (e *Engine) replicas(asked int) int {
	switch {
	case asked > 0:
		return asked
	case e.Replicas > 0:
		return e.Replicas
	case e.Conn.ConnectedClusterName() != "":
		return 3
	}
	return 1
}

func olderThan(version string, least [2]int) bool {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 3 {
		return false // not a release
	}
	major, _ := strconv.Atoi(parts[0])
	minor, _ := strconv.Atoi(parts[1])
	return major < least[0] || major == least[0] && minor < least[1]
}

// confirm returns nil if what the engine has acknowledged survives a power cut, as far as its settings allow.
func (e *Engine) confirm(ctx context.Context) error {
	if e.Confirm == nil {
		return nil
	}
	return e.Confirm(ctx)
}

// flush returns nil if what the engine has acknowledged is on the disk, as far as the engine can do that.
func (e *Engine) flush(ctx context.Context) error {
	if e.Flush == nil {
		return e.confirm(ctx)
	}
	return e.Flush(ctx)
}

func (e *Engine) close() {
	if e.Close != nil {
		e.Close()
	}
}
