package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/sinchgo/conversation/conversationtest"
)

const (
	exitFailed = 1
	exitUsage  = 2

	// stopLimit is how long requests that are under way may hold up the end.
	stopLimit = 800 * time.Millisecond
)

// run serves until the context ends, and gives the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	settings, err := readFlags(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		return exitUsage
	}
	logger := newRequestLog(settings.log, stderr)
	settings.config.OnRequest = logger.log
	srv, err := start(settings.config)
	if err == nil {
		err = announce(srv, stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "conversation-fake:", err)
		return exitFailed
	}
	<-ctx.Done()
	stop(srv)
	return 0
}

// start turns the panic of a server that cannot listen into an error.
func start(config conversationtest.Config) (srv *conversationtest.Server, err error) {
	const prefix = "conversationtest: "
	defer func() {
		reason := recover()
		if reason == nil {
			return
		}
		text, ok := reason.(string)
		if !ok || !strings.HasPrefix(text, prefix) {
			panic(reason)
		}
		err = errors.New(strings.TrimPrefix(text, prefix))
	}()
	return conversationtest.NewServer(config), nil
}

// ready is what a client needs to know of the server.
type ready struct {
	BaseURL   string `json:"base_url"`
	TokenURL  string `json:"token_url"`
	ProjectID string `json:"project_id"`
	KeyID     string `json:"key_id"`
	KeySecret string `json:"key_secret"`
	AppID     string `json:"app_id"`
}

// announce prints the one line of stdout.
func announce(srv *conversationtest.Server, stdout io.Writer) error {
	err := json.NewEncoder(stdout).Encode(ready{
		BaseURL:   srv.BaseURL(),
		TokenURL:  srv.TokenURL(),
		ProjectID: srv.ProjectID(),
		KeyID:     srv.KeyID(),
		KeySecret: srv.KeySecret(),
		AppID:     srv.AppID(),
	})
	if err != nil {
		stop(srv)
		return fmt.Errorf("cannot print the ready line: %w", err)
	}
	return nil
}

// stop closes the server, but does not wait long for it: the process ends anyway.
func stop(srv *conversationtest.Server) {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		srv.Close()
	}()
	select {
	case <-closed:
	case <-time.After(stopLimit):
	}
}
