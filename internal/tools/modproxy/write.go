package modproxy

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
	"golang.org/x/mod/zip"
)

// Release is a module in a proxy.
type Release struct {
	Module
	Version      string
	Sum          string // of its zip, as in a go.sum
	GoMod, GoSum []byte // as released
}

// Write writes version of each released module of the repository at root into the proxy directory dir. The files are
// the tracked ones, as they are in the tree. What it writes depends on nothing else but the time of the last commit.
func Write(ctx context.Context, root, version, dir string) ([]Release, error) {
	modules, err := Modules(ctx, root)
	if err != nil {
		return nil, err
	}
	names, err := trackedFiles(ctx, root)
	if err != nil {
		return nil, err
	}
	stamp, err := git(ctx, root, "log", "-1", "--format=%cI")
	if err != nil {
		return nil, err
	}
	committed, err := time.Parse(time.RFC3339, strings.TrimSpace(stamp))
	if err != nil {
		return nil, err
	}
	w := writer{root: root, version: version, dir: dir, time: committed.UTC(), names: names, released: map[string]sums{}}
	for _, m := range modules {
		w.paths = append(w.paths, m.Path)
	}
	for _, name := range names {
		if path.Base(name) == "go.mod" {
			w.moduleDirs = append(w.moduleDirs, path.Dir(name))
		}
	}
	var releases []Release
	for _, m := range modules {
		release, err := w.write(m)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Dir, err)
		}
		releases = append(releases, release)
	}
	return releases, nil
}

type writer struct {
	root, version, dir string
	time               time.Time
	names              []string // of the tracked files
	moduleDirs         []string // of all modules, released or not
	paths              []string // of the released modules
	released           map[string]sums
}

// write writes m, whose dependencies are already written.
func (w *writer) write(m Module) (Release, error) {
	release := Release{Module: m, Version: w.version}
	dir := filepath.Join(w.root, filepath.FromSlash(m.Dir))
	file, err := readGoMod(filepath.Join(dir, "go.mod"))
	if err != nil {
		return release, err
	}
	if release.GoMod, err = releasedGoMod(file, w.paths, w.version); err != nil {
		return release, err
	}
	goSum, err := os.ReadFile(filepath.Join(dir, "go.sum")) //nolint:gosec // The file is one of the repository.
	if err != nil {
		return release, err
	}
	release.GoSum = releasedGoSum(goSum, w.paths, m.Uses, w.version, w.released)
	if err := w.writeFiles(&release); err != nil {
		return release, err
	}
	goModSum, err := dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(release.GoMod)), nil
	})
	w.released[m.Path] = sums{zip: release.Sum, goMod: goModSum}
	return release, err
}

// writeFiles writes the files of a proxy for one version, and sets the sum of its zip.
func (w *writer) writeFiles(release *Release) error {
	escaped, err := module.EscapePath(release.Path)
	if err != nil {
		return err
	}
	base := filepath.Join(w.dir, filepath.FromSlash(escaped), "@v")
	if err := os.MkdirAll(base, 0o750); err != nil {
		return err
	}
	info, err := json.Marshal(struct {
		Version string    `json:"Version"`
		Time    time.Time `json:"Time"`
	}{w.version, w.time})
	if err != nil {
		return err
	}
	var archive bytes.Buffer
	files := zipFiles(w.root, release.Dir, w.names, w.moduleDirs, release.GoMod, release.GoSum)
	if err := zip.Create(&archive, module.Version{Path: release.Path, Version: w.version}, files); err != nil {
		return err
	}
	contents := map[string][]byte{
		"list":              []byte(w.version + "\n"),
		w.version + ".info": info,
		w.version + ".mod":  release.GoMod,
		w.version + ".zip":  archive.Bytes(),
	}
	for name, data := range contents {
		if err := os.WriteFile(filepath.Join(base, name), data, 0o600); err != nil {
			return err
		}
	}
	release.Sum, err = dirhash.HashZip(filepath.Join(base, w.version+".zip"), dirhash.Hash1)
	return err
}
