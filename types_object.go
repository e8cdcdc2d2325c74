package conversation

import (
	"bytes"
	"encoding/json"

	"github.com/sinchgo/conversation/internal/wire"
)

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
