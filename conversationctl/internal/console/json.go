package console

import "encoding/json"

// PrintJSON prints a value as JSON, indented, for a command with one result.
func (c *Console) PrintJSON(value any) error {
	encoder := json.NewEncoder(c.Out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// PrintJSONLine prints a value as one line of JSON, for a command with several results.
func (c *Console) PrintJSONLine(value any) error {
	encoder := json.NewEncoder(c.Out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}
