package main

import (
	"context"
	"os"
	"os/exec"

	"github.com/sinchgo/conversation/conversationtest"
)

// startWorker starts a process that sends: this program, with -live -worker, and the fake in place of Sinch. kill ends it as a
// crash does (SIGKILL): it can do nothing about what it has begun.
func startWorker(ctx context.Context, fake *conversationtest.Server, dsn, secret string) (kill func(), err error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, program, "-live", "-worker") //nolint:gosec // This program.
	cmd.Stderr = os.Stderr
	cmd.Env = append(os.Environ(),
		"DATABASE_URL="+dsn,
		"SINCH_PROJECT_ID="+fake.ProjectID(),
		"SINCH_KEY_ID="+fake.KeyID(),
		"SINCH_KEY_SECRET="+fake.KeySecret(),
		"SINCH_CONVERSATION_BASE_URL="+fake.BaseURL(),
		"SINCH_TOKEN_URL="+fake.TokenURL(),
		"SINCH_APP_ID="+fake.AppID(),
		"SINCH_WEBHOOK_SECRET="+secret)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}, nil
}
