package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sinchgo/conversation/internal/tools/modproxy"
)

// patchName is the file of dist with what a release changes in go.mod and go.sum files.
const patchName = "release.patch"

// buildSettings make builds the same on every machine.
var buildSettings = []string{"CGO_ENABLED=0", "GOFLAGS=-trimpath -modcacherw -buildvcs=false"}

// testTools runs the tests of internal/tools, which make test leaves out.
func (c *check) testTools(ctx context.Context) error {
	_, err := tool(ctx, filepath.Join(c.root, "internal", "tools"), environment("GOWORK=off"), "go", "test", "./...")
	return err
}

// writeProxy writes the proxy, and sets the environment of the steps after it.
func (c *check) writeProxy(ctx context.Context) error {
	var err error
	c.proxy = filepath.Join(c.tmp, "proxy")
	if c.releases, err = modproxy.Write(ctx, c.root, c.version, c.proxy); err != nil {
		return err
	}
	settings, err := modproxy.Settings(ctx, c.proxy, c.releases)
	if err != nil {
		return err
	}
	c.env = environment(append(settings, buildSettings...)...)
	stamp, err := git(ctx, c.root, "log", "-1", "--format=%cI")
	if err != nil {
		return err
	}
	if c.time, err = time.Parse(time.RFC3339, stamp); err != nil {
		return err
	}
	c.time = c.time.UTC()
	if err := os.RemoveAll(c.dist); err != nil {
		return err
	}
	return os.MkdirAll(c.dist, 0o750)
}

// checkTagSums commits and tags the release in a clone, and checks that the go command computes the sums of the proxy from it:
// the go.sum files are committed before any tag is pushed. It writes the patch of the commit.
func (c *check) checkTagSums(ctx context.Context) error {
	if _, err := git(ctx, c.tmp, "clone", "--quiet", "--shared", c.root, c.clone()); err != nil {
		return err
	}
	for _, release := range c.releases {
		dir := filepath.Join(c.clone(), filepath.FromSlash(release.Dir))
		if err := errors.Join(writeFile(dir, "go.mod", release.GoMod), writeFile(dir, "go.sum", release.GoSum)); err != nil {
			return err
		}
	}
	if err := c.writePatch(ctx); err != nil {
		return err
	}
	if _, err := git(ctx, c.clone(), "commit", "--quiet", "--all", "--allow-empty", "-m", "Release "+c.version); err != nil {
		return err
	}
	base := c.releases[0].Path
	env := append(slices.Clip(c.env),
		"GOPRIVATE="+base, "GOMODCACHE="+filepath.Join(c.tmp, "tagcache"),
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=url.file://"+c.clone()+".insteadOf", "GIT_CONFIG_VALUE_0=https://"+base)
	for _, release := range c.releases {
		if _, err := git(ctx, c.clone(), "tag", "--force", release.TagPrefix()+c.version); err != nil {
			return err
		}
	}
	for _, release := range c.releases {
		got, err := c.download(ctx, env, release)
		if err != nil {
			return err
		}
		if got.Sum != release.Sum {
			return fmt.Errorf("%s: its sum is %s in the proxy, and %s from a tag: does .gitattributes change a file?", release.Path, release.Sum, got.Sum)
		}
	}
	return nil
}

// clone returns the directory of the clone with the release.
func (c *check) clone() string { return filepath.Join(c.tmp, "clone") }

// writePatch writes what the release changes. After the tag that is nothing.
func (c *check) writePatch(ctx context.Context) error {
	patch, err := git(ctx, c.clone(), "diff")
	if err != nil {
		return err
	}
	if patch == "" {
		return nil
	}
	if c.tagged {
		return fmt.Errorf("%s is tagged, but its go.mod and go.sum files are not those of a release: see CONTRIBUTING.md\n%s", c.version, lastLines(patch, 40))
	}
	return writeFile(c.dist, patchName, []byte(patch+"\n"))
}

// downloaded is what go mod download prints.
type downloaded struct {
	Dir string `json:"Dir"`
	Sum string `json:"Sum"`
}

func (c *check) download(ctx context.Context, env []string, release modproxy.Release) (downloaded, error) {
	out, err := tool(ctx, c.tmp, env, "go", "mod", "download", "-json", release.Path+"@"+release.Version)
	if err != nil {
		return downloaded{}, err
	}
	var got downloaded
	return got, json.NewDecoder(strings.NewReader(out)).Decode(&got)
}

func writeFile(dir, name string, data []byte) error {
	return os.WriteFile(filepath.Join(dir, name), data, 0o644) //nolint:gosec // The files of a release are for everybody.
}
