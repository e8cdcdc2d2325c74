package embedded

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
)

// Option configures the engine of [Dir].
type Option func(*settings) error

type settings struct {
	host      string // empty if the engine does not listen
	port      int
	token     string // that other processes must present
	syncEvery time.Duration
	maxBytes  int64
	logger    *slog.Logger
	damaged   bool
}

// maxSyncEvery limits the interval between two syncs.
const maxSyncEvery = 24 * time.Hour

func defaultSettings() settings { return settings{logger: slog.New(slog.DiscardHandler)} }

// The operations named by a [conversation.ArgumentError].
const (
	opDir    = "embedded.Dir"
	opAttach = "embedded.Attach"
)

func argumentError(operation, field, reason string) error {
	return &conversation.ArgumentError{Operation: operation, Field: field, Reason: reason}
}

// WithListen allows other processes of the same user on this machine to use the engine, through [Attach]. addr must be a
// loopback address, such as 127.0.0.1:0 for any free port. Clients must present a token. It is created at each start, and
// written with the address to the file engine.json in the folder, which only its owner can read. Without WithListen the
// engine does not listen.
//
// For processes on several machines run NATS servers, and open [relay.Conn].
func WithListen(addr string) Option {
	return func(s *settings) error {
		host, port, err := net.SplitHostPort(addr)
		if err != nil {
			return argumentError(opDir, "WithListen", "is not an address such as 127.0.0.1:0")
		}
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return argumentError(opDir, "WithListen", "is not a loopback address: use 127.0.0.1:0, or for several machines your own "+
				"NATS servers with relay.Conn")
		}
		number, err := strconv.ParseUint(port, 10, 16)
		if err != nil {
			return argumentError(opDir, "WithListen", "has no port from 0 to 65535")
		}
		s.host, s.port, s.token = host, int(number), rand.Text()
		if number == 0 {
			s.port = server.RANDOM_PORT
		}
		return nil
	}
}

// WithSyncEvery sets the interval at which the engine syncs its files to the disk, 1 millisecond to 24 hours. By default it
// syncs before each answer, which took 0.2 to 1 ms a message where it was measured, instead of about 10 µs.
//
// A power cut or a system crash loses what was acknowledged since the last sync that was completed, and callbacks may be handled
// twice. That can be more than the interval, because a sync takes its time under load, and the system may write the files in any
// order. So [relay.Open] requires [relay.WithWeakDurability], in the processes that use [Attach] too. No message is sent twice: an
// attempt is synced before its request. A crash of the process alone loses nothing.
func WithSyncEvery(d time.Duration) Option {
	return func(s *settings) error {
		switch {
		case d < time.Millisecond:
			return argumentError(opDir, "WithSyncEvery", "is below 1 millisecond: leave it out to sync before each answer")
		case d > maxSyncEvery:
			return argumentError(opDir, "WithSyncEvery", fmt.Sprintf("is %s, above the maximum of 24h", d))
		}
		s.syncEvery = d
		return nil
	}
}

// durability returns what a power cut costs.
func (s settings) durability() relay.Durability {
	if s.syncEvery > 0 {
		return relay.DurabilityWeak
	}
	return relay.DurabilitySynced
}

// WithMaxBytes limits the disk space of the engine, in bytes. When it is used up, the engine rejects writes until something
// is settled or expires. Default: three quarters of the space that is free at the start.
func WithMaxBytes(n int64) Option {
	return func(s *settings) error {
		if n < 1 {
			return argumentError(opDir, "WithMaxBytes", "is below 1: leave it out for three quarters of the free space")
		}
		s.maxBytes = n
		return nil
	}
}

// WithLogger sets the logger for problems of the engine, such as a full disk.
func WithLogger(logger *slog.Logger) Option {
	return func(s *settings) error {
		if logger == nil {
			return argumentError(opDir, "WithLogger", "is nil: leave it out to disable logging")
		}
		s.logger = logger
		return nil
	}
}

// WithDamagedStore opens a store with damaged files, for which [Dir] otherwise returns [ErrDamaged]. The engine goes on with
// what is readable, and logs what is not. The damaged files are kept in the folder engine.damaged. Use it once, if you
// have no backup.
//
// Entries and callbacks in the damaged parts are lost. An entry whose state was there may be sent again, and a callback may
// be handled again.
func WithDamagedStore() Option {
	return func(s *settings) error {
		s.damaged = true
		return nil
	}
}
