package main

// contract holds the parts of an OpenAPI document that are compared.
type contract struct {
	operations map[string]*operation // by method and path, after "BATCH" for the Batch API, or by "CALLBACK" and trigger
	schemas    map[string]*schema
}

type operation struct {
	query []string
	body  string // the schema of the request body
	reply string // the schema of the reply
}

// schema is an object, an enum or a union. Arrays and maps count as their elements.
type schema struct {
	properties map[string]string // the schemas of the properties by name; empty for plain values
	enum       []string
	variants   []string // the schemas of a union
}

func newContract() *contract {
	return &contract{operations: map[string]*operation{}, schemas: map[string]*schema{}}
}

// schema returns a schema by its name. It creates one if there is none.
func (c *contract) schema(name string) *schema {
	if c.schemas[name] == nil {
		c.schemas[name] = &schema{properties: map[string]string{}}
	}
	return c.schemas[name]
}

// property returns a property of a schema or of its variants.
func (c *contract) property(of, name string) (string, bool) {
	found := c.schemas[of]
	if found == nil {
		return "", false
	}
	if target, ok := found.properties[name]; ok {
		return target, true
	}
	for _, variant := range found.variants {
		if target, ok := c.property(variant, name); ok {
			return target, true
		}
	}
	return "", false
}

// enum returns the values of a schema and of its variants.
func (c *contract) enum(of string) []string {
	found := c.schemas[of]
	if found == nil {
		return nil
	}
	values := found.enum
	for _, variant := range found.variants {
		values = append(values, c.enum(variant)...)
	}
	return values
}
