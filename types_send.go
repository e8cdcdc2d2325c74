package conversation

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/sinchgo/conversation/internal/wire"
)

// UnmarshalJSON implements [json.Unmarshaler]. It decodes both forms of a request: the TTL as a number of seconds or as a
// string such as "600s", and the conversation metadata as a string or as a JSON object.
func (r *SendMessageRequest) UnmarshalJSON(data []byte) error {
	type plain SendMessageRequest
	read := struct {
		*plain
		TTL                  json.RawMessage `json:"ttl"`
		ConversationMetadata json.RawMessage `json:"conversation_metadata"`
	}{plain: (*plain)(r)}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	if len(read.ConversationMetadata) > 0 {
		r.ConversationMetadata = wire.StringOrJSON(read.ConversationMetadata)
	}
	if len(read.TTL) == 0 || string(read.TTL) == "null" {
		return nil
	}
	seconds, ok := wholeSeconds(wire.StringOrJSON(read.TTL))
	if !ok {
		return fmt.Errorf(`conversation: ttl is %s: write whole seconds, such as 600 or "600s"`, read.TTL)
	}
	r.TTL = seconds
	return nil
}

// wholeSeconds parses seconds such as 600, "600s" or "600.000s".
func wholeSeconds(text string) (int, bool) {
	digits, fraction, _ := strings.Cut(strings.TrimSuffix(text, "s"), ".")
	seconds, err := strconv.ParseInt(digits, 10, 64)
	return int(seconds), err == nil && strings.Trim(fraction, "0") == "" && seconds >= math.MinInt && seconds <= math.MaxInt
}
