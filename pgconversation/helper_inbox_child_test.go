package pgconversation_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/pgconversation"
	"github.com/sinchgo/conversation/webhook"
)

// inboxChildVariable is the environment variable with the connection string of a process that only is an inbox.
const inboxChildVariable = "PGCONVERSATION_INBOX_CHILD"

func init() { //nolint:gochecknoinits // Before the tests start a server of their own.
	dsn := os.Getenv(inboxChildVariable)
	if dsn == "" {
		return
	}
	if err := runInboxChild(context.Background(), dsn); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// runInboxChild serves and handles callbacks until the standard input ends.
func runInboxChild(ctx context.Context, dsn string) error {
	pool, err := pgxpool.New(ctx, dsn+"&pool_max_conns=40")
	if err != nil {
		return err
	}
	defer pool.Close()
	receiver, err := webhook.NewReceiver(webhook.WithSecret(callbackSecret), webhook.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		return err
	}
	webhook.OnAny(receiver, func(ctx context.Context, event webhook.Event) error {
		return handleInSoak(ctx, pool, event.Meta().CorrelationID)
	})
	inbox := pgconversation.NewInbox(receiver, pool)
	workers := river.NewWorkers()
	river.AddWorker(workers, eagerInbox{inbox})
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 64}}, Workers: workers, TestOnly: true,
		FetchCooldown: 100 * time.Millisecond, FetchPollInterval: 200 * time.Millisecond,
		JobTimeout: stuckAfter, RescueStuckJobsAfter: stuckAfter, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	if err := client.Start(ctx); err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	front := &http.Server{Handler: inbox.Handler(client), ReadHeaderTimeout: time.Minute}
	go func() { _ = front.Serve(listener) }() // until http.ErrServerClosed
	fmt.Println("ready http://" + listener.Addr().String())
	_, _ = io.Copy(io.Discard, os.Stdin)
	return errors.Join(front.Shutdown(ctx), client.Stop(ctx))
}

// handleInSoak writes the effect of a callback, and then fails for one in 20: for some always, for the others once.
func handleInSoak(ctx context.Context, pool *pgxpool.Pool, id string) error {
	if err := write(ctx, id); err != nil {
		return err
	}
	var n int
	if _, err := fmt.Sscanf(id, "c-%d", &n); err != nil {
		return err
	}
	switch {
	case alwaysFails(n):
		return errors.New("broken")
	case n%20 != 0:
		return nil
	}
	first, err := pool.Exec(ctx, `INSERT INTO tried (id) VALUES ($1) ON CONFLICT DO NOTHING`, id)
	if err == nil && first.RowsAffected() == 1 {
		panic("broken once")
	}
	return err
}

// alwaysFails reports whether the function fails for a callback whenever it runs.
func alwaysFails(n int) bool { return n%100 == 0 }

// inboxChild is a process that serves and handles callbacks.
type inboxChild struct {
	address string
	command *exec.Cmd
	input   io.Closer
	stderr  *strings.Builder // until the process has ended
}

// startInboxChild starts the process and waits until it is ready.
func startInboxChild(t *testing.T, dsn string) *inboxChild {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	c := &inboxChild{command: exec.CommandContext(context.WithoutCancel(t.Context()), self), stderr: &strings.Builder{}}
	c.command.Env = append(os.Environ(), inboxChildVariable+"="+dsn)
	c.command.Stderr = c.stderr
	c.input, err = c.command.StdinPipe()
	require.NoError(t, err)
	output, err := c.command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.command.Start())
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		_ = c.command.Wait()
		require.NoError(t, err, c.stderr.String())
	}
	c.address = strings.TrimSpace(strings.TrimPrefix(line, "ready "))
	return c
}

// kill ends the process by SIGKILL.
func (c *inboxChild) kill() {
	_ = c.command.Process.Kill() // it may have ended
	_ = c.command.Wait()
}

// stop ends the process, which must not fail.
func (c *inboxChild) stop(t *testing.T) {
	t.Helper()
	require.NoError(t, c.input.Close())
	require.NoError(t, c.command.Wait(), c.stderr.String())
	require.NotContains(t, c.stderr.String(), "DATA RACE")
}
