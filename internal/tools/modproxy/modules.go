// Package modproxy writes the modules of this repository as they would be after a release, into a directory that the go
// command reads as a module proxy.
package modproxy

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// neverReleased are the directories of the modules that have no tags and keep their replace lines.
var neverReleased = []string{"bench", "conversationtest/browsertest", "docs", "examples", "internal/tools"}

// Module is a module of this repository.
type Module struct {
	Path string   // such as github.com/sinchgo/conversation/relay
	Dir  string   // relative to the root of the repository, with slashes; "." for the root module
	Uses []string // the paths of the other released modules that it requires
}

// TagPrefix returns what comes before the version in the tags of m, such as "relay/", or "" for the root module.
func (m Module) TagPrefix() string {
	if m.Dir == "." {
		return ""
	}
	return m.Dir + "/"
}

// Modules returns the released modules of the repository at root, each after those that it requires.
func Modules(ctx context.Context, root string) ([]Module, error) {
	names, err := trackedFiles(ctx, root, "go.mod", "**/go.mod")
	if err != nil {
		return nil, err
	}
	var files []*modfile.File
	dirs := map[string]string{}
	for _, name := range names {
		dir := path.Dir(name)
		if slices.Contains(neverReleased, dir) {
			continue
		}
		file, err := readGoMod(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			return nil, err
		}
		files = append(files, file)
		dirs[file.Module.Mod.Path] = dir
	}
	var modules []Module
	for _, file := range files {
		module := Module{Path: file.Module.Mod.Path, Dir: dirs[file.Module.Mod.Path]}
		for _, require := range file.Require {
			if _, ours := dirs[require.Mod.Path]; ours {
				module.Uses = append(module.Uses, require.Mod.Path)
			}
		}
		modules = append(modules, module)
	}
	return dependenciesFirst(modules)
}

// dependenciesFirst returns modules, each after those that it uses.
func dependenciesFirst(modules []Module) ([]Module, error) {
	var ordered []Module
	placed := map[string]bool{}
	for len(ordered) < len(modules) {
		before := len(ordered)
		for _, m := range modules {
			ready := !slices.ContainsFunc(m.Uses, func(use string) bool { return !placed[use] })
			if ready && !placed[m.Path] {
				placed[m.Path] = true
				ordered = append(ordered, m)
			}
		}
		if len(ordered) == before {
			return nil, fmt.Errorf("the modules require each other in a circle: only %d of %d have an order", before, len(modules))
		}
	}
	return ordered, nil
}

func readGoMod(name string) (*modfile.File, error) {
	data, err := os.ReadFile(name) //nolint:gosec // The name is that of a tracked file.
	if err != nil {
		return nil, err
	}
	return modfile.Parse(name, data, nil)
}

// inModule reports whether the file name belongs to the module in dir, and not to a module below it.
func inModule(name, dir string, moduleDirs []string) bool {
	if dir != "." && !strings.HasPrefix(name, dir+"/") {
		return false
	}
	return !slices.ContainsFunc(moduleDirs, func(other string) bool {
		return len(other) > len(dir) && strings.HasPrefix(name, other+"/")
	})
}
