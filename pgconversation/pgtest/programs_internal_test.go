package pgtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// install writes a pg_ctl that prints a version, and returns its directory.
func install(t *testing.T, dir, version string) string {
	t.Helper()
	require.NoError(t, os.MkdirAll(dir, 0o755))
	script := fmt.Sprintf("#!/bin/sh\necho 'pg_ctl (PostgreSQL) %s'\n", version)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "pg_ctl"), []byte(script), 0o755))
	return dir
}

func TestTheProgramsAreThoseOfThePathOrTheNewest(t *testing.T) {
	for _, tt := range []struct {
		name      string
		path      string   // version on the PATH
		installed []string // versions elsewhere
		want      string   // directory
		wantErr   string
	}{
		{name: "path", path: "15.2", installed: []string{"17.1"}, want: "path"},
		{name: "newest", installed: []string{"9.6.1", "15.13 (Debian 15.13-0)", "18beta1", "16.0"}, want: "18beta1"},
		{name: "path too old", path: "14.9", installed: []string{"15.0", "13.0"}, want: "15.0"},
		{name: "not a version", path: "unknown", installed: []string{"15.0"}, want: "15.0"},
		{name: "all too old", installed: []string{"9.6.24", "14.9"}, wantErr: "ROOT/lib/14.9/pg_ctl is version 14"},
		{name: "path alone too old", path: "10.1", wantErr: "ROOT/path/pg_ctl is version 10"},
		{name: "none", wantErr: "Debian's package postgresql"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			root := t.TempDir()
			t.Setenv("PATH", filepath.Join(root, "path"))
			if tt.path != "" {
				install(t, filepath.Join(root, "path"), tt.path)
			}
			for _, version := range tt.installed {
				install(t, filepath.Join(root, "lib", version), version)
			}
			got, err := programs(t.Context(), []string{filepath.Join(root, "missing", "*"), filepath.Join(root, "lib", "*")})
			if tt.wantErr != "" {
				require.ErrorIs(t, err, ErrNotInstalled)
				require.ErrorContains(t, err, strings.ReplaceAll(tt.wantErr, "ROOT", root))
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.want, filepath.Base(got))
		})
	}
}

func TestALinkToAProgramLeadsToItsDirectory(t *testing.T) {
	root := t.TempDir()
	target := install(t, filepath.Join(root, "target"), "16.1")
	require.NoError(t, os.Symlink(filepath.Join(target, "pg_ctl"), filepath.Join(root, "pg_ctl")))
	t.Setenv("PATH", root)
	got, err := programs(t.Context(), nil)
	require.NoError(t, err)
	assert.Equal(t, target, got)
}

func TestTheDirectoryOfASocketHasAShortPathWithoutQuotes(t *testing.T) { //nolint:paralleltest // It sets an environment variable.
	for _, tt := range []struct{ temporary, want string }{
		{"/var/tmp", "/var/tmp"},
		{"/" + strings.Repeat("a", 69), "/" + strings.Repeat("a", 69)},
		{"/" + strings.Repeat("a", 70), "/tmp"},
		{"/it's", "/tmp"},
		{"/a,b", "/tmp"},
	} {
		t.Setenv("TMPDIR", tt.temporary)
		assert.Equal(t, tt.want, parent())
	}
}
