package conversationtest

import (
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEveryOperationThatChangesSomethingHasAnOutcome(t *testing.T) {
	t.Parallel()
	reads := []string{"Messages.LastMessages", "Transcoding.Transcode", "Contacts.ChannelProfile", "Capability.Query"}
	for _, route := range routes {
		isRead := route.method == http.MethodGet || slices.Contains(reads, route.operation)
		assert.Equal(t, !isRead, requiredReplies[route.operation] != "", route.operation)
	}
	for operation := range requiredReplies {
		assert.True(t, isOperationName(operation), operation)
	}
}
