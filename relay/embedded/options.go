package embedded

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// Option sets up the engine of [Dir].
type Option func(*settings) error

type settings struct {
	host      string // empty: it does not listen
	port      int
	token     string // what processes must show that connect
	syncEvery time.Duration
	maxBytes  int64
	logger    *slog.Logger
}

// choose applies the options. All problems are reported together.
func choose(opts []Option) (settings, error) {
	chosen := settings{logger: slog.New(slog.DiscardHandler)}
	var problems []error
	for _, opt := range opts {
		if opt == nil {
			problems = append(problems, optionError("Option", "is nil: leave it out"))
			continue
		}
		problems = append(problems, opt(&chosen))
	}
	return chosen, errors.Join(problems...)
}

func optionError(option, problem string) error { return fmt.Errorf("embedded: %s %s", option, problem) }

// Listen lets other processes of the same user on this machine use the engine, with [Attach]. The address is one of the
// loopback, such as 127.0.0.1:0 for any free port. Who connects must show a token that is made at each start, and written
// with the address to the file engine.json in the folder, which its owner alone can read. Without Listen the engine
// does not listen at all.
//
// It is no way into the machine from outside: for processes on several machines run NATS servers, and open [relay.Conn].
func Listen(addr string) Option {
	return func(s *settings) error {
		host, port, err := net.SplitHostPort(addr)
		if err != nil {
			return optionError("Listen", "has no address such as 127.0.0.1:0")
		}
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return optionError("Listen", "has an address that is not of the loopback: take 127.0.0.1:0, and for several machines NATS "+
				"servers of your own with relay.Conn")
		}
		number, err := strconv.ParseUint(port, 10, 16)
		if err != nil {
			return optionError("Listen", "has no port from 0 to 65535")
		}
		s.host, s.port, s.token = host, int(number), rand.Text()
		if number == 0 {
			s.port = server.RANDOM_PORT
		}
		return nil
	}
}

// SyncEvery lets the engine write to the disk itself only so often, at least every millisecond, in place of before each
// answer: some 10 µs a message, measured, in place of the 0.2 to 1 ms that the disk needed. What was written since then
// is lost when the machine loses power or its system crashes, and then entries of an outbox may be sent twice. When the
// process alone dies, nothing is lost either way.
func SyncEvery(d time.Duration) Option {
	return func(s *settings) error {
		if d < time.Millisecond {
			return optionError("SyncEvery", "is below a millisecond: leave it out to sync before each answer")
		}
		s.syncEvery = d
		return nil
	}
}

// MaxBytes is how much room on the disk the engine takes at most, in bytes. When it is used up nothing more is taken until
// something is settled or runs out. Default: three quarters of what is free at the start.
func MaxBytes(n int64) Option {
	return func(s *settings) error {
		if n < 1 {
			return optionError("MaxBytes", "is below 1: leave it out for three quarters of what is free")
		}
		s.maxBytes = n
		return nil
	}
}

// LogTo has the engine log what goes wrong, such as a disk that is full.
func LogTo(logger *slog.Logger) Option {
	return func(s *settings) error {
		if logger == nil {
			return optionError("LogTo", "is nil: leave it out for no log")
		}
		s.logger = logger
		return nil
	}
}
