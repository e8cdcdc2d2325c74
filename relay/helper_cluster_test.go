package relay_test

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
)

// node is a server of a cluster, which runs in a separate process.
type node struct {
	Name   string   `json:"name"`
	Dir    string   `json:"dir"`
	Port   int      `json:"port"` // for clients
	Peer   int      `json:"peer"` // for the other servers
	Routes []string `json:"routes"`
}

// runNode runs a server of a cluster.
func runNode(ctx context.Context, j job, ready func(string)) error {
	var routes []*url.URL
	for _, route := range j.Node.Routes {
		parsed, err := url.Parse(route)
		if err != nil {
			return err
		}
		routes = append(routes, parsed)
	}
	engine, err := server.NewServer(&server.Options{
		ServerName: j.Node.Name, Host: "127.0.0.1", Port: j.Node.Port, JetStream: true, StoreDir: j.Node.Dir, NoSigs: true, NoLog: true,
		Cluster: server.ClusterOpts{Name: "relay-test", Host: "127.0.0.1", Port: j.Node.Peer, PoolSize: -1}, Routes: routes,
	})
	if err != nil {
		return err
	}
	engine.Start()
	if !engine.ReadyForConnections(processPatience) {
		return errors.New("it did not start")
	}
	ready(engine.ClientURL())
	<-ctx.Done()
	engine.Shutdown()
	engine.WaitForShutdown()
	return nil
}

// cluster is three NATS servers on loopback, each in a process that can be killed.
type cluster struct {
	jobs      []job
	processes []*process
}

// startCluster starts three servers, and waits until they can store streams.
func startCluster(t *testing.T) *cluster {
	t.Helper()
	const size = 3
	ports := freePorts(t, 2*size)
	c := &cluster{}
	for i := range size {
		n := node{Name: "n" + strconv.Itoa(i), Dir: t.TempDir(), Port: ports[i], Peer: ports[size+i]}
		for _, peer := range ports[size:] {
			n.Routes = append(n.Routes, "nats://127.0.0.1:"+strconv.Itoa(peer))
		}
		c.jobs = append(c.jobs, job{Role: "node", Node: n})
	}
	for _, j := range c.jobs {
		c.processes = append(c.processes, startProcess(t, j))
	}
	c.await(t)
	return c
}

// address returns the addresses of all servers.
func (c *cluster) address() string {
	var all []string
	for _, j := range c.jobs {
		all = append(all, "nats://127.0.0.1:"+strconv.Itoa(j.Node.Port))
	}
	return strings.Join(all, ",")
}

// await waits until all servers take part.
func (c *cluster) await(t *testing.T) {
	t.Helper()
	js, err := jetstream.New(connectTo(t, c.address()))
	require.NoError(t, err)
	eventually(t, func() bool {
		probe, err := js.CreateOrUpdateStream(t.Context(), jetstream.StreamConfig{Name: "PROBE", Replicas: len(c.jobs)})
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
		return current == len(c.jobs)
	}, "the cluster has three servers")
}

// leader returns the number of the server that leads a stream.
func (c *cluster) leader(t *testing.T, nc *nats.Conn, stream string) int {
	t.Helper()
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	leads := -1
	eventually(t, func() bool {
		s, err := js.Stream(t.Context(), stream)
		if err != nil || s.CachedInfo().Cluster == nil {
			return false
		}
		for i, j := range c.jobs {
			if j.Node.Name == s.CachedInfo().Cluster.Leader {
				leads = i
			}
		}
		return leads >= 0
	}, "the stream has a leader")
	return leads
}

// kill kills a server.
func (c *cluster) kill(number int) { c.processes[number].kill() }

// restart starts a server again on its files, and waits until it has caught up.
func (c *cluster) restart(t *testing.T, number int) {
	t.Helper()
	c.processes[number] = startProcess(t, c.jobs[number])
	c.await(t)
}

// freePorts returns ports that nobody listens on. All are held until the last is found, so that they differ.
func freePorts(t *testing.T, count int) []int {
	t.Helper()
	var ports []int
	for range count {
		listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer func() { _ = listener.Close() }() //nolint:revive // They are to be held until the function ends.
		address, ok := listener.Addr().(*net.TCPAddr)
		require.True(t, ok)
		ports = append(ports, address.Port)
	}
	return ports
}
