// Command overlay applies OpenAPI Overlays to an OpenAPI document and writes the result to standard output.
//
// Usage:
//
//	overlay DOCUMENT OVERLAY...
//
// The overlays are applied in the order of the arguments. An action that matches nothing, or that changes nothing, is an
// error, so that an overlay that no longer fits its document fails immediately.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/speakeasy-api/openapi/overlay"
	"gopkg.in/yaml.v3"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: overlay DOCUMENT OVERLAY...")
		os.Exit(2)
	}
	if err := run(os.Stdout, os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "overlay:", err)
		os.Exit(1)
	}
}

// run writes the document at path, changed by the overlays, to w. It writes nothing if it fails.
func run(w io.Writer, path string, overlays []string) error {
	data, err := os.ReadFile(path) //nolint:gosec // The path is the program's argument.
	if err != nil {
		return err
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, name := range overlays {
		if err := apply(&root, name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}

	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(&root); err != nil {
		return err
	}
	if err := enc.Close(); err != nil {
		return err
	}
	_, err = w.Write(out.Bytes())
	return err
}

// apply applies an overlay file to root.
func apply(root *yaml.Node, name string) error {
	o, err := overlay.Parse(name)
	if err != nil {
		return err
	}
	if err := o.Validate(); err != nil {
		return err
	}
	warnings, err := o.ApplyToStrict(root)
	errs := []error{err}
	for _, warning := range warnings {
		errs = append(errs, errors.New(warning))
	}
	return errors.Join(errs...)
}
