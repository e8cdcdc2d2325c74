package modproxy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/zip"
)

// trackedFiles returns the names of the files at root that git tracks and that exist, sorted.
func trackedFiles(ctx context.Context, root string, patterns ...string) ([]string, error) {
	out, err := git(ctx, root, append([]string{"ls-files", "-z", "--"}, patterns...)...)
	if err != nil {
		return nil, err
	}
	names := strings.FieldsFunc(out, func(r rune) bool { return r == 0 })
	names = slices.DeleteFunc(names, func(name string) bool {
		_, err := os.Lstat(filepath.Join(root, filepath.FromSlash(name)))
		return errors.Is(err, fs.ErrNotExist)
	})
	slices.Sort(names)
	return slices.Compact(names), nil
}

func git(ctx context.Context, root string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...) //nolint:gosec // The arguments are those of this package.
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, bytes.TrimSpace(stderr.Bytes()))
	}
	return string(out), nil
}

// diskFile is a file of the tree in a module zip.
type diskFile struct{ path, disk string }

func (f diskFile) Path() string                 { return f.path }
func (f diskFile) Lstat() (fs.FileInfo, error)  { return os.Lstat(f.disk) }
func (f diskFile) Open() (io.ReadCloser, error) { return os.Open(f.disk) }

// dataFile is a file with other content than that of the tree.
type dataFile struct {
	path string
	data []byte
}

func (f dataFile) Path() string                 { return f.path }
func (f dataFile) Lstat() (fs.FileInfo, error)  { return dataInfo{f}, nil }
func (f dataFile) Open() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(f.data)), nil }

type dataInfo struct{ file dataFile }

func (i dataInfo) Name() string     { return filepath.Base(i.file.path) }
func (i dataInfo) Size() int64      { return int64(len(i.file.data)) }
func (dataInfo) Mode() fs.FileMode  { return 0o644 }
func (dataInfo) ModTime() time.Time { return time.Time{} }
func (dataInfo) IsDir() bool        { return false }
func (dataInfo) Sys() any           { return nil }

// zipFiles returns the files of the module in dir, with goMod and goSum as its go.mod and go.sum. As the go command does, it adds
// the license of the repository if the module has none.
func zipFiles(root, dir string, names, moduleDirs []string, goMod, goSum []byte) []zip.File {
	files := []zip.File{dataFile{"go.mod", goMod}, dataFile{"go.sum", goSum}}
	hasLicense := false
	for _, name := range names {
		if !inModule(name, dir, moduleDirs) {
			continue
		}
		inZip := strings.TrimPrefix(name, dir+"/")
		switch inZip {
		case "go.mod", "go.sum":
			continue
		case "LICENSE":
			hasLicense = true
		}
		files = append(files, diskFile{inZip, filepath.Join(root, filepath.FromSlash(name))})
	}
	if !hasLicense {
		files = append(files, diskFile{"LICENSE", filepath.Join(root, "LICENSE")})
	}
	return files
}
