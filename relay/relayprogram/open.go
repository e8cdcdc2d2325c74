package relayprogram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"

	"github.com/nats-io/nats.go"

	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

// target identifies the relay to open.
type target struct {
	dir    string
	server string
	creds  string
	prefix string

	damaged bool
	log     io.Writer // of the engine
}

// check checks the flags, and reads the server from the environment if none is set.
func (t *target) check() error {
	if t.dir != "" && t.server != "" {
		return usageError("-dir and -server are both set: keep one")
	}
	if t.dir != "" && t.creds != "" {
		return usageError("-creds is for -server: leave it out with -dir")
	}
	if t.dir == "" && t.damaged {
		return usageError("-damaged is for -dir: leave it out with -server")
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
		return usageError("-server is not an address such as nats://127.0.0.1:4222")
	}
	return nil
}

// open connects to an existing relay. It creates and changes nothing.
func (t *target) open(ctx context.Context) (*relay.Relay, error) {
	opts := []relay.Option{relay.WithExisting()}
	if t.prefix != "" {
		opts = append(opts, relay.WithPrefix(t.prefix))
	}
	if t.dir == "" {
		return relay.Open(ctx, remote(*t), opts...)
	}
	if info, err := os.Stat(filepath.Join(t.dir, "jetstream")); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("-dir %s: the folder has no engine: name the folder that the program passes to embedded.Dir", t.dir)
	}
	r, err := relay.Open(ctx, embedded.Attach(t.dir), opts...)
	if errors.Is(err, embedded.ErrNotRunning) {
		r, err = relay.Open(ctx, embedded.Dir(t.dir, t.engine()...), opts...)
	}
	switch {
	case errors.Is(err, embedded.ErrDamaged):
		return nil, fmt.Errorf("-dir %s: restore a backup, or go on with what can be read (-damaged, or embedded.WithDamagedStore in the program): %w",
			t.dir, err)
	case errors.Is(err, embedded.ErrInUse):
		return nil, fmt.Errorf("-dir %s: a process has the folder open without listening: add "+
			"embedded.WithListen(\"127.0.0.1:0\") to its embedded.Dir, or stop it first", t.dir)
	}
	return r, err
}

// engine returns the options of an engine that the command runs itself. It syncs before each answer.
func (t *target) engine() []embedded.Option {
	if !t.damaged {
		return nil
	}
	return []embedded.Option{embedded.WithDamagedStore(), embedded.WithLogger(slog.New(slog.NewTextHandler(t.log, nil)))}
}

// remote connects to a NATS server.
type remote target

// Connect connects to the server.
func (t remote) Connect(context.Context) (*relay.Engine, error) {
	opts := []nats.Option{nats.Name("conversation-relay")}
	if t.creds != "" {
		opts = append(opts, nats.UserCredentials(t.creds))
	}
	nc, err := nats.Connect(t.server, opts...)
	if err != nil {
		return nil, fmt.Errorf("-server: cannot connect to NATS: check the address, and that the server runs: %w", err)
	}
	return &relay.Engine{Conn: nc, Close: nc.Close}, nil
}
