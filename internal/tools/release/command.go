package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// tool runs a command in dir with the environment env, and returns what it printed to stdout. Its error has the last
// lines of stdout and of stderr.
func tool(ctx context.Context, dir string, env []string, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // The commands are those of this package.
	cmd.Dir = dir
	cmd.Env = env
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s\n%s", name, strings.Join(args, " "), err, lastLines(stdout.String(), 40), lastLines(stderr.String(), 40))
	}
	return stdout.String(), nil
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// environment returns the environment without what could change a build or reach a real project, and with settings.
func environment(settings ...string) []string {
	env := slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "SINCH_") || strings.HasPrefix(variable, "GOEXPERIMENT=") ||
			strings.HasPrefix(variable, "GOBIN=")
	})
	return append(env, settings...)
}

// git runs git in dir, without signing and with a made-up author.
func git(ctx context.Context, dir string, args ...string) (string, error) {
	options := []string{"-c", "user.name=release-check", "-c", "user.email=release-check@example.com", "-c", "commit.gpgSign=false", "-c", "tag.gpgSign=false"}
	out, err := tool(ctx, dir, os.Environ(), "git", append(options, args...)...)
	return strings.TrimSpace(out), err
}
