package conversation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/sinchgo/conversation/internal/wire"
)

// Every type with an UnmarshalJSON method is here, so that the path of a mistyped value inside it is found.
func init() {
	wire.Register(decodeTime)
	wire.Register(decodeJSONObject)
	wire.Register(decodeChoice)
	wire.Register(decodeChoiceItem)
	wire.Register(decodeChoiceResponse)
	wire.Register(decodeOmniTemplate)
	wire.Register(decodeRecordNotification)
	wire.Register(decodeChannelSpecificMessage)
	wire.Register(decodeWhatsAppInteractiveHeader)
	wire.Register(decodeOrderDetailsPaymentButton)
	wire.Register(decodeKakaoTalkButton)
	wire.Register(decodeKakaoTalkPricing)
	wire.Register(decodeKakaoTalkCoupon)
}

// JSONObject is a free-form JSON object, such as metadata. At every level, numbers are decoded as [json.Number], so that an
// order id above 2^53 is encoded again with the digits that it came with. A map[string]any literal can be assigned to it.
type JSONObject map[string]any

// UnmarshalJSON implements [json.Unmarshaler].
func (o *JSONObject) UnmarshalJSON(data []byte) error {
	return wire.Unmarshal(data, o, decodeJSONObject)
}

func decodeJSONObject(at wire.Place, data []byte, o *JSONObject) bool {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var object map[string]any
	if decoder.Decode(&object) != nil {
		return at.Mistyped()
	}
	*o = object
	return true
}

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
