package modproxy

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// sums are the lines of a go.sum for one version of a module.
type sums struct{ zip, goMod string }

// releasedGoMod returns file as it is released: the modules of this repository, which are paths, are required at version and
// not replaced.
func releasedGoMod(file *modfile.File, paths []string, version string) ([]byte, error) {
	for _, replace := range slices.Clone(file.Replace) {
		if !slices.Contains(paths, replace.Old.Path) {
			return nil, fmt.Errorf("%s replaces %s: a released module has no replace lines", file.Syntax.Name, replace.Old.Path)
		}
		if err := file.DropReplace(replace.Old.Path, replace.Old.Version); err != nil {
			return nil, err
		}
	}
	for _, require := range slices.Clone(file.Require) {
		if !slices.Contains(paths, require.Mod.Path) {
			continue
		}
		if err := file.AddRequire(require.Mod.Path, version); err != nil {
			return nil, err
		}
	}
	file.Cleanup()
	return file.Format()
}

// releasedGoSum returns goSum with the sums of the modules that uses names, and of no other module in ours.
func releasedGoSum(goSum []byte, ours, uses []string, version string, released map[string]sums) []byte {
	lines := map[module.Version]string{}
	for line := range strings.Lines(string(goSum)) {
		fields := strings.Fields(line)
		if len(fields) == 3 && !slices.Contains(ours, fields[0]) {
			lines[module.Version{Path: fields[0], Version: fields[1]}] = fields[2]
		}
	}
	for _, use := range uses {
		lines[module.Version{Path: use, Version: version}] = released[use].zip
		lines[module.Version{Path: use, Version: version + "/go.mod"}] = released[use].goMod
	}
	keys := make([]module.Version, 0, len(lines))
	for key := range lines {
		keys = append(keys, key)
	}
	module.Sort(keys)
	var out bytes.Buffer
	for _, key := range keys {
		fmt.Fprintf(&out, "%s %s %s\n", key.Path, key.Version, lines[key])
	}
	return out.Bytes()
}
