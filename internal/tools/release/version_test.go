package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/internal/tools/modproxy"
)

func TestTheVersionIsReadFromTheConstant(t *testing.T) {
	t.Parallel()
	version, err := versionConstant("package conversation\n\nconst Version = \"0.2.0-rc.1\"\n")
	require.NoError(t, err)
	assert.Equal(t, "v0.2.0-rc.1", version)

	for source, want := range map[string]string{
		"package conversation\n":       `client.go has no line "const Version = \"X.Y.Z\""`,
		"const Version = \"0.2\"\n":    `"0.2": it must be like 1.2.3`,
		"const Version = \"v0.2.0\"\n": `"v0.2.0": it must be like 1.2.3`,
	} {
		_, err := versionConstant(source)
		assert.ErrorContains(t, err, want)
	}
}

const changelog = `# Changelog

## [0.2.0] - Unreleased

| module | version |
|---|---|
| ` + "`example.com/m`" + ` | v0.2.0 |

### Added

- This.

## [0.1.0] - 2026-01-31

- That.
`

func TestTheLatestSectionEndsAtTheNext(t *testing.T) {
	t.Parallel()
	latest, err := latestSection(changelog)
	require.NoError(t, err)
	assert.Equal(t, "0.2.0", latest.version)
	assert.Equal(t, "Unreleased", latest.date)
	assert.Contains(t, latest.body, "- This.\n")
	assert.NotContains(t, latest.body, "0.1.0")

	_, err = latestSection("# Changelog\n\n## Next\n")
	assert.ErrorContains(t, err, "has no heading")
}

func TestTheSectionMustBeThatOfTheRelease(t *testing.T) {
	t.Parallel()
	modules := []modproxy.Module{{Path: "example.com/m", Dir: "."}}
	tests := map[string]struct {
		version, date string
		tagged        bool
		modules       []modproxy.Module
		want          string // of the error; "" for none
	}{
		"a rehearsal":                     {version: "v0.2.0", date: "Unreleased", modules: modules},
		"a rehearsal with a date":         {version: "v0.2.0", date: "2026-12-01", modules: modules},
		"a tag with a date":               {version: "v0.2.0", date: "2026-12-01", tagged: true, modules: modules},
		"a tag without a date":            {version: "v0.2.0", date: "Unreleased", tagged: true, modules: modules, want: "write the day as YYYY-MM-DD before the tag"},
		"neither a date nor Unreleased":   {version: "v0.2.0", date: "soon", modules: modules, want: "write Unreleased, or the day"},
		"another version":                 {version: "v0.3.0", date: "Unreleased", modules: modules, want: "is 0.2.0, but Version in client.go is 0.3.0"},
		"a module that has no row in it":  {version: "v0.2.0", date: "Unreleased", modules: []modproxy.Module{{Path: "example.com/m/relay"}}, want: "has no row"},
		"a module with a row of its past": {version: "v0.2.0", date: "Unreleased", modules: []modproxy.Module{{Path: "example.com/old"}}, want: "has no row"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := section{version: "0.2.0", date: tt.date, body: "| `example.com/m` | v0.2.0 |\n| `example.com/old` | v0.1.0 |\n"}
			err := s.check(tt.version, tt.tagged, tt.modules)
			if tt.want == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, tt.want)
		})
	}
}
