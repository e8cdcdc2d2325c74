// Command fileproxy writes the released modules of this repository, as they are in the tree, into a directory that the go
// command reads as a module proxy, and prints the settings that select it.
//
// Usage:
//
//	fileproxy -root ../.. -version v0.1.0 -out DIRECTORY
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/mod/semver"

	"github.com/sinchgo/conversation/internal/tools/modproxy"
)

func main() {
	if err := run(context.Background(), os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "fileproxy:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, stdout io.Writer, args []string) error {
	flags := flag.NewFlagSet("fileproxy", flag.ContinueOnError)
	root := flags.String("root", ".", "the root `directory` of the repository")
	version := flags.String("version", "", "the `version` that every module gets")
	out := flags.String("out", "", "the `directory` to write to")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if semver.Canonical(*version) != *version || *version == "" {
		return fmt.Errorf("-version %q is not a version such as v0.1.0", *version)
	}
	if *out == "" {
		return errors.New("-out is missing")
	}
	dir, err := filepath.Abs(*out)
	if err != nil {
		return err
	}
	releases, err := modproxy.Write(ctx, *root, *version, dir)
	if err != nil {
		return err
	}
	settings, err := modproxy.Settings(ctx, dir, releases)
	if err != nil {
		return err
	}
	for _, setting := range settings {
		fmt.Fprintf(stdout, "export %q\n", setting)
	}
	return nil
}
