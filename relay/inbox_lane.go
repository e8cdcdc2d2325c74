package relay

import (
	"hash/fnv"

	"github.com/sinchgo/conversation/webhook"
)

// lanes is the number of parts of the inbox. All callbacks of a conversation are in the same part. The number is the same
// in all processes and releases, or callbacks would change their lane.
const lanes = 64

// laneOf returns the lane of a callback: that of its conversation, else of its contact, else of its identity, else any. It
// must return the same in all releases, as lanes must be the same.
func laneOf(body []byte) int {
	key := webhook.PartitionKey(body)
	if key == nil {
		key = body
	}
	hash := fnv.New32a()
	_, _ = hash.Write(key)
	return int(hash.Sum32() % lanes)
}
