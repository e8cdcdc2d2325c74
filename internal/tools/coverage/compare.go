package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
)

// report records which facts of the platform a contract has, by kind.
type report struct {
	facts map[string]map[string]bool // by kind and name; true if every place of the platform's fact has it
}

var kinds = []string{"operations", "schemas", "properties", "enum values"}

// compare walks both contracts side by side, from the operations down, so that schemas may have other names. What is below
// a missing operation or property counts as missing unless another place has it.
func compare(platform, ours *contract) *report {
	all, found := walkBoth(platform, platform), walkBoth(platform, ours)
	for kind, facts := range all.facts {
		for name := range facts {
			facts[name] = found.facts[kind][name]
		}
	}
	return all
}

func walkBoth(platform, ours *contract) *report {
	r := &report{facts: map[string]map[string]bool{}}
	for _, kind := range kinds {
		r.facts[kind] = map[string]bool{}
	}
	w := &walk{platform: platform, contract: ours, report: r, seen: map[[2]string]bool{}}
	for _, name := range sortedKeys(platform.operations) {
		theirs, same := platform.operations[name], ours.operations[name]
		r.note("operations", name, same != nil)
		if same == nil {
			continue
		}
		for _, parameter := range theirs.query {
			r.note("properties", name+" ?"+parameter, slices.Contains(same.query, parameter))
		}
		w.schemas(theirs.body, same.body)
		w.schemas(theirs.reply, same.reply)
	}
	return r
}

func (r *report) note(kind, name string, there bool) {
	before, known := r.facts[kind][name]
	r.facts[kind][name] = there && (before || !known)
}

type walk struct {
	platform, contract *contract
	report             *report
	seen               map[[2]string]bool
}

func (w *walk) schemas(theirs, ours string) {
	if theirs == "" || w.seen[[2]string{theirs, ours}] {
		return
	}
	w.seen[[2]string{theirs, ours}] = true
	w.report.note("schemas", theirs, w.contract.schemas[ours] != nil)
	if w.contract.schemas[ours] == nil {
		return
	}
	schema := w.platform.schema(theirs)
	for _, property := range sortedKeys(schema.properties) {
		target, there := w.contract.property(ours, property)
		w.report.note("properties", theirs+"."+property, there)
		w.schemas(schema.properties[property], target)
	}
	values := w.contract.enum(ours)
	for _, value := range schema.enum {
		w.report.note("enum values", theirs+"="+value, slices.Contains(values, value))
	}
	for _, variant := range schema.variants {
		w.schemas(variant, w.variantOf(variant, ours))
	}
}

// variantOf returns the variant of a union with the name, or the union itself, whose variants have its fields.
func (w *walk) variantOf(name, union string) string {
	if schema := w.contract.schemas[union]; schema != nil && slices.Contains(schema.variants, name) {
		return name
	}
	return union
}

// write prints the counts and the missing facts. It fails if a missing fact is not left out, or a fact that is left out is
// not missing.
func (r *report) write(w io.Writer, leftOut []string) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	var missing []string
	for _, kind := range kinds {
		there := 0
		for _, name := range slices.Sorted(maps.Keys(r.facts[kind])) {
			if r.facts[kind][name] {
				there++
				continue
			}
			missing = append(missing, name)
		}
		fmt.Fprintf(table, "%s\t%d of %d\n", kind, there, len(r.facts[kind]))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	wrong := 0
	for _, name := range missing {
		note := "left out on purpose"
		if !slices.Contains(leftOut, name) {
			note, wrong = "MISSING", wrong+1
		}
		fmt.Fprintf(w, "%s: %s\n", note, name)
	}
	for _, name := range leftOut {
		if !slices.Contains(missing, name) {
			return fmt.Errorf("%s is left out on purpose, but the contract has it", name)
		}
	}
	if wrong > 0 {
		return fmt.Errorf("the contract lacks %d facts of the platform", wrong)
	}
	return nil
}
