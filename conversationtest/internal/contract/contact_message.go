package contract

import (
	"encoding/json"

	"github.com/getkin/kin-openapi/openapi3"
)

// ContactMessage returns the problems that the JSON of a message from a contact has by the contract of the live platform. Each
// begins with the path of a field below name.
func ContactMessage(name string, message []byte) []string {
	var value any
	if err := json.Unmarshal(message, &value); err != nil {
		return []string{name + ": " + err.Error()}
	}
	schema := platformDocument().spec.Components.Schemas["ContactMessage"].Value
	return describe(schema.VisitJSON(stripNulls(value), openapi3.MultiErrors()), name)
}
