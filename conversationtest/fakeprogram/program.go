// Package fakeprogram is the program conversation-fake as a function, so that another program, such as conversationctl, can run it:
//
//	os.Exit(fakeprogram.Main(ctx, "shop fake", args, os.Stdout, os.Stderr))
//
// Tests in Go use package conversationtest instead.
package fakeprogram

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

	// stopLimit is how long the end of the program waits for open requests.
	stopLimit = 800 * time.Millisecond
)

// Main serves the fake until ctx is done, and returns the exit code. name is how the program is called in its messages.
func Main(ctx context.Context, name string, args []string, stdout, stderr io.Writer) int {
	settings, err := readFlags(name, args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		return exitUsage
	}
	if settings.version {
		fmt.Fprintln(stdout, name, version())
		return 0
	}
	logger := newRequestLog(settings.log, stderr)
	settings.config.OnRequest = logger.log
	if err := serve(ctx, settings, stdout, stderr); err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", name, err)
		return exitFailed
	}
	return 0
}

// serve serves until ctx is done.
func serve(ctx context.Context, settings settings, stdout, stderr io.Writer) error {
	srv, err := start(settings.config)
	if err != nil {
		return err
	}
	defer stop(srv)
	control, err := startControl(srv, settings.controlAddr)
	if err != nil {
		return err
	}
	defer control.close()
	page, err := startPage(srv, settings)
	if err != nil {
		return err
	}
	defer page.close()
	page.announce(settings, stderr)
	if err := announce(srv, control.url, page.url, stdout); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// start starts a server. It returns an error if the server panics because it cannot listen.
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

// ready is the line on stdout, with what a client needs to connect.
type ready struct {
	BaseURL    string `json:"base_url"`
	BatchURL   string `json:"batch_url"`
	TokenURL   string `json:"token_url"`
	ProjectID  string `json:"project_id"`
	KeyID      string `json:"key_id"`
	KeySecret  string `json:"key_secret"`
	AppID      string `json:"app_id"`
	ControlURL string `json:"control_url"`
	UIURL      string `json:"ui_url,omitempty"` // Left out if there is no page.
}

// announce prints the ready line.
func announce(srv *conversationtest.Server, controlURL, pageURL string, stdout io.Writer) error {
	err := json.NewEncoder(stdout).Encode(ready{
		BaseURL:    srv.BaseURL(),
		BatchURL:   srv.BatchURL(),
		TokenURL:   srv.TokenURL(),
		ProjectID:  srv.ProjectID(),
		KeyID:      srv.KeyID(),
		KeySecret:  srv.KeySecret(),
		AppID:      srv.AppID(),
		ControlURL: controlURL,
		UIURL:      pageURL,
	})
	if err != nil {
		return fmt.Errorf("cannot print the ready line: %w", err)
	}
	return nil
}

// stop closes the server. It waits at most stopLimit, since the process ends anyway.
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
