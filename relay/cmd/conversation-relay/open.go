package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/nats-io/nats.go"

	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

// target says which relay is meant.
type target struct {
	dir    string
	server string
	creds  string
	prefix string
}

// check finds what is missing or too much, and takes the server from the environment if none is named.
func (t *target) check() error {
	if t.dir != "" && t.server != "" {
		return usageError("-dir and -server are both there: keep one")
	}
	if t.dir != "" && t.creds != "" {
		return usageError("-creds is for -server: leave it out with -dir")
	}
	if t.dir != "" {
		return nil
	}
	if t.server == "" {
		t.server = serverFromEnv()
	}
	if t.server == "" {
		return usageError("neither -dir nor -server: name the folder of the engine, or the address of the NATS server")
	}
	if _, err := url.Parse(t.server); err != nil { // The error would show a password.
		return usageError("-server is no address such as nats://127.0.0.1:4222")
	}
	return nil
}

// open connects to the relay as it is. Nothing is made or changed.
func (t *target) open(ctx context.Context) (*relay.Relay, error) {
	opts := []relay.Option{relay.WithExisting()}
	if t.prefix != "" {
		opts = append(opts, relay.WithPrefix(t.prefix))
	}
	if t.dir == "" {
		return relay.Open(ctx, remote(*t), opts...)
	}
	if info, err := os.Stat(filepath.Join(t.dir, "jetstream")); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("-dir %s: there is no engine in this folder: name the one that the program gives to embedded.Dir", t.dir)
	}
	r, err := relay.Open(ctx, embedded.Attach(t.dir), opts...)
	if errors.Is(err, embedded.ErrNotRunning) {
		r, err = relay.Open(ctx, embedded.Dir(t.dir), opts...)
	}
	if errors.Is(err, embedded.ErrInUse) {
		return nil, fmt.Errorf("-dir %s: a process has the folder open and lets nobody in: give its embedded.Dir the option "+
			"embedded.WithListen(\"127.0.0.1:0\"), or stop it first", t.dir)
	}
	return r, err
}

// remote is a NATS server, to which the connection is the program's own.
type remote target

// Connect connects to the server.
func (t remote) Connect(context.Context) (*relay.Engine, error) {
	opts := []nats.Option{nats.Name("conversation-relay")}
	if t.creds != "" {
		opts = append(opts, nats.UserCredentials(t.creds))
	}
	nc, err := nats.Connect(t.server, opts...)
	if err != nil {
		return nil, fmt.Errorf("-server: no connection to NATS: check the address, and that the server runs: %w", err)
	}
	return &relay.Engine{Conn: nc, Close: nc.Close}, nil
}
