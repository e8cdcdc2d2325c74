package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// packed is a file of an archive.
type packed struct {
	name string
	mode fs.FileMode
	data []byte
}

// pack writes an archive and an SBOM for each program and target, the notes of the release, and the checksums of all.
func (c *check) pack(_ context.Context) error {
	var legal []packed
	for _, file := range []string{filepath.Join(c.root, "LICENSE"), filepath.Join(c.dist, "THIRD_PARTY_LICENSES.txt")} {
		data, err := os.ReadFile(file) //nolint:gosec // Both are files of the release.
		if err != nil {
			return err
		}
		legal = append(legal, packed{filepath.Base(file), 0o644, data})
	}
	for _, b := range c.binaries {
		base := strings.Join([]string{b.name(), c.version, b.target.os, b.target.arch}, "_")
		sbom, err := c.writeSBOM(b)
		if err != nil {
			return err
		}
		if err := writeFile(c.dist, base+".cdx.json", sbom); err != nil {
			return err
		}
		data, err := os.ReadFile(b.file)
		if err != nil {
			return err
		}
		write, extension := writeTar, ".tar.gz"
		if b.target.os == "windows" {
			write, extension = writeZip, ".zip"
		}
		archive, err := write(append([]packed{{filepath.Base(b.file), 0o755, data}}, legal...), c.time)
		if err != nil {
			return err
		}
		if err := writeFile(c.dist, base+extension, archive); err != nil {
			return err
		}
	}
	if err := writeFile(c.dist, "RELEASE_NOTES.md", []byte(c.notes)); err != nil {
		return err
	}
	sums, err := checksums(c.dist)
	if err != nil {
		return err
	}
	return writeFile(c.dist, "SHA256SUMS", []byte(sums))
}

// writeTar returns a tar.gz that depends on nothing but its arguments.
func writeTar(files []packed, modified time.Time) ([]byte, error) {
	var out bytes.Buffer
	compressed := gzip.NewWriter(&out)
	archive := tar.NewWriter(compressed)
	for _, file := range files {
		header := tar.Header{Name: file.name, Mode: int64(file.mode), Size: int64(len(file.data)), ModTime: modified, Format: tar.FormatUSTAR}
		if err := archive.WriteHeader(&header); err != nil {
			return nil, err
		}
		if _, err := archive.Write(file.data); err != nil {
			return nil, err
		}
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	err := compressed.Close()
	return out.Bytes(), err
}

// writeZip returns a zip that depends on nothing but its arguments.
func writeZip(files []packed, modified time.Time) ([]byte, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, file := range files {
		header := zip.FileHeader{Name: file.name, Method: zip.Deflate, Modified: modified}
		header.SetMode(file.mode)
		entry, err := archive.CreateHeader(&header)
		if err != nil {
			return nil, err
		}
		if _, err := entry.Write(file.data); err != nil {
			return nil, err
		}
	}
	err := archive.Close()
	return out.Bytes(), err
}

// checksums returns a line for each file of dir, as sha256sum -c reads them.
func checksums(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for _, entry := range entries {
		data, err := os.ReadFile(filepath.Join(dir, entry.Name())) //nolint:gosec // The directory is that of the release.
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&out, "%x  %s\n", sha256.Sum256(data), entry.Name())
	}
	return out.String(), nil
}
