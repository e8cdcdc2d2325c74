package pgtest

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
)

// oldest is the oldest version of PostgreSQL that is started.
const oldest = 15

// places are where packages install the programs, apart from the PATH.
var places = []string{
	"/usr/lib/postgresql/*/bin",          // Debian
	"/usr/pgsql-*/bin",                   // RPM packages of the PostgreSQL project
	"/opt/homebrew/opt/postgresql@*/bin", // Homebrew
	"/usr/local/opt/postgresql@*/bin",    // Homebrew on Intel
	"/Applications/Postgres.app/Contents/Versions/*/bin",
}

// programs returns the directory of the programs on the PATH, or of the newest ones in places if those are missing or too old.
func programs(ctx context.Context, places []string) (string, error) {
	if runtime.GOOS == "windows" {
		return "", fmt.Errorf("%w: on Windows, pgtest starts none", ErrNotInstalled)
	}
	var found []string
	for _, place := range places {
		matches, _ := filepath.Glob(filepath.Join(place, "pg_ctl"))
		found = append(found, matches...)
	}
	versions := map[string]int{}
	for _, path := range found {
		versions[path] = version(ctx, path)
	}
	slices.SortFunc(found, func(a, b string) int { return versions[b] - versions[a] })
	if path, err := exec.LookPath("pg_ctl"); err == nil {
		versions[path] = version(ctx, path)
		found = slices.Insert(found, 0, path)
	}
	for _, path := range found {
		if versions[path] >= oldest {
			return directory(path), nil
		}
	}
	if len(found) > 0 {
		return "", fmt.Errorf("%w: %s is version %d", ErrNotInstalled, found[0], versions[found[0]])
	}
	return "", ErrNotInstalled
}

// directory returns where a program is, apart from links to it alone.
func directory(path string) string {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		return filepath.Dir(target)
	}
	return filepath.Dir(path)
}

var versionNumber = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// version returns the major version of a program, or 0 if it has none.
func version(ctx context.Context, path string) int {
	output, _ := exec.CommandContext(ctx, path, "--version").Output()
	match := versionNumber.FindSubmatch(output)
	if match == nil {
		return 0
	}
	major, _ := strconv.Atoi(string(match[1])) // digits
	return major
}
