package main

import (
	"fmt"
	"os"
	"strings"

	"gopkg.in/yaml.v3"
)

type object = map[string]any

// readContract reads an OpenAPI document.
func readContract(path string) (*contract, error) {
	data, err := os.ReadFile(path) //nolint:gosec // The path is the program's argument.
	if err != nil {
		return nil, err
	}
	var document object
	if err := yaml.Unmarshal(data, &document); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	read := newContract()
	for name, schema := range within(document, "components", "schemas") {
		read.addSchema(name, asObject(schema))
	}
	read.addPaths("", within(document, "paths"))
	read.addPaths("BATCH ", within(document, "x-batch-api", "paths"))
	for trigger, item := range within(document, "webhooks") {
		read.addOperation("CALLBACK "+trigger, within(asObject(item), "post"), nil)
	}
	return read, nil
}

// addPaths adds the operations of a host. The prefix sets those of the Batch API apart, since hosts share paths.
func (c *contract) addPaths(prefix string, paths object) {
	for path, item := range paths {
		for method, op := range asObject(item) {
			if details := asObject(op); details["operationId"] != nil {
				c.addOperation(prefix+strings.ToUpper(method)+" "+path, details, asObject(item))
			}
		}
	}
}

func (c *contract) addOperation(name string, details, item object) {
	op := &operation{}
	for _, list := range []any{item["parameters"], details["parameters"]} {
		parameters, _ := list.([]any)
		for _, each := range parameters {
			if parameter := asObject(each); parameter["in"] == "query" {
				op.query = append(op.query, fmt.Sprint(parameter["name"]))
				c.nameOf(name+" ?"+fmt.Sprint(parameter["name"]), asObject(parameter["schema"]))
			}
		}
	}
	op.body = c.nameOf(name+" body", within(details, "requestBody", "content", "application/json", "schema"))
	op.reply = c.nameOf(name+" reply", within(details, "responses", "200", "content", "application/json", "schema"))
	c.operations[name] = op
}

// nameOf returns the name of the schema at a place. An inline schema is named by its place; a plain value has no name.
func (c *contract) nameOf(place string, given object) string {
	switch {
	case given["$ref"] != nil:
		ref := fmt.Sprint(given["$ref"])
		return ref[strings.LastIndex(ref, "/")+1:]
	case given["items"] != nil:
		return c.nameOf(place, asObject(given["items"]))
	case len(asObject(given["additionalProperties"])) > 0:
		return c.nameOf(place, asObject(given["additionalProperties"]))
	case given["properties"] == nil && given["enum"] == nil && given["oneOf"] == nil && given["allOf"] == nil:
		return ""
	}
	if all, ok := given["allOf"].([]any); ok && len(all) == 1 && given["properties"] == nil {
		return c.nameOf(place, asObject(all[0]))
	}
	c.addSchema(place, given)
	return place
}

func (c *contract) addSchema(name string, given object) {
	added := c.schema(name)
	for property, schema := range asObject(given["properties"]) {
		added.properties[property] = c.nameOf(name+"."+property, asObject(schema))
	}
	values, _ := given["enum"].([]any)
	for _, value := range values {
		added.enum = append(added.enum, fmt.Sprint(value))
	}
	for _, key := range []string{"oneOf", "anyOf", "allOf"} {
		parts, _ := given[key].([]any)
		for i, part := range parts {
			if variant := c.nameOf(fmt.Sprintf("%s/%s%d", name, key, i), asObject(part)); variant != "" {
				added.variants = append(added.variants, variant)
			}
		}
	}
}

func asObject(value any) object {
	found, _ := value.(object)
	return found
}

// within returns the object at the end of a path of keys.
func within(value object, keys ...string) object {
	for _, key := range keys {
		value = asObject(value[key])
	}
	return value
}
