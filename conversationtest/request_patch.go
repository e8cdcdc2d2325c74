package conversationtest

import (
	"slices"
	"strings"
)

// patch selects the fields that an update changes: those that its body sets, or exactly those that its mask names.
type patch struct {
	mask []string // Nil without a mask.
}

// readPatch reads the body of an update into the targets, and the query parameter update_mask, which may name the fields.
func readPatch(c *call, fields []string, targets ...any) (patch, error) {
	var read patch
	for _, list := range c.query["update_mask"] {
		for path := range strings.SplitSeq(list, ",") {
			if path = strings.TrimSpace(path); path != "" {
				read.mask = append(read.mask, path)
			}
		}
	}
	for _, path := range read.mask {
		if !slices.Contains(fields, path) {
			return patch{}, invalidArgument("update_mask: %q is not one of the fields %s", path, strings.Join(fields, ", "))
		}
	}
	return read, readObject(c.body, targets...)
}

// changes reports whether the update sets a field. The field may be present in its body or not.
func (p patch) changes(field string, present bool) bool {
	if p.mask == nil {
		return present
	}
	return slices.Contains(p.mask, field)
}

// set sets a field if the update changes it. A field that the mask names and the body leaves out is cleared.
func set[T any](p patch, field string, target, value *T) {
	if !p.changes(field, value != nil) {
		return
	}
	if value == nil {
		value = new(T)
	}
	*target = *value
}

// setList is set for a list. A nil list is absent.
func setList[T any](p patch, field string, target *[]T, value []T) {
	if p.changes(field, value != nil) {
		*target = value
	}
}

// setObject is set for an object. A nil object is absent.
func setObject[T any](p patch, field string, target **T, value *T) {
	if p.changes(field, value != nil) {
		*target = value
	}
}
