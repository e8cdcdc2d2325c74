package modproxy

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// With the first flag the module cache can be removed like any directory, and with the second the build cache has what
// was compiled from another module cache.
const goFlags = "-modcacherw -trimpath"

// Settings returns the environment variables with which the go command uses the proxy directory dir.
//
// Modules go to a module cache in dir, because the usual one would keep what version had in an earlier proxy. The modules
// of others are copied from the usual cache if it has them. GOPRIVATE stays as it is: it would go past the proxy.
func Settings(ctx context.Context, dir string, releases []Release) ([]string, error) {
	values, err := goEnv(ctx, "GOMODCACHE", "GOPROXY", "GOFLAGS", "GONOSUMDB")
	if err != nil {
		return nil, err
	}
	cache, proxy, flags, noSum := values[0], values[1], values[2], values[3]
	own := filepath.Join(dir, "modcache")
	if cache == own {
		return nil, errors.New("GOMODCACHE is already that of this proxy: start in a shell without its settings")
	}
	for _, release := range releases {
		if err := forget(own, release.Path); err != nil {
			return nil, err
		}
	}
	return []string{
		"GOMODCACHE=" + own,
		fmt.Sprintf("GOPROXY=file://%s,file://%s/cache/download,%s", filepath.ToSlash(dir), filepath.ToSlash(cache), proxy),
		"GONOSUMDB=" + strings.TrimPrefix(noSum+","+releases[0].Path, ","),
		"GOFLAGS=" + strings.TrimSpace(flags+" "+goFlags),
		"GOWORK=off",
	}, nil
}

// forget removes every version of a module, and of the modules below it, from a module cache.
func forget(cache, path string) error {
	dirs, err := filepath.Glob(filepath.Join(cache, filepath.FromSlash(path)) + "*")
	if err != nil {
		return err
	}
	for _, dir := range append(dirs, filepath.Join(cache, "cache", "download", filepath.FromSlash(path))) {
		if err := os.RemoveAll(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func goEnv(ctx context.Context, names ...string) ([]string, error) {
	out, err := exec.CommandContext(ctx, "go", append([]string{"env"}, names...)...).Output() //nolint:gosec // As above.
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n"), nil
}
