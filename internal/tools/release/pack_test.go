package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var files = []packed{{"program", 0o755, []byte("binary")}, {"LICENSE", 0o644, []byte("text")}}

func TestAnArchiveDependsOnItsFilesOnly(t *testing.T) {
	t.Parallel()
	modified := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	for name, write := range map[string]func([]packed, time.Time) ([]byte, error){"tar": writeTar, "zip": writeZip} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first, err := write(files, modified)
			require.NoError(t, err)
			second, err := write(files, modified)
			require.NoError(t, err)
			assert.Equal(t, first, second)
		})
	}
}

func TestATarHasTheProgramAsExecutable(t *testing.T) {
	t.Parallel()
	data, err := writeTar(files, time.Unix(1, 0))
	require.NoError(t, err)
	compressed, err := gzip.NewReader(bytes.NewReader(data))
	require.NoError(t, err)
	archive := tar.NewReader(compressed)
	header, err := archive.Next()
	require.NoError(t, err)
	assert.Equal(t, "program", header.Name)
	assert.Equal(t, int64(0o755), header.Mode)
	content, err := io.ReadAll(archive)
	require.NoError(t, err)
	assert.Equal(t, "binary", string(content))
}

func TestAZipHasEveryFile(t *testing.T) {
	t.Parallel()
	data, err := writeZip(files, time.Unix(1e9, 0))
	require.NoError(t, err)
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	require.Len(t, archive.File, 2)
	assert.Equal(t, "LICENSE", archive.File[1].Name)
}

func TestChecksumsAreThoseOfSha256sum(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a"), []byte("abc"), 0o600))
	sums, err := checksums(dir)
	require.NoError(t, err)
	assert.Equal(t, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n", sums)
}

func TestAnSBOMHasEveryModuleOfTheProgram(t *testing.T) {
	t.Parallel()
	info := &debug.BuildInfo{
		GoVersion: "go1.26.0", Path: "example.com/m/cmd/x", Main: debug.Module{Path: "example.com/m", Version: "v0.1.0"},
		Deps: []*debug.Module{{Path: "example.org/d", Version: "v1.0.0", Sum: "h1:AAAA"}},
	}
	licenses := map[string][]string{"example.com/m@v0.1.0": {"Apache-2.0"}, "example.org/d@v1.0.0": {"MIT"}, "std@go1.26.0": {"BSD-3-Clause"}}
	built := binary{program: info.Path, target: target{os: "linux", arch: "amd64"}}
	sbom, err := encodeSBOM(newSBOM(built, info, licenses, "2026-12-01T08:00:00Z"))
	require.NoError(t, err)
	assert.Contains(t, string(sbom), `"purl": "pkg:golang/example.org/d@v1.0.0"`)
	assert.Contains(t, string(sbom), `"purl": "pkg:golang/std@go1.26.0"`)
	assert.Contains(t, string(sbom), `"content": "000000"`)
	require.NoError(t, checkSBOM(sbom, info))

	more := *info
	more.Deps = append(more.Deps, &debug.Module{Path: "example.org/e", Version: "v1.0.0"})
	assert.ErrorContains(t, checkSBOM(sbom, &more), "lacks pkg:golang/example.org/e@v1.0.0")
}
