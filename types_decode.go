package conversation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
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
	wire.Register(decodeBatchList)
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
	return decodeTTL(read.TTL, &r.TTL)
}

// UnmarshalJSON implements [json.Unmarshaler]. It decodes the TTL as a number of seconds or as a string such as "600s".
func (r *SendBatchRequest) UnmarshalJSON(data []byte) error {
	type plain SendBatchRequest
	read := struct {
		*plain
		TTL json.RawMessage `json:"ttl"`
	}{plain: (*plain)(r)}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	return decodeTTL(read.TTL, &r.TTL)
}

// decodeTTL decodes both forms of a TTL. It leaves ttl as it is if there is none.
func decodeTTL(data json.RawMessage, ttl *int) error {
	if len(data) == 0 || string(data) == "null" {
		return nil
	}
	seconds, ok := wholeSeconds(wire.StringOrJSON(data))
	if !ok {
		return fmt.Errorf(`conversation: ttl is %s: write whole seconds, such as 600 or "600s"`, data)
	}
	*ttl = seconds
	return nil
}

// UnmarshalJSON implements [json.Unmarshaler]. It accepts what the sources of the Batch API have: an array of batches,
// and an object that has one, under any name. A batch by itself is a list of one.
func (l *BatchList) UnmarshalJSON(data []byte) error { return wire.Unmarshal(data, l, decodeBatchList) }

func decodeBatchList(at wire.Place, data []byte, l *BatchList) bool {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		return at.Decode(data, &l.Batches)
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(data, &object) != nil {
		return at.Mistyped()
	}
	if batches, found := object["batches"]; found {
		return at.Decode(batches, &l.Batches)
	}
	if _, single := object["batch_id"]; single {
		l.Batches = make([]Batch, 1)
		return at.Decode(data, &l.Batches[0])
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if bytes.HasPrefix(object[name], []byte("[")) {
			return at.Decode(object[name], &l.Batches)
		}
	}
	return len(object) == 0 || at.Mistyped()
}

// wholeSeconds parses seconds such as 600, "600s" or "600.000s".
func wholeSeconds(text string) (int, bool) {
	digits, fraction, _ := strings.Cut(strings.TrimSuffix(text, "s"), ".")
	seconds, err := strconv.ParseInt(digits, 10, 64)
	return int(seconds), err == nil && strings.Trim(fraction, "0") == "" && seconds >= math.MinInt && seconds <= math.MaxInt
}
