package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/sinchgo/conversation/webhook"
)

// callbackServer serves callbacks.
type callbackServer struct {
	address net.Addr
	server  *http.Server
	failed  chan error // gets an error if the server ends by itself
}

// listenOn starts to serve. Requests go on when ctx ends, until close.
func listenOn(ctx context.Context, address string, handler http.Handler) (*callbackServer, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("%w: use a free address of this machine, such as 127.0.0.1:8081", err)
	}
	s := &callbackServer{
		address: listener.Addr(),
		server: &http.Server{
			Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
			ErrorLog: log.New(io.Discard, "", 0), // It names the addresses of clients.
		},
		failed: make(chan error, 1),
	}
	go func() {
		if err := s.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- err
		}
	}()
	return s, nil
}

func (s *callbackServer) url(path string) string { return "http://" + s.address.String() + path }

// closeWithin bounds the time for the requests that are running at the end. It is longer than forwardTimeout.
const closeWithin = forwardTimeout + 5*time.Second

// close waits for the requests that are running.
func (s *callbackServer) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeWithin)
	defer cancel()
	if err := s.server.Shutdown(ctx); err == nil {
		return nil
	}
	_ = s.server.Close() // What is running is given up.
	return errors.New("some requests were still running and were not answered: Sinch delivers such callbacks again")
}

// newReceiver returns the receiver of a command. Without secrets it does not verify signatures, which a note says.
func (p *program) newReceiver(variables []string) (*webhook.Receiver, error) {
	logger := slog.New(slog.DiscardHandler)
	if p.settings.verbose {
		logger = slog.New(slog.NewTextHandler(p.Err, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	opts := []webhook.ReceiverOption{webhook.WithObserver(refusals{p}), webhook.WithLogger(logger)}
	for _, variable := range variables {
		secret, err := secretFromEnv("--secret-env", variable)
		if err != nil {
			return nil, err
		}
		opts = append(opts, webhook.WithSecret(secret))
	}
	if len(variables) == 0 {
		p.Note("Signatures are not verified, so anybody can send callbacks: pass --secret-env with the secret of the webhook.")
		opts = append(opts, webhook.WithoutVerification())
	}
	receiver, err := webhook.NewReceiver(opts...)
	if err != nil {
		return nil, usageError("--secret-env: %w", err)
	}
	return receiver, nil
}
