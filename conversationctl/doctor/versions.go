package doctor

import (
	"fmt"
	"runtime"

	"github.com/sinchgo/conversation"
)

// versions returns what a support request needs.
func (*examination) versions() []Finding {
	return []Finding{ok(checkVersions, fmt.Sprintf("module %s, %s, %s/%s; Conversation API v1, templates v2, batches v1",
		conversation.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH))}
}
