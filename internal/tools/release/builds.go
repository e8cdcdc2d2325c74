package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// target is a system to build for.
type target struct {
	os, arch string
	again    bool // whether it is built a second time, to compare: one of each system
}

var targets = []target{
	{os: "linux", arch: "amd64", again: true},
	{os: "linux", arch: "arm64"},
	{os: "darwin", arch: "amd64"},
	{os: "darwin", arch: "arm64", again: true},
	{os: "windows", arch: "amd64", again: true},
	{os: "windows", arch: "arm64"},
}

// binary is a program that was built for a target.
type binary struct {
	program string // its import path
	target  target
	file    string
}

func (b binary) name() string { return path.Base(b.program) }

// buildAll builds every program for every target.
func (c *check) buildAll(ctx context.Context) error {
	for _, target := range targets {
		for _, program := range c.programs {
			built, err := c.build(ctx, target, program, filepath.Join(c.tmp, "first"), nil)
			if err != nil {
				return err
			}
			c.binaries = append(c.binaries, built)
		}
	}
	return nil
}

// build builds a program below dir, as go install does for anybody who sets CGO_ENABLED=0 and GOFLAGS=-trimpath.
func (c *check) build(ctx context.Context, target target, program, dir string, more []string) (binary, error) {
	env := append(slices.Clip(c.env),
		"GOENV=off", "GOPATH="+dir, "GOOS="+target.os, "GOARCH="+target.arch, "GOAMD64=v1", "GOARM64=v8.0", "GOFIPS140=off")
	if _, err := tool(ctx, c.tmp, append(env, more...), "go", "install", program+"@"+c.version); err != nil {
		return binary{}, err
	}
	name := path.Base(program)
	if target.os == "windows" {
		name += ".exe"
	}
	bin := filepath.Join(dir, "bin", target.os+"_"+target.arch)
	if target.os == runtime.GOOS && target.arch == runtime.GOARCH {
		bin = filepath.Join(dir, "bin")
	}
	return binary{program: program, target: target, file: filepath.Join(bin, name)}, nil
}

// rebuild builds the programs of some targets again, with another module cache and an empty build cache, and compares them
// byte for byte.
func (c *check) rebuild(ctx context.Context) error {
	dir := filepath.Join(c.tmp, "second")
	more := []string{"GOCACHE=" + filepath.Join(dir, "cache"), "GOMODCACHE=" + filepath.Join(dir, "modules"), "GOPROXY=" + c.secondProxy()}
	for _, first := range c.binaries {
		if !first.target.again {
			continue
		}
		second, err := c.build(ctx, first.target, first.program, dir, more)
		if err != nil {
			return err
		}
		same, err := sameContent(first.file, second.file)
		if err != nil {
			return err
		}
		if !same {
			return fmt.Errorf("%s for %s/%s differs from its first build: compare go version -m of both", first.name(), first.target.os, first.target.arch)
		}
	}
	return nil
}

// secondProxy returns the proxies of the second build: the modules come from the first module cache.
func (c *check) secondProxy() string {
	var proxy, cache string
	for _, variable := range c.env {
		name, value, _ := strings.Cut(variable, "=")
		switch name {
		case "GOPROXY":
			proxy = value
		case "GOMODCACHE":
			cache = value
		}
	}
	return "file://" + filepath.ToSlash(cache) + "/cache/download," + proxy
}

func sameContent(first, second string) (bool, error) {
	a, err := os.ReadFile(first) //nolint:gosec // Both are programs that were just built.
	if err != nil {
		return false, err
	}
	b, err := os.ReadFile(second) //nolint:gosec // As above.
	return bytes.Equal(a, b), err
}
