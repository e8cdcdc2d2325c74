package command

import (
	"runtime/debug"

	"github.com/sinchgo/conversation"
)

const modulePath = "github.com/sinchgo/conversation/conversationctl"

// version returns the version of this module, or that of the SDK in a program that was built from a clone.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if ok && info.Main.Path == modulePath && info.Main.Version != "(devel)" && info.Main.Version != "" {
		return info.Main.Version
	}
	return "v" + conversation.Version
}
