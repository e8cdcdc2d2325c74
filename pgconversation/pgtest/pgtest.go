// Package pgtest starts PostgreSQL servers for tests and examples, from the programs that are installed on the machine.
//
//	server, err := pgtest.Start(ctx)
//	if err != nil {
//		return err // ErrNotInstalled: skip the test
//	}
//	defer server.Close()
//	pool, err := pgxpool.New(ctx, server.DSN("postgres"))
//
// A server listens only on a socket in its own temporary directory, and trusts every user who can reach it. Servers exist on Unix only.
// They write to disk as in production: fsync is on.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
)

// ErrNotInstalled is returned by [Start] if the machine has no PostgreSQL server that it can start. The error that wraps it has the details.
var ErrNotInstalled = errors.New("pgtest: no PostgreSQL server to start: install PostgreSQL 15 or newer, such as Debian's package postgresql")

// Server is a running server.
type Server struct {
	bin   string // directory of the programs
	home  string // directory of the data, the socket and the log
	as    *account
	guard *exec.Cmd
	alive io.Closer // input of guard
}

// account is the user who runs the programs; nil for the user of this process.
type account struct{ uid, gid uint32 }

// Start creates a database cluster and starts its server. settings are lines of postgresql.conf, such as "max_connections = 500" (default 200).
// A process of root starts it as the user postgres or nobody, because PostgreSQL does not run as root.
//
// Start uses the programs of the PATH if they are of PostgreSQL 15 or newer, and otherwise the newest that are installed where the packages of Debian,
// the PostgreSQL project, Homebrew and Postgres.app install them. It returns [ErrNotInstalled] if there are none.
//
// The server is stopped and its directory removed by [Server.Close], and also when this process ends without it, such as by SIGKILL.
func Start(ctx context.Context, settings ...string) (*Server, error) {
	bin, err := programs(ctx, places)
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin}
	if os.Getuid() == 0 {
		if s.as, err = ordinaryUser(); err != nil {
			return nil, err
		}
	}
	if s.home, err = os.MkdirTemp(parent(), "pgtest"); err != nil {
		return nil, err
	}
	if err := s.start(ctx, settings); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Server) start(ctx context.Context, settings []string) error {
	if s.as != nil {
		if err := os.Chown(s.home, int(s.as.uid), int(s.as.gid)); err != nil {
			return err
		}
	}
	if err := s.watch(); err != nil {
		return err
	}
	err := s.run(ctx, "initdb", "--pgdata", s.data(), "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync")
	if err != nil {
		return err
	}
	if err := s.configure(settings); err != nil {
		return err
	}
	return s.run(ctx, "pg_ctl", "start", "--pgdata", s.data(), "--wait", "--silent")
}

func (s *Server) configure(settings []string) error {
	lines := append([]string{"", "listen_addresses = ''", "port = 5432", "unix_socket_directories = '" + s.home + "'", "max_connections = 200"}, settings...)
	file, err := os.OpenFile(filepath.Join(s.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteString(strings.Join(lines, "\n") + "\n")
	return errors.Join(err, file.Close())
}

// DSN returns the connection string of a database. A new server has the database "postgres".
func (s *Server) DSN(database string) string {
	query := url.Values{"host": {s.home}, "port": {"5432"}, "user": {"postgres"}, "dbname": {database}}
	return "postgres:///?" + query.Encode()
}

// Restart stops the server, and starts it again. mode is that of pg_ctl: "smart", "fast" or "immediate". The last one is a crash, after which the server recovers from
// its log.
func (s *Server) Restart(ctx context.Context, mode string) error {
	return s.run(ctx, "pg_ctl", "restart", "--mode", mode, "--pgdata", s.data(), "--wait", "--silent")
}

// Close stops the server like a crash, and removes its directory.
func (s *Server) Close() error {
	if s.guard != nil {
		_ = s.alive.Close()
		_ = s.guard.Wait() // below, it may be unable to remove the directory itself
	}
	return os.RemoveAll(s.home)
}

func (s *Server) data() string { return filepath.Join(s.home, "data") }

// guardScript waits until its input ends, which is when [Server.Close] is called or this process has ended.
const guardScript = `read -r _; "$1" stop --mode immediate --pgdata "$2/data" --wait --silent; rm -rf "$2"`

// watch starts the process that stops the server and removes its directory.
func (s *Server) watch() error {
	guard := exec.Command("/bin/sh", "-c", guardScript, "pgtest", filepath.Join(s.bin, "pg_ctl"), s.home) //nolint:gosec,noctx // It outlives the context.
	guard.Dir, guard.SysProcAttr = "/", attributes(s.as)
	alive, err := guard.StdinPipe()
	if err != nil {
		return err
	}
	if err := guard.Start(); err != nil {
		return errors.Join(err, alive.Close())
	}
	s.guard, s.alive = guard, alive
	return nil
}

// run runs a program, whose output is appended to the log, as is that of the server.
func (s *Server) run(ctx context.Context, program string, args ...string) error {
	name := filepath.Join(s.home, "log")
	log, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // In the directory of the server.
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, program), args...) //nolint:gosec // A program of PostgreSQL.
	cmd.Dir, cmd.SysProcAttr = s.home, attributes(s.as)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		text, _ := os.ReadFile(name) //nolint:gosec // In the directory of the server.
		return fmt.Errorf("pgtest: %s: %w: %s", program, err, text[max(0, len(text)-2000):])
	}
	return nil
}

// parent returns the directory in which the directory of a server is created. The path of a socket has at most 103 bytes, and a configuration
// file quotes it.
func parent() string {
	if dir := os.TempDir(); len(dir) <= 70 && !strings.ContainsAny(dir, `'",\`) {
		return dir
	}
	return "/tmp"
}

// ordinaryUser returns an account that runs PostgreSQL for root.
func ordinaryUser() (*account, error) {
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.ParseUint(found.Uid, 10, 32) // always a number on Unix
		gid, _ := strconv.ParseUint(found.Gid, 10, 32)
		return &account{uint32(uid), uint32(gid)}, nil
	}
	return nil, errors.New("pgtest: root cannot run PostgreSQL, and there is no user postgres or nobody: add one, or run as an ordinary user")
}
