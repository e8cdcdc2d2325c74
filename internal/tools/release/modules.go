package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// checkModules checks each module as users get it, and finds the programs.
func (c *check) checkModules(ctx context.Context) error {
	for _, release := range c.releases {
		got, err := c.download(ctx, c.env, release)
		if err != nil {
			return err
		}
		dir := filepath.Join(c.tmp, "modules", filepath.FromSlash(release.Dir))
		if release.Dir == "." {
			dir = filepath.Join(c.tmp, "root")
		}
		if err := os.CopyFS(dir, os.DirFS(got.Dir)); err != nil {
			return err
		}
		c.copies[release.Path] = dir
		if _, err := tool(ctx, dir, c.env, "go", "mod", "tidy", "-diff"); err != nil {
			return fmt.Errorf("go.mod or go.sum of %s is not tidy: run GOWORK=off go mod tidy there\n%w", release.Path, err)
		}
		for _, command := range []string{"build", "vet"} {
			if _, err := tool(ctx, dir, c.env, "go", command, "./..."); err != nil {
				return fmt.Errorf("%s as users get it: %w", release.Path, err)
			}
		}
		mains, err := tool(ctx, dir, c.env, "go", "list", "-f", `{{if eq .Name "main"}}{{.ImportPath}}{{end}}`, "./...")
		if err != nil {
			return err
		}
		c.programs = append(c.programs, forUsers(strings.Fields(mains))...)
	}
	return nil
}

// forUsers returns the programs that users can install: those that are not internal.
func forUsers(mains []string) []string {
	var programs []string
	for _, main := range mains {
		if !strings.Contains(main+"/", "/internal/") {
			programs = append(programs, main)
		}
	}
	return programs
}

// installPrograms installs each program as users do, and checks that it prints the version.
func (c *check) installPrograms(ctx context.Context) error {
	bin := filepath.Join(c.tmp, "bin")
	for _, program := range c.programs {
		if _, err := tool(ctx, c.tmp, append(slices.Clip(c.env), "GOBIN="+bin), "go", "install", program+"@"+c.version); err != nil {
			return err
		}
		printed, err := tool(ctx, c.tmp, c.env, filepath.Join(bin, filepath.Base(program)), "--version")
		if err != nil {
			return err
		}
		if want := filepath.Base(program) + " " + c.version; strings.TrimSpace(printed) != want {
			return fmt.Errorf("%s --version prints %q instead of %q", filepath.Base(program), strings.TrimSpace(printed), want)
		}
	}
	return nil
}

// outside is a program that uses every module.
//
//go:embed outside/main.go.txt
var outside []byte

// runOutside builds and runs the program in an empty module, which gets each module with go get.
func (c *check) runOutside(ctx context.Context) error {
	dir := filepath.Join(c.tmp, "outside")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	if err := writeFile(dir, "main.go", outside); err != nil {
		return err
	}
	commands := [][]string{{"mod", "init", "example.com/outside"}}
	for _, release := range c.releases {
		commands = append(commands, []string{"get", release.Path + "@" + c.version})
	}
	commands = append(commands, []string{"mod", "tidy"})
	for _, args := range commands {
		if _, err := tool(ctx, dir, c.env, "go", args...); err != nil {
			return err
		}
	}
	printed, err := tool(ctx, dir, c.env, "go", "run", ".")
	if err != nil {
		return err
	}
	if !strings.Contains(printed, "The phone shows: Hello") {
		return fmt.Errorf("the program printed %q", printed)
	}
	return nil
}

// gorelease checks that the API of each module allows the version after its last one.
func (c *check) gorelease(ctx context.Context) error {
	path, err := tool(ctx, filepath.Join(c.root, "internal", "tools"), environment("GOWORK=off"), "go", "tool", "-n", "gorelease")
	if err != nil {
		return err
	}
	for _, release := range c.releases {
		base := "none"
		last, err := git(ctx, c.root, "describe", "--tags", "--abbrev=0", "--match", release.TagPrefix()+"v[0-9]*", "--exclude", release.TagPrefix()+c.version)
		if err == nil {
			base = strings.TrimPrefix(last, release.TagPrefix())
		}
		dir := filepath.Join(c.clone(), filepath.FromSlash(release.Dir))
		if _, err := tool(ctx, dir, c.env, strings.TrimSpace(path), "-base="+base, "-version="+c.version); err != nil {
			return err
		}
	}
	return nil
}
