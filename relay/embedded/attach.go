package embedded

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/sinchgo/conversation/relay"
)

// addressFile is the name of the file with the address of the engine, for other processes of the same user.
const addressFile = "engine.json"

// address is the content of the file.
type address struct {
	URL string `json:"url"` // with the token
	PID int    `json:"pid"`

	// Durability is that of the engine, or 0 if its process has a version that did not write it.
	Durability relay.Durability `json:"durability,omitzero"`
}

type attached struct{ path string }

// Attach uses the engine of the process that has the folder open with [Dir] and [WithListen]. If that process restarts,
// the connection recovers. Connecting returns [ErrNotRunning] if no process has the folder open.
//
// What is acknowledged here is as durable as in that process, which confirms it. If that process uses [WithSyncEvery],
// [relay.Open] requires [relay.WithWeakDurability] here too. If it restarts with [WithSyncEvery] while this process does not
// accept that, nothing is acknowledged here any more, and no message is sent.
func Attach(path string) relay.Source { return attached{path} }

// Connect finds the process and connects to it.
func (a attached) Connect(context.Context) (*relay.Engine, error) {
	path, err := absolutePath(opAttach, a.path)
	if err != nil {
		return nil, err
	}
	found := finder{path}
	target, durability, err := found.find()
	if err != nil {
		return nil, err
	}
	dialed := &dialer{finder: found}
	// Port and token change when the process restarts, so read them for each connection.
	nc, err := nats.Connect("nats://"+target.Host, append(connectOptions(), nats.SetCustomDialer(dialed), nats.TokenHandler(found.token))...)
	if err != nil {
		return nil, fmt.Errorf("embedded: Attach: %s: the process that has the folder open does not answer: %w", path, err)
	}
	engine := &relay.Engine{Conn: nc, Replicas: 1, Durability: durability, Close: func() { drain(nc) }}
	askHost := func(subject string) func(context.Context) error {
		return func(ctx context.Context) error {
			if dialed.recently() {
				return errHostRestarted
			}
			return ask(ctx, nc, subject)
		}
	}
	switch durability {
	case relay.DurabilitySynced:
		engine.Confirm = askHost(confirmSubject)
	case relay.DurabilityWeak:
		engine.Flush = askHost(flushSubject)
	}
	return engine, nil
}

// finder finds the process that has a folder open.
type finder struct{ path string }

// find returns the address of the engine, and its durability.
func (f finder) find() (*url.URL, relay.Durability, error) {
	missing := fmt.Errorf("%w: %s: start that process first", ErrNotRunning, f.path)
	if !isLocked(f.path) { // the port in a file that was left behind may belong to another program now
		return nil, 0, missing
	}
	content, err := os.ReadFile(filepath.Join(f.path, addressFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, 0, missing
	}
	if err != nil {
		return nil, 0, fmt.Errorf("embedded: Attach: %s cannot be read: run as the user of the engine: %w", addressFile, err)
	}
	var found address
	if err := json.Unmarshal(content, &found); err != nil {
		return nil, 0, fmt.Errorf("embedded: Attach: %s of %s is damaged: restart the process that has the folder open", addressFile, f.path)
	}
	target, err := url.Parse(found.URL)
	if err != nil || target.User == nil {
		return nil, 0, fmt.Errorf("embedded: Attach: %s of %s has no address: restart the process that has the folder open", addressFile, f.path)
	}
	return target, found.Durability, nil
}

// dialer connects to the current address of the engine, and remembers when it did so again.
type dialer struct {
	finder

	mu      sync.Mutex
	dialed  bool
	another time.Time // the last time after the first
}

// Dial connects to the current address of the engine.
func (d *dialer) Dial(network, _ string) (net.Conn, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dialed {
		d.another = time.Now()
	}
	target, _, err := d.find()
	if err != nil {
		return nil, err
	}
	d.dialed = true
	return (&net.Dialer{Timeout: nats.DefaultTimeout}).Dial(network, target.Host)
}

// recently reports whether what was acknowledged just now may be an acknowledgement of an engine before this one.
func (d *dialer) recently() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.another.IsZero() && time.Since(d.another) < settleTime
}

// token returns the current token of the engine.
func (f finder) token() string {
	target, _, err := f.find()
	if err != nil {
		return ""
	}
	return target.User.Username()
}

// writeAddress writes the address file if the engine listens. The file appears with its complete content.
func writeAddress(path string, engine *server.Server, chosen settings) error {
	if chosen.host == "" {
		return nil
	}
	target := url.URL{Scheme: "nats", User: url.User(chosen.token), Host: strings.TrimPrefix(engine.ClientURL(), "nats://")}
	content, err := json.Marshal(address{URL: target.String(), PID: os.Getpid(), Durability: chosen.durability()})
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(path, addressFile+".*") // with mode 0600
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), filepath.Join(path, addressFile))
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}
