//go:build crash && linux

package crashtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
)

// startTime is how long a process may take to start.
const startTime = time.Minute

// node is a NATS server in a separate process.
type node struct {
	Name   string   `json:"name"`
	Folder string   `json:"folder"`
	Synced bool     `json:"synced"` // sync_interval: always
	Port   int      `json:"port"`   // for clients
	Peer   int      `json:"peer"`   // for the other servers
	Routes []string `json:"routes"`
}

// serve runs the server. Apart from the options here it has the defaults of NATS.
func (n node) serve(ctx context.Context) error {
	options := &server.Options{
		ServerName: n.Name, Host: "127.0.0.1", Port: n.Port, JetStream: true, StoreDir: n.Folder, SyncAlways: n.Synced,
		NoSigs: true, NoLog: true, MaxPayload: 2 << 20,
	}
	if len(n.Routes) > 0 {
		options.Cluster = server.ClusterOpts{Name: "crashtest", Host: "127.0.0.1", Port: n.Peer, PoolSize: -1}
	}
	for _, route := range n.Routes {
		parsed, err := url.Parse(route)
		if err != nil {
			return err
		}
		options.Routes = append(options.Routes, parsed)
	}
	engine, err := server.NewServer(options)
	if err != nil {
		return err
	}
	engine.Start()
	if !engine.ReadyForConnections(startTime) {
		return errors.New("it does not start")
	}
	fmt.Println("ready")
	<-ctx.Done()
	engine.Shutdown()
	engine.WaitForShutdown()
	return nil
}

// nodes returns the jobs of servers, which form a cluster if there are several, without their folders.
func nodes(t *testing.T, size int, synced bool) ([]node, string) {
	t.Helper()
	ports := freePorts(t, 2*size)
	var all []node
	var addresses []string
	for i := range size {
		n := node{Name: "n" + strconv.Itoa(i), Port: ports[i], Peer: ports[size+i], Synced: synced}
		if size > 1 {
			for _, peer := range ports[size:] {
				n.Routes = append(n.Routes, "nats://127.0.0.1:"+strconv.Itoa(peer))
			}
		}
		all = append(all, n)
		addresses = append(addresses, "nats://127.0.0.1:"+strconv.Itoa(n.Port))
	}
	return all, strings.Join(addresses, ",")
}

// usedPorts are the ports that tests in parallel have, though their servers may be down.
var usedPorts sync.Map

// freePorts returns ports that nobody listens on.
func freePorts(t *testing.T, count int) []int {
	t.Helper()
	var ports []int
	for len(ports) < count {
		listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer func() { _ = listener.Close() }() //nolint:revive // All are held until the last is found, so that they differ.
		address, ok := listener.Addr().(*net.TCPAddr)
		require.True(t, ok)
		if _, used := usedPorts.LoadOrStore(address.Port, true); !used {
			ports = append(ports, address.Port)
		}
	}
	return ports
}

// awaitCluster waits until all servers take part and are up to date with a stream of their own.
func awaitCluster(t *testing.T, address string, size int) {
	t.Helper()
	nc, err := nats.Connect(address, nats.MaxReconnects(-1), nats.RetryOnFailedConnect(true))
	require.NoError(t, err)
	defer nc.Close()
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		probe, err := js.CreateOrUpdateStream(t.Context(), jetstream.StreamConfig{Name: "PROBE", Replicas: size})
		if err != nil {
			return false
		}
		info, err := probe.Info(t.Context())
		if err != nil || info.Cluster == nil || info.Cluster.Leader == "" {
			return false
		}
		current := 1
		for _, peer := range info.Cluster.Replicas {
			if peer.Current && !peer.Offline {
				current++
			}
		}
		return current == size
	}, startTime, 50*time.Millisecond, "the cluster does not have %d servers", size)
}
