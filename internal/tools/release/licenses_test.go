package main

import (
	"cmp"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestALicenseIsIdentifiedByItsText(t *testing.T) {
	t.Parallel()
	apache, err := os.ReadFile("../../../LICENSE")
	require.NoError(t, err)
	assert.Equal(t, []string{"Apache-2.0"}, identify(apache))
	golang, err := os.ReadFile(filepath.Join(runtime.GOROOT(), "LICENSE")) //nolint:staticcheck // The tests run with the go command.
	require.NoError(t, err)
	assert.Equal(t, []string{"BSD-3-Clause"}, identify(golang))
	assert.Equal(t, []string{"unknown"}, identify([]byte("Ask the author, who lives in another country.")))
}

func TestLicenseFilesAreFoundByName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"LICENSE", "License.md", "LICENCE.txt", "LICENSE-APACHE", "COPYING", "NOTICE", "PATENTS"} {
		assert.True(t, isLicense(name), name)
	}
	for _, name := range []string{"license.go", "licensed", "README.md", "go.mod"} {
		assert.False(t, isLicense(name), name)
	}
}

func TestADependencyNeedsAnAllowedLicense(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		path     string // example.com/x if empty
		licenses []string
		want     string
	}{
		"one that is allowed":     {licenses: []string{"MIT"}},
		"two that are allowed":    {licenses: []string{"Apache-2.0", "MIT"}},
		"none":                    {want: "has no license file"},
		"one that is not allowed": {licenses: []string{"AGPL-3.0", "MIT"}, want: "has the license AGPL-3.0"},
		"an exception":            {path: "github.com/riverqueue/river/rivertype", licenses: []string{"MPL-2.0"}},
		"that of an exception":    {path: "github.com/riverqueue/rivers", licenses: []string{"MPL-2.0"}, want: "has the license MPL-2.0"},
		"one that is unknown":     {licenses: []string{"unknown"}, want: "has the license unknown"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := (&dependency{path: cmp.Or(tt.path, "example.com/x"), version: "v1.0.0", licenses: tt.licenses, users: []string{"relay"}}).check()
			if tt.want == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, tt.want)
		})
	}
}

func TestAPackageHasTheLicensesUpToTheRootOfItsModule(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	sub := filepath.Join(root, "module", "sub")
	require.NoError(t, os.MkdirAll(sub, 0o750))
	apache, err := os.ReadFile("../../../LICENSE")
	require.NoError(t, err)
	for _, dir := range []string{root, filepath.Join(root, "module"), sub} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "LICENSE"), apache, 0o600))
	}
	d := dependency{texts: map[string]string{}, testsOnly: true}
	require.NoError(t, d.add(sub, filepath.Join(root, "module"), "relay", true))
	assert.Len(t, d.texts, 2)
	assert.Contains(t, d.texts, filepath.Join("sub", "LICENSE"))
	assert.True(t, d.testsOnly)

	require.NoError(t, d.add(sub, filepath.Join(root, "module"), "relay", false))
	assert.False(t, d.testsOnly)
	assert.Equal(t, []string{"relay"}, d.users)
}

func TestTheReportHasTheTextsOfWhatProgramsContain(t *testing.T) {
	t.Parallel()
	report := licenseReport([]dependency{
		{path: "example.com/a", version: "v1.0.0", licenses: []string{"MIT"}, texts: map[string]string{"LICENSE": "text of a"}},
		{path: "example.com/b", version: "v1.0.0", licenses: []string{"ISC"}, texts: map[string]string{"LICENSE": "text of b"}, testsOnly: true},
	})
	assert.Contains(t, report, "example.com/a v1.0.0: MIT\nexample.com/b v1.0.0: ISC (tests only)\n")
	assert.Contains(t, report, "example.com/a v1.0.0, LICENSE\n\ntext of a\n")
	assert.NotContains(t, report, "text of b")
}
