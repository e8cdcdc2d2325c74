package relay

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"
)

// oldestServer is the first release of NATS with all that is needed here: delayed messages came last.
var oldestServer = [2]int{2, 12}

// Source says where the engine is: [Conn], or Dir of package embedded.
type Source interface {
	// Connect gives the engine. [Open] calls it once.
	Connect(ctx context.Context) (*Engine, error)
}

// Engine is a NATS JetStream server or cluster.
type Engine struct {
	Conn     *nats.Conn // the connection that everything goes over
	Replicas int        // copies of each stream if [WithReplicas] does not say; 0 for 3 on a cluster, else 1
	Close    func()     // ends what Connect began; nil when there is nothing to end
}

type connection struct{ nc *nats.Conn }

// Conn takes the engine that a connection leads to, such as the user's own cluster. The connection stays the caller's:
// [Relay.Close] leaves it open. Let it reconnect without end (nats.MaxReconnects(-1)), so that workers outlive an engine
// that restarts.
func Conn(nc *nats.Conn) Source { return connection{nc} }

func (c connection) Connect(context.Context) (*Engine, error) {
	if c.nc == nil {
		return nil, argumentError(opOpen, "Conn", "has a nil connection: pass the result of nats.Connect")
	}
	return &Engine{Conn: c.nc}, nil
}

// check refuses an engine that cannot be used.
func (e *Engine) check() error {
	if e == nil || e.Conn == nil {
		return errors.New("relay: Open: the source gave no connection")
	}
	if !e.Conn.IsConnected() {
		return fmt.Errorf("relay: Open: the connection to NATS is %s: check that the server runs, and its address", strings.ToLower(e.Conn.Status().String()))
	}
	if version := e.Conn.ConnectedServerVersion(); olderThan(version, oldestServer) {
		return fmt.Errorf("relay: Open: the server is NATS %s: at least %d.%d is needed", version, oldestServer[0], oldestServer[1])
	}
	return nil
}

// replicas says how many copies of each stream the engine is to keep.
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

func (e *Engine) close() {
	if e.Close != nil {
		e.Close()
	}
}
