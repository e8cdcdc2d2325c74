package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/semver"

	"github.com/sinchgo/conversation/internal/tools/modproxy"
)

// checkVersion checks that the tree is committed, and that the constant Version, the CHANGELOG and the tags agree.
func (c *check) checkVersion(ctx context.Context) error {
	dirty, err := git(ctx, c.root, "status", "--porcelain")
	if err != nil {
		return err
	}
	if dirty != "" {
		return fmt.Errorf("the work tree has changes: commit them, or remove the files\n%s", dirty)
	}
	source, err := os.ReadFile(filepath.Join(c.root, "client.go"))
	if err != nil {
		return err
	}
	if c.version, err = versionConstant(string(source)); err != nil {
		return err
	}
	if err := c.checkTags(ctx); err != nil {
		return err
	}
	changelog, err := os.ReadFile(filepath.Join(c.root, "CHANGELOG.md"))
	if err != nil {
		return err
	}
	latest, err := latestSection(string(changelog))
	if err != nil {
		return err
	}
	c.notes = latest.body
	modules, err := modproxy.Modules(ctx, c.root)
	if err != nil {
		return err
	}
	return latest.check(c.version, c.tagged, modules)
}

// checkTags sets c.tagged.
func (c *check) checkTags(ctx context.Context) error {
	here, err := git(ctx, c.root, "tag", "--points-at", "HEAD")
	if err != nil {
		return err
	}
	all, err := git(ctx, c.root, "tag", "--list", c.version)
	if err != nil {
		return err
	}
	c.tagged = slices.Contains(strings.Fields(here), c.version)
	if all != "" && !c.tagged {
		return fmt.Errorf("%s is the tag of another commit: raise Version in client.go, since a tag is never moved", c.version)
	}
	for tag := range strings.FieldsSeq(here) {
		if semver.IsValid(tag) && tag != c.version {
			return fmt.Errorf("HEAD has the tag %s, but Version in client.go is %s: delete the tag before it is pushed", tag, c.version)
		}
	}
	return nil
}

var versionLine = regexp.MustCompile(`(?m)^const Version = "(.*)"$`)

// versionConstant returns the version of the constant in client.go, with a v.
func versionConstant(source string) (string, error) {
	match := versionLine.FindStringSubmatch(source)
	if match == nil {
		return "", fmt.Errorf("client.go has no line %q", `const Version = "X.Y.Z"`)
	}
	version := "v" + match[1]
	if semver.Canonical(version) != version {
		return "", fmt.Errorf("the constant Version in client.go is %q: it must be like 1.2.3 or 1.2.3-rc.1", match[1])
	}
	return version, nil
}

// section is a version of the CHANGELOG.
type section struct{ version, date, body string }

var heading = regexp.MustCompile(`(?m)^## \[(.+?)\] - (.+)$`)

// latestSection returns the first section of a changelog.
func latestSection(changelog string) (section, error) {
	found := heading.FindStringSubmatchIndex(changelog)
	if found == nil {
		return section{}, fmt.Errorf("CHANGELOG.md has no heading %q", "## [X.Y.Z] - Unreleased")
	}
	latest := section{version: changelog[found[2]:found[3]], date: changelog[found[4]:found[5]], body: changelog[found[1]:]}
	if next := strings.Index(latest.body, "\n## "); next >= 0 {
		latest.body = latest.body[:next]
	}
	latest.body = strings.TrimSpace(latest.body) + "\n"
	return latest, nil
}

// check checks that s is the section of version, has its date if that is tagged, and lists the modules.
func (s section) check(version string, tagged bool, modules []modproxy.Module) error {
	if "v"+s.version != version {
		return fmt.Errorf("the first section of CHANGELOG.md is %s, but Version in client.go is %s: make them equal", s.version, version[1:])
	}
	_, err := time.Parse(time.DateOnly, s.date)
	if tagged && err != nil {
		return fmt.Errorf("CHANGELOG.md dates %s %q: write the day as YYYY-MM-DD before the tag", s.version, s.date)
	}
	if err != nil && s.date != "Unreleased" {
		return fmt.Errorf("CHANGELOG.md dates %s %q: write Unreleased, or the day as YYYY-MM-DD", s.version, s.date)
	}
	for _, module := range modules {
		row := fmt.Sprintf("| `%s` | %s |", module.Path, version)
		if !strings.Contains(s.body, row) {
			return fmt.Errorf("the table of versions in CHANGELOG.md has no row %q", row)
		}
	}
	return nil
}
