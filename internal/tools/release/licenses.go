package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// allowed are the SPDX identifiers of licenses that let anybody use, change and sell a program with the code in it. What they
// require is that the text is kept, which the archives do.
var allowed = []string{"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"}

// exceptions are modules, with those below them, whose license is allowed for them alone. MPL-2.0 requires that changes of its
// own files are published: River is used as it is, by pgconversation only, and no program contains it.
var exceptions = map[string]string{"github.com/riverqueue/river": "MPL-2.0"}

// minCoverage is how much of a license file must be the text of known licenses, in percent.
const minCoverage = 75

// dependency is a module of somebody else, or the standard library.
type dependency struct {
	path, version string
	licenses      []string          // SPDX identifiers
	texts         map[string]string // by file, relative to the module
	users         []string          // the directories of the modules that use it
	testsOnly     bool              // whether no package that users import needs it
}

// checkLicenses collects the licenses of what the packages and tests of each module import, on each system.
func (c *check) checkLicenses(ctx context.Context) error {
	found := map[string]*dependency{}
	for _, release := range c.releases {
		for _, system := range []string{"linux", "darwin", "windows"} {
			for _, tests := range []bool{false, true} {
				if err := c.collect(ctx, found, release.Path, system, tests); err != nil {
					return err
				}
			}
		}
	}
	var problems []error
	for _, d := range found {
		problems = append(problems, d.check())
		c.licenses = append(c.licenses, *d)
	}
	if err := errors.Join(problems...); err != nil {
		return err
	}
	slices.SortFunc(c.licenses, func(a, b dependency) int { return strings.Compare(a.path+a.version, b.path+b.version) })
	standard, err := c.standardLibrary(ctx)
	if err != nil {
		return err
	}
	c.licenses = append(c.licenses, standard)
	return writeFile(c.dist, "THIRD_PARTY_LICENSES.txt", []byte(licenseReport(c.licenses)))
}

// listed is what go list prints of a package.
type listed struct {
	Dir    string `json:"Dir"`
	Module *struct {
		Path    string `json:"Path"`
		Version string `json:"Version"`
		Dir     string `json:"Dir"`
		Main    bool   `json:"Main"`
	} `json:"Module"`
}

// collect adds the dependencies of one module to found.
func (c *check) collect(ctx context.Context, found map[string]*dependency, module, system string, tests bool) error {
	args := []string{"list", "-deps", "-json=Dir,Module", "./..."}
	if tests {
		args = slices.Insert(args, 1, "-test")
	}
	out, err := tool(ctx, c.copies[module], append(slices.Clip(c.env), "GOOS="+system), "go", args...)
	if err != nil {
		return err
	}
	for decoder := json.NewDecoder(strings.NewReader(out)); ; {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if p.Module == nil || p.Module.Main || c.ours(p.Module.Path) {
			continue
		}
		key := p.Module.Path + "@" + p.Module.Version
		if found[key] == nil {
			found[key] = &dependency{path: p.Module.Path, version: p.Module.Version, texts: map[string]string{}, testsOnly: true}
		}
		if err := found[key].add(p.Dir, p.Module.Dir, module, tests); err != nil {
			return err
		}
	}
}

func (c *check) ours(path string) bool {
	_, ours := c.copies[path]
	return ours
}

// add adds a package in dir, which user imports, with the license files from there up to the root of its module.
func (d *dependency) add(dir, root, user string, tests bool) error {
	if !slices.Contains(d.users, user) {
		d.users = append(d.users, user)
	}
	d.testsOnly = d.testsOnly && tests
	for ; ; dir = filepath.Dir(dir) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if !isLicense(entry.Name()) || entry.IsDir() {
				continue
			}
			name, err := filepath.Rel(root, filepath.Join(dir, entry.Name()))
			if err != nil {
				return err
			}
			if err := d.read(name, filepath.Join(dir, entry.Name())); err != nil {
				return err
			}
		}
		if dir == root || !strings.HasPrefix(dir, root) {
			return nil
		}
	}
}

// isLicense reports whether a file is a license or a notice that must go with it.
func isLicense(name string) bool {
	base, extension, _ := strings.Cut(strings.ToUpper(name), ".")
	base, _, _ = strings.Cut(base, "-")
	return slices.Contains([]string{"LICENSE", "LICENCE", "COPYING", "NOTICE", "PATENTS"}, base) && extension != "GO"
}

// read adds the file of a license.
func (d *dependency) read(name, file string) error {
	if _, known := d.texts[name]; known {
		return nil
	}
	text, err := os.ReadFile(file) //nolint:gosec // The file is in the module cache.
	if err != nil {
		return err
	}
	d.texts[name] = string(text)
	base := strings.ToUpper(filepath.Base(name))
	if strings.HasPrefix(base, "NOTICE") || strings.HasPrefix(base, "PATENTS") {
		return nil
	}
	for _, id := range identify(text) {
		if !slices.Contains(d.licenses, id) {
			d.licenses = append(d.licenses, id)
		}
	}
	slices.Sort(d.licenses)
	return nil
}

// identify returns the SPDX identifiers of the licenses in a text, or "unknown".
func identify(text []byte) []string {
	coverage := licensecheck.Scan(text)
	if coverage.Percent < minCoverage {
		return []string{"unknown"}
	}
	var ids []string
	for _, match := range coverage.Match {
		ids = append(ids, match.ID)
	}
	return ids
}

// check returns an error if a license of d is not allowed.
func (d *dependency) check() error {
	if len(d.licenses) == 0 {
		return fmt.Errorf("%s %s has no license file: use another module", d.path, d.version)
	}
	for _, id := range d.licenses {
		if !d.allows(id) {
			return fmt.Errorf("%s %s, which %s uses, has the license %s: read its license, then use another module or add it to allowed in internal/tools/release/licenses.go",
				d.path, d.version, strings.Join(d.users, " and "), id)
		}
	}
	return nil
}

// allows reports whether d may have a license.
func (d *dependency) allows(id string) bool {
	for path, exception := range exceptions {
		if id == exception && strings.HasPrefix(d.path+"/", path+"/") {
			return true
		}
	}
	return slices.Contains(allowed, id)
}

// standardLibrary returns the license of Go, whose library is in every program.
func (c *check) standardLibrary(ctx context.Context) (dependency, error) {
	out, err := tool(ctx, c.tmp, c.env, "go", "env", "GOROOT", "GOVERSION")
	if err != nil {
		return dependency{}, err
	}
	goroot, version, _ := strings.Cut(strings.TrimSpace(out), "\n")
	std := dependency{path: "std", version: version, texts: map[string]string{}}
	return std, errors.Join(std.read("LICENSE", filepath.Join(goroot, "LICENSE")), std.check())
}

// licenseReport returns a table of all dependencies, then the texts of those that programs contain.
func licenseReport(dependencies []dependency) string {
	var out strings.Builder
	out.WriteString("The licenses of the modules that this repository's modules and programs use.\n\n")
	for _, d := range dependencies {
		note := ""
		if d.testsOnly {
			note = " (tests only)"
		}
		fmt.Fprintf(&out, "%s %s: %s%s\n", d.path, d.version, strings.Join(d.licenses, " and "), note)
	}
	for _, d := range dependencies {
		if d.testsOnly {
			continue
		}
		names := make([]string, 0, len(d.texts))
		for name := range d.texts {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			fmt.Fprintf(&out, "\n%s\n%s %s, %s\n\n%s\n", strings.Repeat("=", 80), d.path, d.version, filepath.ToSlash(name), strings.TrimSpace(d.texts[name]))
		}
	}
	return out.String()
}
