package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// The index of a contract has a line for each fact, with tabs between its parts:
//
//	operation  NAME  BODY  REPLY
//	query      NAME  PARAMETER
//	schema     NAME
//	property   NAME  PROPERTY  SCHEMA
//	enum       NAME  VALUE
//	variant    NAME  SCHEMA

// writeIndex writes the facts in sorted order.
func (c *contract) writeIndex(w io.Writer) error {
	var lines []string
	add := func(parts ...string) { lines = append(lines, strings.TrimRight(strings.Join(parts, "\t"), "\t")) }
	for name, op := range c.operations {
		add("operation", name, op.body, op.reply)
		for _, parameter := range op.query {
			add("query", name, parameter)
		}
	}
	for name, schema := range c.schemas {
		add("schema", name)
		for property, target := range schema.properties {
			add("property", name, property, target)
		}
		for _, value := range schema.enum {
			add("enum", name, value)
		}
		for _, variant := range schema.variants {
			add("variant", name, variant)
		}
	}
	slices.Sort(lines)
	_, err := fmt.Fprintln(w, strings.Join(lines, "\n"))
	return err
}

// readIndex reads an index that writeIndex wrote.
func readIndex(path string) (*contract, error) {
	lines, err := readLines(path)
	if err != nil {
		return nil, err
	}
	read := newContract()
	for _, line := range lines {
		parts := append(strings.Split(line, "\t"), "", "", "")
		kind, name := parts[0], parts[1]
		switch kind {
		case "operation":
			read.operation(name).body, read.operation(name).reply = parts[2], parts[3]
		case "query":
			read.operation(name).query = append(read.operation(name).query, parts[2])
		case "schema":
			read.schema(name)
		case "property":
			read.schema(name).properties[parts[2]] = parts[3]
		case "enum":
			read.schema(name).enum = append(read.schema(name).enum, parts[2])
		case "variant":
			read.schema(name).variants = append(read.schema(name).variants, parts[2])
		default:
			return nil, fmt.Errorf("%s: %q is not a kind of fact", path, kind)
		}
	}
	return read, nil
}

func (c *contract) operation(name string) *operation {
	if c.operations[name] == nil {
		c.operations[name] = &operation{}
	}
	return c.operations[name]
}

// sortedKeys returns the keys of a map in sorted order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
