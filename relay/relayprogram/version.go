package relayprogram

import "runtime/debug"

const modulePath = "github.com/sinchgo/conversation/relay"

// version returns the version of this module in the running program: "(devel)" in one that was built from a clone.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(devel)"
	}
	for _, m := range append(info.Deps, &info.Main) {
		if m.Path == modulePath && m.Replace == nil {
			return m.Version
		}
	}
	return "(devel)"
}
