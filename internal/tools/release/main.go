// Command release checks that the tree can be released, and builds what a release consists of. It pushes nothing.
//
// Usage:
//
//	release -root ../.. -dist ../../dist
//
// Without a tag at HEAD it is a rehearsal of the next version, and prints what is left to do. With one, as in the workflow
// that a tag starts, the tree must be that of the release.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/sinchgo/conversation/internal/tools/modproxy"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// check is one run of the program. Each step reads what earlier ones have set.
type check struct {
	root, dist, tmp string

	version  string // such as v0.1.0
	tagged   bool   // whether HEAD has the tag of version
	notes    string // the section of the CHANGELOG
	time     time.Time
	env      []string // of commands that use the proxy
	proxy    string   // its directory
	releases []modproxy.Release
	copies   map[string]string // where each module of the proxy was copied to, by path
	programs []string          // the import paths
	licenses []dependency
	binaries []binary
}

// steps are in the order of what fails most often and soonest.
var steps = []struct {
	name string
	do   func(*check, context.Context) error
}{
	{"work tree, version and CHANGELOG", (*check).checkVersion},
	{"tests of the release tools", (*check).testTools},
	{"a module proxy made from the tree", (*check).writeProxy},
	{"sums of the modules, read from tags of a clone", (*check).checkTagSums},
	{"tidy, build and vet of each module as users get it", (*check).checkModules},
	{"go install of each program", (*check).installPrograms},
	{"a program outside the repository", (*check).runOutside},
	{"gorelease", (*check).gorelease},
	{"licenses of all dependencies", (*check).checkLicenses},
	{"programs for each system", (*check).buildAll},
	{"programs again, in other directories and without a cache", (*check).rebuild},
	{"archives, SBOMs and checksums", (*check).pack},
}

func run(ctx context.Context, stdout io.Writer, args []string) error {
	flags := flag.NewFlagSet("release", flag.ContinueOnError)
	root := flags.String("root", ".", "the root `directory` of the repository")
	dist := flags.String("dist", "dist", "the `directory` of the archives, which is replaced")
	if err := flags.Parse(args); err != nil {
		return err
	}
	c := check{copies: map[string]string{}}
	var err error
	if c.root, err = filepath.Abs(*root); err != nil {
		return err
	}
	if c.dist, err = filepath.Abs(*dist); err != nil {
		return err
	}
	if c.tmp, err = os.MkdirTemp("", "release-check-"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(c.tmp) }()
	began := time.Now()
	for _, step := range steps {
		fmt.Fprintf(stdout, "== %s\n", step.name)
		start := time.Now()
		if err := step.do(&c, ctx); err != nil {
			return fmt.Errorf("FAILED after %.0f s: %w", time.Since(start).Seconds(), err)
		}
		fmt.Fprintf(stdout, "   %.0f s\n", time.Since(start).Seconds())
	}
	fmt.Fprintf(stdout, "All passed in %.0f s. The archives are in %s.\n", time.Since(began).Seconds(), c.dist)
	fmt.Fprint(stdout, c.next())
	return nil
}

// next returns what is left to do.
func (c *check) next() string {
	if c.tagged {
		return ""
	}
	var tags []string
	for _, release := range c.releases {
		tags = append(tags, release.TagPrefix()+c.version)
	}
	return fmt.Sprintf(`Nothing is tagged yet. To release %[1]s, follow "Releasing" in CONTRIBUTING.md: date its section of the CHANGELOG, then

	git apply %[2]s
	git commit -am "Release %[1]s"
	for tag in %[3]s; do git tag "$tag"; done
`, c.version, filepath.Join(c.dist, patchName), strings.Join(tags, " "))
}
